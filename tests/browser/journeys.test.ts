// What a person does on a working day, in the real program: sign in, look at the accounts and at one of them,
// judge the held orders, look at what is late. In both languages, on a desk and on a phone, light and dark.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LOOKS, MONTH_LATER, suite } from './suite';
import { PASSWORD, TODAY } from './world';

interface OrderSeen {
  status: string;
}
interface AgingSeen {
  total: { total: string };
}

suite('every day', ({ start, world }) => {
  const statusOf = async (order: string) => (await world().get(`/orders/${order}`) as OrderSeen).status;

  for (const look of LOOKS) {
    test(`every page, ${look.lang}, ${look.scheme}, ${look.width} px`, async () => {
      const { page, signIn, check } = await start(look);
      await page.goto(`${world().url}/`);
      await page.waitForSelector('form');
      await check('signin');
      await signIn('zhao');
      await page.goto(`${world().url}/accounts`);
      await page.waitForSelector('.bar');
      assert.equal(await page.getAttribute('html', 'lang'), look.lang === 'zh' ? 'zh-CN' : 'en');
      await check('accounts');
      for (const section of ['orders', 'invoices', 'decisions', 'promises']) {
        await page.goto(`${world().url}/accounts/D02/${section}`);
        await page.waitForSelector('.position');
        await page.waitForSelector('main .table, main .decision, main .empty');
        await check(`account-${section}`);
      }
      await page.goto(`${world().url}/held`);
      await page.click('.held-entry:has-text("SO-102")');
      await page.waitForSelector('.case .reasons');
      await check('held');
      await page.click('.all-rules summary');
      await page.click('.acts .button-primary');
      await page.click('.check');
      await check('held-release');
      await page.goto(`${world().url}/receivables`);
      await page.waitForSelector('.aging-sum');
      await check('aging');
      await page.goto(`${world().url}/nowhere/at/all`);
      await page.waitForSelector('main h1');
      await check('unknown');
    });
  }

  test('a wrong password is told plainly, and the right one leads in', async () => {
    const { page, expectStatus, signIn, check } = await start();
    expectStatus(401);
    await page.goto(`${world().url}/`);
    await page.fill('[name=username]', 'zhao');
    await page.fill('[name=password]', 'not the right password');
    await page.click('[type=submit]');
    await page.waitForSelector('[role=alert]:has-text("Name or password is wrong")');
    await check('signin-wrong');
    await signIn('zhao');
    await page.waitForSelector('.items');
  });

  test('from the list to an account, its sections, and back by the keyboard', async () => {
    const { page, signIn, check } = await start();
    await signIn('chen');
    await page.click('.nav-link:has-text("Accounts")');
    await page.fill('[type=search]', 'harbour');
    await page.waitForSelector('.list-body .list-row:only-child');
    await page.focus('.list-frame');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/accounts/D01');
    await page.waitForSelector('.position :text("26,000.00")');
    assert.equal(await page.evaluate(() => document.activeElement?.tagName), 'H1', 'the focus follows to the new page');
    await page.click('.tab:has-text("Invoices")');
    await page.waitForSelector('tr:has-text("INV-101"):has-text("26,000.00")');
    await page.click('.tab:has-text("Decisions")');
    await page.waitForSelector('.decision:has-text("above the limit")');
    await check('account');
    await page.goBack();
    await page.waitForSelector('tr:has-text("INV-101")');
    await page.click('.back');
    await page.waitForSelector('.list-row:nth-child(5)');
  });

  test('what is typed as soon as a list has its field is found', async () => {
    const { page, signIn } = await start();
    await signIn('chen');
    await page.evaluate(() => {
      const watcher = new MutationObserver(() => {
        const field = document.querySelector<HTMLInputElement>('.list-find input');
        if (!field) return;
        watcher.disconnect();
        field.value = 'harbour';
        field.dispatchEvent(new Event('input', { bubbles: true }));
      });
      watcher.observe(document.body, { childList: true, subtree: true });
    });
    await page.click('.nav-link:has-text("Accounts")');
    await page.waitForSelector('.list-body .list-row:only-child');
    assert.equal(await page.inputValue('.list-find input'), 'harbour');
  });

  test('the accounts come in the order that matters', async () => {
    const { page, signIn } = await start();
    await signIn('zhao');
    await page.goto(`${world().url}/accounts`);
    await page.waitForSelector('.list-row:nth-child(5)');
    for (const [column, first] of [['Overdue', 'D02'], ['Exposure', 'D01']] as const) {
      await page.click(`.list-sort:has-text("${column}")`);
      await page.waitForSelector(`[aria-sort=ascending]:has-text("${column}")`);
      await page.click(`.list-sort:has-text("${column}")`);
      await page.waitForSelector(`.list-row:first-child:has-text("${first}")`);
    }
  });

  for (const look of [LOOKS[0]!, LOOKS[2]!]) {
    test(`a held order shows what its group owes where the group's limit decides, ${look.lang}`, async () => {
      const { page, signIn, check } = await start(look);
      const { send, url } = world();
      const account = { partner: 'P05', currency: 'CNY', terms_days: 30 };
      await send('admin', 'POST', '/accounts', { ...account, code: 'G05', limit: '10000.00' });
      for (const code of ['G051', 'G052']) await send('admin', 'POST', '/accounts', { ...account, code, parent: 'G05', limit: 'unlimited' });
      await send('wang', 'POST', '/orders', { account: 'G051', number: 'SO-511', lines: [{ product: 'TEA', quantity: '120' }] });
      await send('wang', 'POST', '/orders', { account: 'G052', number: 'SO-521', lines: [{ product: 'TEA', quantity: '64' }] });
      await signIn('zhao');
      await page.goto(`${url}/held`);
      await page.click('.held-entry:has-text("SO-521")');
      const figures = page.locator('.case .decision-figures');
      await figures.locator('.decision-group:has-text("G05")').waitFor();
      const amounts = await figures.locator('dd').allTextContents();
      assert.deepEqual(amounts, ['7,500.00', '11,500.00', '10,000.00', '1,500.00', '4,000.00']);
      assert.ok((await figures.locator('[role=img]').getAttribute('aria-label'))?.includes('11,500.00'));
      await check('held-group');
    });
  }

  test('a held order is released on a promise', async () => {
    const { page, signIn, check } = await start();
    await signIn('zhao');
    await page.click('.nav-link:has-text("Held orders")');
    await page.waitForSelector('.nav-count:has-text("3")');
    await page.click('.held-entry:has-text("SO-102")');
    await page.waitForSelector('.case .reasons :text("above the limit of 50,000.00")');
    await page.click('.acts .button-primary');
    await page.waitForSelector('.act-form textarea:focus');
    await page.keyboard.type('Season stock, paid after the fair');
    await page.click('.check');
    assert.equal(await page.inputValue('label:has-text("Promised amount") + input'), '6000.00', 'the excess is proposed');
    await page.fill('[type=date] >> nth=0', MONTH_LATER);
    await page.click('.act-form [type=submit]');
    await page.waitForSelector('.toast:has-text("SO-102 is released")');
    await page.waitForSelector('.nav-count:has-text("2")');
    assert.equal(await statusOf('SO-102'), 'approved');
    await page.goto(`${world().url}/accounts/D01/promises`);
    await page.waitForSelector('tr:has-text("6,000.00"):has-text("Open")');
    await check('released');
  });

  test('a promise that is too small is refused at its field, and what was typed stays', async () => {
    const { page, expectStatus, signIn, check } = await start();
    await signIn('zhao');
    expectStatus(422);
    await page.goto(`${world().url}/held`);
    await page.click('.held-entry:has-text("SO-102")');
    await page.click('.acts .button-primary');
    await page.waitForSelector('.act-form textarea:focus');
    await page.keyboard.type('On trust');
    await page.click('.check');
    await page.fill('label:has-text("Promised amount") + input', '5,999.99');
    await page.fill('[type=date] >> nth=0', MONTH_LATER);
    await page.click('.act-form [type=submit]');
    await page.waitForSelector('.field-bad .field-error');
    assert.equal(await page.inputValue('.act-form textarea'), 'On trust');
    await check('held-field');
    assert.equal(await statusOf('SO-102'), 'held');
  });

  for (const [lang, said] of [['en', 'Please fill this in.'], ['zh', '请填写此项。']] as const) {
    test(`a field left empty is told at the field, the first one has the focus, ${lang}`, async () => {
      const { page, signIn, check } = await start({ lang });
      await signIn('zhao');
      await page.goto(`${world().url}/held`);
      await page.click('.held-entry:has-text("SO-102")');
      await page.click('.acts .button-primary');
      await page.click('.act-form .check');
      await page.click('.act-form [type=submit]');
      await page.waitForSelector(`.act-form .field-bad:has(textarea:focus) .field-error:has-text("${said}")`);
      await check(`held-empty-${lang}`);
      await page.keyboard.type('On trust');
      await page.waitForSelector('.act-form .field:not(.field-bad):has(textarea)');
      assert.equal(await statusOf('SO-102'), 'held');
    });
  }

  test('sales asks, credit sees who asks and why, and refuses', async () => {
    const { page, signIn, signOut, check } = await start();
    await signIn('wang');
    await page.goto(`${world().url}/held`);
    await page.click('.held-entry:has-text("SO-202")');
    await page.waitForSelector('.case .acts');
    assert.equal(await page.locator('.acts .button-danger').count(), 0, 'sales is not offered to refuse');
    await page.click('.acts .button-primary:has-text("Ask for release")');
    await page.waitForSelector('.act-form textarea:focus');
    await page.keyboard.type('The bank is slow this week');
    await page.selectOption('.act-form select', 'bank_delay');
    await page.click('.act-form [type=submit]');
    await page.waitForSelector('.toast:has-text("was sent")');
    await check('asked');
    await signOut();
    await page.fill('[name=username]', 'zhao');
    await page.fill('[name=password]', PASSWORD);
    await page.click('[type=submit]');
    await page.waitForSelector('.case .notice-warn:has-text("wang asks for a release"):has-text("The bank is slow this week")');
    await page.click('.acts .button-danger');
    await page.waitForSelector('.act-form textarea:focus');
    await page.keyboard.type('Pay the old invoice first');
    await page.click('.act-form [type=submit]');
    await page.waitForSelector('.toast:has-text("SO-202 is refused")');
    assert.equal(await statusOf('SO-202'), 'cancelled');
  });

  test('a manager is told that this amount needs another role', async () => {
    const { page, expectStatus, signIn, check } = await start();
    await signIn('chen');
    expectStatus(403);
    await page.goto(`${world().url}/held`);
    await page.click('.held-entry:has-text("SO-102")');
    await page.click('.acts .button-primary:has-text("Release")');
    await page.waitForSelector('.act-form textarea:focus');
    await page.keyboard.type('I know them well');
    await page.click('.act-form [type=submit]');
    await page.waitForSelector('[role=alert]:has-text("consent of another role")');
    await check('not-mine');
    assert.equal(await statusOf('SO-102'), 'held');
  });

  test('aging as of today and as of a past date', async () => {
    const { page, signIn, check } = await start();
    await signIn('fang');
    await page.click('.nav-link:has-text("Receivables")');
    await page.waitForSelector('.aging-sum:has-text("51,000.00")');
    const report = await world().get('/reports/aging') as AgingSeen;
    assert.equal(report.total.total, '51000.00');
    assert.equal(await page.inputValue('[type=date] >> nth=0'), TODAY);
    await page.fill('[type=date] >> nth=0', '2025-04-01');
    await page.waitForSelector('.aging-sum:has-text("25,000.00")');
    await page.waitForSelector('tbody tr:only-child:has-text("D02")');
    await check('aging-past');
    await page.click('button:has-text("Today")');
    await page.waitForSelector('.aging-sum:has-text("51,000.00")');
  });

  test('language and appearance change in place and are remembered', async () => {
    const { page, signIn, check } = await start();
    await signIn('zhao');
    await page.click('.tool:has-text("中文")');
    await page.waitForSelector('h1:has-text("今日")');
    await page.click('[aria-label^="外观"]');
    await page.click('[aria-label^="外观"]');
    assert.equal(await page.getAttribute('html', 'data-theme'), 'dark');
    await page.reload();
    await page.waitForSelector('h1:has-text("今日")');
    assert.equal(await page.getAttribute('html', 'data-theme'), 'dark');
    await check('switched');
  });

  test('an account that is not there, and a session that has ended, lead back to work', async () => {
    const { page, expectStatus, signIn, check } = await start();
    await signIn('gast');
    expectStatus(404);
    await page.goto(`${world().url}/accounts/NOPE`);
    await page.waitForSelector('[role=alert]:has-text("no such record")');
    await check('missing');
    await page.click('.back');
    await page.waitForSelector('.list-frame');
    expectStatus(401);
    await page.context().clearCookies();
    await page.click('.nav-link:has-text("Receivables")');
    await page.waitForSelector('form');
    await page.fill('[name=username]', 'gast');
    await page.fill('[name=password]', PASSWORD);
    await page.click('[type=submit]');
    await page.waitForSelector('.aging-sum');
  });
});
