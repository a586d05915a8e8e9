// What was just done is taken back: by the button, by the key, by the palette; and where it cannot be, it is said why.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { suite } from './suite';

/** Opens the first cell of the only row, whose link a press would follow. */
async function edit(page: Page, typed: string): Promise<void> {
  await page.waitForSelector('.list-row .list-value');
  await page.focus('.list-frame');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('F2');
  await page.fill('.list-editor input', typed);
  await page.keyboard.press('Enter');
  await page.waitForSelector('.toast-undo');
}

async function told(page: Page, text: string): Promise<void> {
  await page.waitForSelector(`.toast:has-text("${text}")`);
}

suite('undo', ({ start, world }) => {
  for (const look of [{ lang: 'en', width: 1280 }, { lang: 'zh', scheme: 'dark', width: 360 }] as const) {
    test(`a cell is changed, taken back, and not once somebody else has changed it, ${look.lang}`, async () => {
      const { page, signIn, check, expectStatus } = await start(look);
      const [back, stale] = look.lang === 'en' ? ['Taken back.', 'changed again since'] : ['已撤销', '此后又有改动'];
      await signIn('chen');
      const rename = async (name: string) => {
        await page.goto(`${world().url}/partners?find=P01`);
        await edit(page, name);
        await page.waitForSelector(`.list-row:has-text("${name}")`);
      };
      await rename('Harbour One');
      await check('undo');
      await page.click('.toast-undo');
      await told(page, back);
      await page.waitForSelector('.list-row:has-text("Harbour Trading")');
      await rename('Harbour Two');
      await world().send('admin', 'PATCH', '/partners/P01', { name: 'Harbour Three' });
      expectStatus(412);
      await page.click('.toast-undo');
      await told(page, stale);
      const { name } = await world().get('/partners/P01') as { name: string };
      assert.equal(name, 'Harbour Three');
    });
  }

  test('keys: z and Ctrl-Z outside of a field, which keeps its own', async () => {
    const { page, signIn } = await start();
    await signIn('chen');
    const name = async () => (await world().get('/partners/P03') as { name: string }).name;
    for (const key of ['z', 'Control+z']) {
      await page.goto(`${world().url}/partners?find=P03`);
      await edit(page, 'Hillside Stores');
      await page.focus('.list-find input');
      await page.keyboard.press('Control+z');
      await page.waitForTimeout(300);
      assert.equal(await name(), 'Hillside Stores', 'the field kept the key');
      await page.focus('.list-frame');
      await page.keyboard.press(key);
      await told(page, 'Taken back.');
      assert.equal(await name(), 'Lakeside Stores');
    }
    await page.keyboard.press('z');
    await told(page, 'nothing to take back');
  });

  test('a release is taken back, and told why not once the goods have left', async () => {
    const { page, signIn, expectStatus } = await start();
    const status = async (number: string) => {
      const { items } = await world().get(`/orders?number=${number}`) as { items: { status: string }[] };
      return items[0]?.status;
    };
    await signIn('zhao');
    const release = async (number: string) => {
      await page.goto(`${world().url}/held`);
      await page.click(`.held-entry:has-text("${number}")`);
      await page.click('.acts .button-primary');
      await page.fill('.act-form textarea', 'as agreed');
      await page.click('.act-form [type=submit]');
      await told(page, 'is released');
      assert.equal(await status(number), 'approved');
    };
    await release('SO-202');
    await page.click('.toast-undo');
    await told(page, 'Taken back.');
    assert.equal(await status('SO-202'), 'held');
    await page.waitForSelector('.held-entry:has-text("SO-202")');
    await release('SO-202');
    await world().send('wang', 'POST', '/shipments', { order: 'SO-202' });
    expectStatus(412);
    expectStatus(409);
    await page.click('.toast-undo');
    await told(page, 'Not taken back');
    assert.equal(await status('SO-202'), 'shipped');
  });

  for (const look of [{ lang: 'en', width: 1280 }, { lang: 'zh', scheme: 'dark', width: 360 }] as const) {
    test(`a new partner, account and product go, and stay once something stands on them, ${look.lang}`, async () => {
      const { page, signIn, check, expectStatus } = await start(look);
      const back = look.lang === 'en' ? 'Taken back.' : '已撤销';
      const refers = (list: string) => (look.lang === 'zh' ? `未撤销：${list === 'accounts' ? '该账户已有往来' : '仍有其他记录引用这个'}`
        : `Not taken back: ${list === 'accounts' ? 'Something was done in this account' : `Other records still refer to this ${list.slice(0, -1)}`}`);
      const codes = async (list: string) => (await world().get(`/${list}`) as { items: { code: string }[] }).items.map(({ code }) => code);
      const fill = async (path: string, values: Readonly<Record<string, string>>) => {
        await page.goto(`${world().url}/${path}`);
        for (const [name, value] of Object.entries(values)) await page.fill(`dialog [name=${name}]`, value);
        if (path.startsWith('partners')) await page.click('dialog .form-field .check >> nth=0');
        await page.click('dialog [type=submit]');
        await page.waitForSelector('dialog', { state: 'detached' });
      };
      const add = {
        partners: (code: string) => fill('partners?new=1', { code, name: `House ${code}` }),
        accounts: (code: string) => fill('accounts?new=1&partner=P05', { code, currency: 'CNY', terms_days: '30' }),
        products: (code: string) => fill('lists/product?new=1', { code, name: `Tea ${code}`, unit_price: '80' }),
      };
      const meanwhile = {
        partners: (code: string) => world().send('admin', 'POST', '/contacts', { partner: code, name: 'Ms Sun' }),
        accounts: (code: string) => world().send('fang', 'POST', '/invoices', { account: code, amount: '70.00', invoiced_on: '2025-06-09' }),
        products: (code: string) => world().send('wang', 'POST', '/orders', { account: 'D03', lines: [{ product: code, quantity: '1' }] }),
      };
      await signIn('admin');
      expectStatus(409);
      // News may have the page of what is removed read once more before it is left.
      expectStatus(404);
      for (const list of ['partners', 'accounts', 'products'] as const) {
        await add[list]('NEW1');
        assert.ok((await codes(list)).includes('NEW1'), `${list}: added`);
        await page.click('.toast-undo >> nth=-1');
        await told(page, back);
        assert.ok(!(await codes(list)).includes('NEW1'), `${list}: gone`);
        await page.waitForSelector('.list-row .list-value');
        await add[list]('NEW2');
        await meanwhile[list]('NEW2');
        await page.click('.toast-undo >> nth=-1');
        await told(page, refers(list));
        assert.ok((await codes(list)).includes('NEW2'), `${list}: stays`);
        await check(`undo-new-${list}`);
      }
    });
  }

  test('a new record, a call, an allocation', async () => {
    const { page, signIn, expectStatus } = await start();
    expectStatus(401);
    await signIn('admin');
    await page.goto(`${world().url}/lists/contact?new=1&partner=P05`);
    await page.fill('dialog [name=name]', 'Mr Gao');
    await page.click('dialog [type=submit]');
    await page.waitForURL(/\/partners\/P05\/people$/);
    await page.click('.toast-undo');
    await told(page, 'Taken back.');
    const { items: people } = await world().get('/contacts') as { items: object[] };
    assert.equal(people.length, 0);

    await page.goto(`${world().url}/lists/invoice?new=1&account=D04`);
    await page.fill('dialog [name=amount]', '300');
    await page.click('dialog [type=submit]');
    await page.waitForURL(/\/accounts\/D04\/invoices$/);
    const first = async () => (await world().get('/invoices?account=D04&sort=-id') as { items: { id: string; status: string }[] }).items[0];
    assert.equal((await first())?.status, 'open');
    await page.keyboard.press('Control+K');
    await page.fill('.palette-field input', 'undo');
    await page.keyboard.press('Enter');
    await told(page, 'Taken back.');
    assert.equal((await first())?.status, 'reversed');

    await world().send('fang', 'POST', '/invoices', { account: 'D04', amount: '70.00', invoiced_on: '2025-06-09', number: 'INV-401' });
    const paid = await world().send('fang', 'POST', '/payments', { account: 'D04', amount: '100.00', received_on: '2025-06-09', allocations: [] }) as { id: string };
    await page.goto(`${world().url}/receivables/payments/${paid.id}`);
    await page.click('.acts .button-primary');
    await page.fill('dialog tbody input >> nth=0', '70');
    await page.click('dialog [type=submit]');
    await page.waitForSelector('.toast-undo');
    const advance = async () => (await world().get(`/payments/${paid.id}`) as { advance: string }).advance;
    assert.equal(await advance(), '30.00');
    await page.click('.toast-undo >> nth=-1');
    await told(page, 'Taken back.');
    assert.equal(await advance(), '100.00');

    await page.goto(`${world().url}/visit/P05`);
    await page.fill('textarea', 'Looked at the store room');
    await page.click('form [type=submit]');
    await page.waitForSelector('.toast-undo');
    const visit = async () => (await world().get('/activities') as { items: { status: string }[] }).items[0]?.status;
    const before = await visit();
    await page.click('.toast-undo');
    await told(page, 'Taken back.');
    assert.notEqual(await visit(), before);
  });
});
