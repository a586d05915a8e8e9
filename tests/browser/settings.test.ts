// The settings: one's own preferences, users and what they see, territories, tokens, what was done by whom, closed days.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LOOKS, suite } from './suite';

const SECTIONS = ['mine', 'users', 'sight', 'territories', 'fields', 'tokens', 'audit', 'import', 'closes', 'ladder'] as const;

suite('settings', ({ start, world }) => {
  for (const look of LOOKS) {
    test(`every part, ${look.lang}, ${look.scheme}, ${look.width} px`, async () => {
      const { page, signIn, check } = await start(look);
      await world().send('admin', 'POST', '/territories', { code: 'EAST', name: 'East', owner: 'chen' });
      await world().send('admin', 'PATCH', '/partners/P01', { territory: 'EAST' });
      await world().send('admin', 'POST', '/day-close', { on: '2025-06-09' });
      await world().send('admin', 'POST', '/custom-fields', { record: 'partner', code: 'region', label_en: 'Region', label_zh: '大区', kind: 'choice', options: [{ code: 'n', label_en: 'North', label_zh: '北' }] });
      await signIn('admin');
      for (const section of SECTIONS) {
        const query = section === 'sight' ? '?user=wang&kind=order&record=SO-101' : '';
        await page.goto(`${world().url}/settings/${section}${query}`);
        await page.waitForSelector('main h1');
        await check(`settings-${section}`);
      }
      await page.goto(`${world().url}/settings/users`);
      await page.click('.settings-tools .button-primary');
      await page.waitForSelector('dialog .checks');
      await check('settings-user-add');
      await page.goto(`${world().url}/settings/audit?what=partner_change`);
      await page.click('.audit-entry summary');
      await page.waitForSelector('.audit-changes');
      await check('settings-audit-entry');
    });
  }

  test('a user is added for a territory, and it is explained what that user does not see', async () => {
    const { page, signIn, expectStatus } = await start();
    await world().send('admin', 'POST', '/territories', { code: 'EAST', name: 'East' });
    await world().send('admin', 'POST', '/territories', { code: 'WEST', name: 'West' });
    await world().send('admin', 'PATCH', '/partners/P01', { territory: 'WEST' });
    await signIn('admin');
    await page.goto(`${world().url}/settings/users`);
    await page.click('.settings-tools .button-primary');
    await page.waitForSelector('dialog input:focus');
    await page.fill('dialog .field:has-text("Name") input', 'eve');
    await page.check('dialog .check:has-text("EAST") input');
    await page.fill('dialog input[type=password]', 'short');
    expectStatus(422);
    await page.click('dialog [type=submit]');
    await page.waitForSelector('dialog .field-error');
    await page.fill('dialog input[type=password]', 'a lantern in the harbour');
    assert.equal(await page.evaluate(() => Object.values({ ...localStorage }).some((text) => String(text).includes('lantern in'))), false, 'no password is kept');
    await page.click('dialog [type=submit]');
    await page.waitForSelector('tr:has-text("eve") .col-sees:text-is("East")');
    await page.click('button[aria-label="What can be done with eve"]');
    await page.click('[role=menuitem]:has-text("Who sees what")');
    await page.selectOption('.form-row select', 'order');
    await page.fill('.sight-record input', 'SO-101');
    await page.click('.sight-record [type=submit]');
    await page.waitForSelector('.notice-bad:has-text("eve does not see SO-101")');
    await page.waitForSelector('.sight-denies:has-text("Harbour Trading · P01 is in WEST; eve has only EAST")');
    await page.goto(`${world().url}/settings/sight?user=wang&kind=order&record=SO-101`);
    await page.waitForSelector('.notice-good:has-text("wang sees SO-101")');
  });

  test('a user is taken out of use and brought back by undoing', async () => {
    const { page, signIn } = await start();
    await signIn('admin');
    await page.goto(`${world().url}/settings/users`);
    await page.click('button[aria-label="What can be done with gast"]');
    await page.click('.menu-danger');
    await page.waitForSelector('tr:has-text("gast")', { state: 'detached' });
    await page.click('.toast-undo');
    await page.waitForSelector('tr:has-text("gast")');
    const { items } = await world().get('/users?is_active=true') as { items: { name: string }[] };
    assert.ok(items.some((one) => one.name === 'gast'));
  });

  test('a territory is made, changed, removed and brought back', async () => {
    const { page, signIn } = await start();
    await signIn('admin');
    await page.goto(`${world().url}/settings/territories`);
    await page.click('.page-aside .button-primary');
    await page.waitForSelector('dialog input:focus');
    await page.fill('dialog .field:has-text("Code") input', 'NORTH');
    await page.fill('dialog .field:has-text("Name") input', '北方');
    await page.click('dialog [type=submit]');
    await page.waitForSelector('tr:has-text("北方")');
    await page.click('button[aria-label="What can be done with NORTH"]');
    await page.click('[role=menuitem]:has-text("Change")');
    await page.waitForSelector('dialog input:focus');
    await page.fill('dialog .lookup input', 'chen');
    await page.waitForSelector('.lookup-choice:has-text("chen")');
    await page.keyboard.press('Enter');
    await page.click('dialog [type=submit]');
    await page.waitForSelector('tr:has-text("NORTH"):has-text("chen")');
    await page.click('button[aria-label="What can be done with NORTH"]');
    await page.click('.menu-danger');
    await page.waitForSelector('.empty');
    await page.click('.toast-undo >> nth=-1');
    await page.waitForSelector('tr:has-text("NORTH"):has-text("chen")');
  });

  test('a token is shown once, works, and is revoked', async () => {
    const { page, signIn } = await start();
    await signIn('admin');
    await page.goto(`${world().url}/settings/tokens`);
    await page.click('.page-aside .button-primary');
    await page.waitForSelector('dialog input:focus');
    await page.fill('dialog .lookup input', 'fang');
    await page.waitForSelector('.lookup-choice:has-text("fang")');
    await page.keyboard.press('Enter');
    await page.click('dialog [type=submit]');
    const token = await page.textContent('.token-text') ?? '';
    const ask = () => fetch(`${world().url}/api/v1/sessions/current`, { headers: { authorization: `Bearer ${token}` } }).then((reply) => reply.status);
    assert.equal(await ask(), 200);
    await page.click('dialog button:has-text("I have it")');
    await page.click('button[aria-label="Revoke the token of fang"]');
    assert.equal(await ask(), 200);
    await page.click('dialog .button-danger');
    await page.waitForSelector('.toast:has-text("revoked")');
    assert.equal(await ask(), 401);
    assert.ok(!(await page.content()).includes(token));
  });

  test('preferences go with the person', async () => {
    const { page, signIn } = await start();
    await signIn('wang');
    await page.goto(`${world().url}/settings`);
    await page.selectOption('.form-row .field:has-text("Numbers") select', 'point');
    await page.selectOption('.form-row .field:has-text("Days") select', 'iso');
    await page.waitForSelector('.settings-part:has-text("1.234.567,50, 2025-06-09")');
    await page.waitForSelector('.toast:has-text("Kept")');
    await page.goto(`${world().url}/accounts/D01/orders`);
    await page.waitForSelector('main:has-text("30.000,00")');
    await page.goto(`${world().url}/settings`);
    await page.selectOption('.form-row .field:has-text("Language") select', 'zh');
    await page.waitForSelector('h1:has-text("我的偏好")');
    await page.evaluate(() => localStorage.removeItem('guanxi.lang'));
    await page.reload();
    await page.waitForSelector('h1:has-text("我的偏好")');
    await page.waitForSelector('.settings-part:has-text("1.234.567,50")');
  });

  for (const look of [{ lang: 'en', width: 1280 }, { lang: 'zh', scheme: 'dark', width: 360 }] as const) {
    test(`a file is mapped, tried, imported, and mapped by itself the next time, ${look.lang}`, async () => {
      const { page, signIn, check } = await start(look);
      const buffer = Buffer.from('Customer;Invoice no;Date;Amount;Remark\r\nD01;A-1;05.06.2025;1.234,50;x\r\nD01;A-2;31.06.2025;10,00;"y;z"\r\n');
      const file = { name: 'old.csv', mimeType: 'text/csv', buffer };
      await signIn('fang');
      await page.goto(`${world().url}/settings/import`);
      await page.setInputFiles('input[type=file]', file);
      await page.waitForSelector('.import-columns');
      assert.equal(await page.inputValue('.settings-part select >> nth=0'), 'invoices');
      const fields = await page.locator('.import-columns select').evaluateAll((all) => all.map((one) => (one as HTMLSelectElement).value));
      assert.deepEqual(fields, ['account', 'number', 'invoiced_on', 'amount', '']);
      await check('import-mapped');
      await page.click('.settings-part .button-primary');
      await page.waitForSelector('.notice-warn strong');
      await page.waitForSelector(look.lang === 'en' ? 'tr:has-text("Invoiced on"):has-text("31.06.2025")' : 'tr:has-text("开票日"):has-text("“31.06.2025”不是按 DD.MM.YYYY 写的有效日期")');
      await check('import-tried');
      const invoices = () => world().get('/invoices?account=D01') as Promise<{ items: { number: string; amount: string }[] }>;
      assert.deepEqual((await invoices()).items.map((one) => one.number), ['INV-101']);
      await page.click('.settings-part .button-primary');
      await page.waitForSelector(look.lang === 'en' ? '.notice strong:has-text("Imported. Rows: 2. Booked: 1, there already: 0, refused: 1")' : '.notice strong:has-text("导入完成。共 2 行：已入账 1，已存在 0，被拒 1")');
      assert.deepEqual((await invoices()).items.map((one) => [one.number, one.amount]).at(-1), ['A-1', '1234.50']);
      await page.reload();
      await page.setInputFiles('input[type=file]', file);
      await page.waitForSelector(look.lang === 'en' ? '.faint:has-text("the last time")' : '.faint:has-text("上次")');
    });
  }

  for (const look of [{ lang: 'en', width: 1280 }, { lang: 'zh', scheme: 'dark', width: 360 }] as const) {
    test(`an import is taken back as a whole, shown before, ${look.lang}`, async () => {
      const { page, signIn, check } = await start(look);
      const name = `wrong-${look.lang}.csv`;
      const rows = Array.from({ length: 230 }, (_, at) => `D01,U-${look.lang}-${at},2025-06-02,5.00\n`).join('');
      const open = async () => {
        const { items } = await world().get('/invoices?account=D01&filter=status%20eq%20open&limit=500') as { items: { number: string }[] };
        return items.filter((one) => one.number.startsWith(`U-${look.lang}-`)).length;
      };
      await signIn('fang');
      await page.goto(`${world().url}/settings/import`);
      await page.setInputFiles('input[type=file]', { name, mimeType: 'text/csv', buffer: Buffer.from(`account,number,invoiced_on,amount\n${rows}`) });
      await page.waitForSelector('.import-columns');
      await page.click('.settings-part .button-primary');
      await page.waitForSelector('.notice-good strong');
      await page.click('.settings-part .button-primary');
      await page.waitForSelector(look.lang === 'en' ? '.notice strong:has-text("Imported.")' : '.notice strong:has-text("导入完成。")');
      assert.equal(await open(), 230);
      await page.reload();
      await page.waitForSelector(`tr:has-text("${name}"):has-text("fang"):has-text("230")`);
      await check('imports-past');
      await page.click(`tr:has-text("${name}") button`);
      await page.waitForSelector(`dialog tr:has-text("U-${look.lang}-229"):has-text("D01")`);
      await check('import-undo');
      await page.click('dialog .button-primary');
      await page.waitForSelector(look.lang === 'en' ? `.toast:has-text("${name}: the import is taken back.")` : `.toast:has-text("${name}：导入已撤销。")`);
      assert.equal(await open(), 0);
      // The last but one figure of its row: what was taken back.
      await page.waitForFunction((file) => [...document.querySelectorAll('tr')].some((row) => row.textContent?.includes(file) && row.querySelector('.col-undone')?.textContent === '230'), name);
    });
  }

  test('who may makes the accounts that are missing along', async () => {
    const { page, signIn } = await start();
    await signIn('admin');
    await page.goto(`${world().url}/settings/import`);
    await page.setInputFiles('input[type=file]', { name: 'x.csv', mimeType: 'text/csv', buffer: Buffer.from('account,number,invoiced_on,amount\nNEW-1,B-1,2025-06-02,5.00\n') });
    await page.waitForSelector('.import-columns');
    await page.click('.settings-part .button-primary');
    await page.waitForSelector('tr:has-text("NEW-1")');
    await page.check('.check:has-text("that are missing") input');
    // What the file says nothing of: how long the new account has, and what the partner is called.
    for (const [field, label, value] of [['account.terms_days', 'Account: Terms, days', '45'], ['partner.name', 'Partner: Name', 'Newcomer'], ['settled_on', 'Settled on', '2025-06-05']] as const) {
      await page.selectOption('.field:has-text("Set another field") select', field);
      await page.fill(`.import-fixed .field:has-text("${label}") input`, value);
    }
    await page.click('.settings-part .button-primary');
    await page.waitForSelector('.notice-good strong:has-text("Would be booked: 1")');
    await page.click('.settings-part .button-primary');
    await page.waitForSelector('.notice-good strong:has-text("Imported. Rows: 1. Booked: 1")');
    const made = await world().get('/accounts/NEW-1') as { limit: unknown; terms_days: number; partner_name: string };
    assert.deepEqual([made.limit, made.terms_days, made.partner_name], [null, 45, 'Newcomer']);
    const { items } = await world().get('/invoices?account=NEW-1') as { items: { settled_on: string }[] };
    assert.deepEqual(items.map((one) => one.settled_on), ['2025-06-05']);
  });

  for (const [lang, choose] of [['en', 'Choose a file'], ['zh', '选择文件']] as const) {
    test(`a file is chosen by key or dropped, in words of the program, ${lang}`, async () => {
      const { page, signIn, check } = await start({ lang });
      // Listened for well before the key: the browser is told only then to hand its dialog over.
      const asked = page.waitForEvent('filechooser');
      await signIn('fang');
      await page.goto(`${world().url}/settings/import`);
      await page.waitForSelector(`.file-button:has-text("${choose}")`);
      await check('import-choose');
      await page.focus('input[type=file]');
      await page.keyboard.press('Enter');
      assert.equal((await asked).isMultiple(), false);
      await page.evaluate(() => {
        const given = new DataTransfer();
        given.items.add(new File(['Customer,Invoice no,Date,Amount\nD01,A-1,2025-06-05,10.00\n'], 'dropped.csv', { type: 'text/csv' }));
        document.querySelector('.file-field')?.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: given }));
      });
      await page.waitForSelector('.import-columns');
    });
  }

  for (const [lang, said] of [['en', 'Distributor, Supplier, Service provider, Consumer.'], ['zh', '只能是：经销商、供应商、服务商、消费者。']] as const) {
    test(`a choice that is none is answered with the choices in words, ${lang}`, async () => {
      const { page, signIn } = await start({ lang });
      await signIn('admin');
      await page.goto(`${world().url}/settings/import`);
      await page.setInputFiles('input[type=file]', { name: 'x.csv', mimeType: 'text/csv', buffer: Buffer.from('code,name,roles\nP90,Corner Shop,shop\n') });
      await page.waitForSelector('.import-columns');
      await page.selectOption('.settings-part select >> nth=0', 'partners');
      await page.click('.settings-part .button-primary');
      await page.waitForSelector(`tr:has-text("${said}")`);
    });
  }

  test('a file that is none of ours is refused in words', async () => {
    const { page, signIn, expectStatus } = await start();
    await signIn('fang');
    await page.goto(`${world().url}/settings/import`);
    await page.setInputFiles('input[type=file]', { name: 'x.csv', mimeType: 'text/csv', buffer: Buffer.from('one,two\n1,2\n') });
    await page.waitForSelector('.import-columns');
    await page.waitForSelector('.notice-warn:has-text("Needed and not there")');
    expectStatus(400);
    await page.click('.settings-part .button-primary');
    await page.waitForSelector('[role=alert], .notice-warn strong');
  });

  test('who may not administer is offered preferences, territories and the ladder alone', async () => {
    const { page, signIn, check } = await start();
    await signIn('wang');
    await page.goto(`${world().url}/settings`);
    await page.waitForSelector('.tabs .tab');
    assert.deepEqual(await page.locator('.tabs .tab').allTextContents(), ['Preferences', 'Territories', 'Approval ladder']);
    await page.goto(`${world().url}/settings/audit`);
    await page.waitForSelector('h1:has-text("This page does not exist")');
    await check('settings-unknown');
    await page.goto(`${world().url}/settings/territories`);
    await page.waitForSelector('.empty');
    assert.equal(await page.locator('.page-aside .button-primary').count(), 0);
  });
});
