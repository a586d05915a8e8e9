// Fields that the organisation adds: added in half a minute, then in forms, lists, filters, files and imports.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { LOOKS, suite } from './suite';

/** What would run, what turns the direction of writing, what is wider than the screen. */
const HOSTILE = ['<img src=x onerror=hurt()>', '"\'{{7*7}}${7*7}', '\u202egnihtemos', 'W'.repeat(200), '=1+2', 'null'] as const;
/** Half a minute of a person; the machine has twice that, because it may have others to serve. */
const SOON_MS = 60_000;

type Fields = { fields: Record<string, unknown>; version: number };

suite('custom fields', ({ start, world }) => {
  const add = (field: object) => world().send('admin', 'POST', '/custom-fields', field);

  test('a field is added in half a minute, and is then in the form, the list, its filter and its groups', async () => {
    const { page, signIn, check } = await start();
    await signIn('admin');
    await page.goto(`${world().url}/settings/fields`);
    await page.waitForSelector('.empty');
    const began = Date.now();
    await page.click('main .button-primary');
    await page.waitForSelector('dialog input:focus');
    await page.keyboard.type('Sales channel');
    await page.selectOption('dialog .field:has-text("Kind") select', 'choice');
    for (const [i, label] of ['Shops', 'Online'].entries()) {
      await page.click('dialog button:has-text("Add an option")');
      await page.fill(`dialog .field:has-text("Option ${i + 1}, English") input`, label);
    }
    await check('custom-add');
    await page.click('dialog [type=submit]');
    await page.waitForSelector('tr:has-text("Sales channel"):has-text("sales_channel"):has-text("Choice")');
    // In the form of a partner …
    await page.goto(`${world().url}/partners/P01`);
    await page.click('.custom-card button');
    await page.selectOption('dialog .field:has-text("Sales channel") select', 'online');
    await page.click('dialog [type=submit]');
    await page.waitForSelector('.custom-card dd:has-text("Online")');
    // … in the list as a column, to filter and to group by.
    await page.goto(`${world().url}/partners`);
    await page.click('.list-tools button:has-text("Columns")');
    await page.check('dialog .check:has-text("Sales channel") input');
    await page.click('dialog .button-primary');
    await page.waitForSelector('.list-row:has-text("Harbour"):has-text("Online")');
    await page.click('.list-tools button:has-text("Filter")');
    await page.selectOption('.list-line-field', 'fields.sales_channel');
    await page.selectOption('.list-line .field select', 'online');
    await page.waitForURL(/sales_channel\+eq\+online/);
    assert.match(page.url(), /cols=[^&]*fields\.sales_channel/);
    await page.waitForSelector('.figure:text-is("1 row")');
    await check('custom-list');
    assert.ok(Date.now() - began < SOON_MS, `it took ${Date.now() - began} ms`);
    await page.goto(`${world().url}/partners?group=fields.sales_channel`);
    await page.waitForSelector('.list-group:has-text("Online")');
    await page.waitForSelector('.list-group:has-text("Without Sales channel")');
    const { fields } = await world().get('/partners/P01') as Fields;
    assert.deepEqual(fields, { sales_channel: 'online' });
  });

  test('values are changed where they stand, with both shown when somebody else was faster', async () => {
    const { page, signIn, expectStatus } = await start();
    await add({ record: 'partner', code: 'shops', label_en: 'Shops', kind: 'integer' });
    await add({ record: 'partner', code: 'is_key', label_en: 'Key partner', kind: 'yes_no' });
    await add({ record: 'partner', code: 'since', label_en: 'Customer since', kind: 'date' });
    await add({ record: 'account', code: 'share', label_en: 'Share', kind: 'decimal' });
    await signIn('admin');
    await page.goto(`${world().url}/partners/P01`);
    await page.click('.custom-card button');
    await page.fill('dialog .field:has-text("Shops") input', 'many');
    expectStatus(422);
    await page.click('dialog [type=submit]');
    await page.waitForSelector('dialog .field:has-text("Shops") .field-error');
    await page.fill('dialog .field:has-text("Shops") input', '1,200');
    await page.selectOption('dialog .field:has-text("Key partner") select', 'true');
    await page.fill('dialog .field:has-text("Customer since") input', '2020-02-29');
    await world().send('admin', 'PATCH', '/partners/P01', { fields: { shops: 7 } });
    expectStatus(412);
    await page.click('dialog [type=submit]');
    await page.waitForSelector('.conflict fieldset:has-text("Shops"):has-text("1,200"):has-text("7")');
    await page.click('dialog [type=submit]');
    await page.waitForSelector('.custom-card dd:has-text("1,200")');
    const one = await world().get('/partners/P01') as Fields;
    assert.deepEqual(one.fields, { shops: 1200, is_key: true, since: '2020-02-29' });
    await page.goto(`${world().url}/partners?cols=name,fields.shops,fields.is_key&sort=-fields.shops`);
    await page.dblclick('.list-row:has-text("Harbour") >> text="1,200"');
    await page.keyboard.press('Control+a');
    await page.keyboard.type('45');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.toast:has-text("Shops of Harbour")');
    assert.equal((await world().get('/partners/P01') as Fields).fields.shops, 45);
    await page.goto(`${world().url}/accounts/D01`);
    await page.click('.custom-card button');
    await page.fill('dialog .field:has-text("Share") input', '12.5');
    await page.click('dialog [type=submit]');
    await page.waitForSelector('.custom-card dd:has-text("12.5")');
    const saved = page.waitForEvent('download');
    await page.goto(`${world().url}/partners?cols=name,fields.shops,fields.is_key,fields.since&sort=-fields.shops`);
    await page.click('.list-tools button:has-text("Export")');
    await page.click('[role=menuitem]:has-text("CSV")');
    const [head, first] = (await readFile(await (await saved).path(), 'utf8')).replace('\ufeff', '').split('\r\n');
    assert.equal(head, 'Name,Shops,Key partner,Customer since');
    assert.match(first ?? '', /Harbour.*,45,Yes,2020-02-29$/);
  });

  test('a person has them, and an import finds its columns by what people call them', async () => {
    const { page, signIn } = await start();
    await add({ record: 'contact', code: 'birthday', label_en: 'Birthday', kind: 'date', required: true });
    await add({ record: 'partner', code: 'region', label_en: 'Sales region', label_zh: '大区', kind: 'text' });
    await signIn('admin');
    await page.goto(`${world().url}/partners/P01/people`);
    await page.click('.people button:has-text("Add a person")');
    await page.fill('dialog .field:has-text("Name") input', 'Li Na');
    await page.fill('dialog .field:has-text("Birthday") input', '1980-05-06');
    await page.click('dialog [type=submit]');
    await page.waitForSelector('.person:has-text("Li Na"):has-text("Birthday"):has-text("6 May 1980")');
    await page.goto(`${world().url}/settings/import`);
    const file = { name: 'p.csv', mimeType: 'text/csv', buffer: Buffer.from('code,name,roles,大区\nP90,Ninety,distributor,East\n') };
    await page.setInputFiles('.file-field input', file);
    await page.waitForSelector('.import-columns');
    assert.equal(await page.inputValue('.import-columns li:has-text("大区") select'), 'fields.region');
    await page.click('button:has-text("Try")');
    await page.waitForSelector('.notice-good');
    await page.click('.form-foot button:has-text("Import")');
    await page.waitForSelector('.notice-good:has-text("1")');
    await page.waitForFunction(() => document.querySelectorAll('.notice-good').length > 0);
    assert.equal((await world().get('/partners/P90') as Fields).fields.region, 'East');
  });

  test('what is new takes them, needed ones included', async () => {
    const { page, signIn, expectStatus } = await start();
    await add({ record: 'product', code: 'fragile', label_en: 'Fragile', kind: 'yes_no', required: true });
    await add({ record: 'product', code: 'pack', label_en: 'Pieces a box', kind: 'integer' });
    await signIn('admin');
    await page.goto(`${world().url}/lists/product?new=1`);
    await page.fill('dialog .field:has-text("Code") input', 'NUT');
    await page.fill('dialog .field:has-text("Name") input', 'Nut');
    await page.fill('dialog .field:has-text("Unit price") input', '2');
    await page.selectOption('dialog .field:has-text("Fragile") select', 'false');
    await page.fill('dialog .field:has-text("Pieces a box") input', 'x');
    expectStatus(422);
    await page.click('dialog [type=submit]');
    await page.waitForSelector('dialog .field:has-text("Pieces a box") .field-error');
    await page.fill('dialog .field:has-text("Pieces a box") input', '1,000');
    await page.click('dialog [type=submit]');
    await page.waitForSelector('.list-row:has-text("NUT")');
    assert.deepEqual((await world().get('/products/NUT') as Fields).fields, { fragile: false, pack: 1000 });
    await page.goto(`${world().url}/lists/custom_field`);
    await page.click('text=New custom field');
    await page.waitForURL(/settings\/fields\?new=1/);
    await page.waitForSelector('dialog input:focus');
  });

  test('an amount has the currency of its field, in forms, lists, sums and files', async () => {
    const { page, signIn, check } = await start();
    await signIn('admin');
    await page.goto(`${world().url}/settings/fields`);
    await page.click('main .button-primary');
    await page.waitForSelector('dialog input:focus');
    await page.keyboard.type('Yearly turnover');
    await page.selectOption('dialog .field:has-text("Kind") select', 'money');
    await page.fill('dialog .field:has-text("Currency") input', 'usd');
    await page.click('dialog [type=submit]');
    await page.waitForSelector('tr:has-text("Yearly turnover"):has-text("Money, USD")');
    await page.goto(`${world().url}/partners/P01`);
    await page.click('.custom-card button');
    await page.waitForSelector('dialog .field:has-text("Yearly turnover") .unit:text-is("USD")');
    await page.fill('dialog .field:has-text("Yearly turnover") input', '1,250,000.5');
    await page.click('dialog [type=submit]');
    await page.waitForSelector('.custom-card dd:text-is("USD 1,250,000.50")');
    await page.goto(`${world().url}/partners?cols=name,fields.yearly_turnover&sort=-fields.yearly_turnover&filter=${encodeURIComponent('fields.yearly_turnover gt 1000000')}`);
    await page.waitForSelector('.list-row:has-text("Harbour"):has-text("USD 1,250,000.50")');
    await page.waitForSelector('.list-totals div:has(dt:text-is("Yearly turnover")):has-text("USD 1,250,000.50")');
    await check('custom-money');
    const saved = page.waitForEvent('download');
    await page.click('.list-tools button:has-text("Export")');
    await page.click('[role=menuitem]:has-text("CSV")');
    assert.equal((await readFile(await (await saved).path(), 'utf8')).replace('\ufeff', ''), 'Name,"Yearly turnover, USD"\r\nHarbour Trading,1250000.50\r\n');
  });

  test('orders and visit notes have them, where they are written and where they are read', async () => {
    const { page, signIn, check } = await start();
    await add({ record: 'order', code: 'po', label_en: 'Customer order', kind: 'text', required: true });
    await add({ record: 'order', code: 'gift', label_en: 'Gift', kind: 'yes_no' });
    await add({ record: 'activity', code: 'mood', label_en: 'Mood', kind: 'choice', options: [{ code: 'good', label_en: 'Good' }], required: true });
    await add({ record: 'activity', code: 'next', label_en: 'Next visit', kind: 'date' });
    await signIn('admin');
    await page.goto(`${world().url}/order/D01`);
    await page.waitForSelector('.order-form .field:has-text("Customer order") input[required]');
    await page.click('.order-more summary');
    await page.waitForSelector('.order-more .field:has-text("Gift")');
    await check('custom-order');
    await page.goto(`${world().url}/visit/P01`);
    await page.selectOption('.visit .field:has-text("Mood") select', 'good');
    await page.fill('.visit .field:has-text("Next visit") input', '2025-07-01');
    await page.fill('.visit textarea', 'Tasted the new harvest');
    await page.click('.visit [type=submit]');
    await page.waitForSelector('.toast');
    await page.goto(`${world().url}/lists/activity?cols=partner_name,note,fields.mood,fields.next`);
    await page.waitForSelector('.list-row:has-text("Tasted"):has-text("Good"):has-text("1 Jul 2025")');
    const { id } = await world().send('admin', 'POST', '/orders', { account: 'D03', lines: [{ product: 'TEA', quantity: '9000' }], fields: { po: 'PO-7' } }) as { id: string };
    await page.goto(`${world().url}/held/${id}`);
    await page.waitForSelector('.custom-card:has-text("Customer order"):has-text("PO-7")');
    await page.click('.custom-card button');
    await page.fill('dialog .field:has-text("Customer order") input', 'PO-8');
    await page.click('dialog [type=submit]');
    await page.waitForSelector('.custom-card dd:text-is("PO-8")');
    await page.goto(`${world().url}/lists/order?cols=number,fields.po&find=po-8`);
    await page.waitForSelector('.list-row:has-text("PO-8")');
    // What was changed is called as people call it.
    await page.goto(`${world().url}/settings/audit?what=order_change`);
    await page.click('.audit-entry summary');
    await page.waitForSelector('.audit-changes tr:has-text("Customer order"):has-text("PO-7"):has-text("PO-8")');
  });

  test('a day that is needed is empty until it is filled in, and nothing is sent before', async () => {
    const { page, signIn } = await start();
    await add({ record: 'product', code: 'best', label_en: 'Best before', kind: 'date', required: true });
    await signIn('admin');
    await page.goto(`${world().url}/lists/product?new=1`);
    await page.fill('dialog [name=code]', 'MATCHA');
    await page.fill('dialog [name=name]', 'Matcha');
    await page.fill('dialog [name=unit_price]', '9');
    let sent = 0;
    page.on('request', (request) => sent += request.method() === 'POST' ? 1 : 0);
    assert.equal(await page.inputValue('dialog [name="fields.best"]'), '');
    await page.click('dialog [type=submit]');
    await page.waitForSelector('dialog [name="fields.best"]:invalid:focus');
    assert.equal(sent, 0);
    await page.fill('dialog [name="fields.best"]', '2026-01-31');
    await page.click('dialog [type=submit]');
    await page.waitForSelector('.list-row:has-text("Matcha")');
  });

  test('they are called otherwise, moved, retired and brought back', async () => {
    const { page, signIn } = await start();
    await add({ record: 'product', code: 'pack', label_en: 'Pack', kind: 'choice', options: [{ code: 'box', label_en: 'Box' }, { code: 'bag', label_en: 'Bag' }] });
    await add({ record: 'product', code: 'origin', label_en: 'Origin', kind: 'text' });
    await world().send('admin', 'PATCH', '/products/TEA', { fields: { pack: 'bag', origin: 'Here' } });
    await signIn('admin');
    await page.goto(`${world().url}/settings/fields`);
    const act = async (name: string, what: string) => {
      await page.click(`button[aria-label="What can be done with ${name}"]`);
      await page.click(`[role=menuitem]:has-text("${what}")`);
    };
    await act('Origin', 'Move up');
    await page.waitForSelector('tbody tr:first-child:has-text("Origin")');
    await act('Pack', 'Change');
    await page.fill('dialog .field:has-text("English name") input', 'Packing');
    await page.check('dialog .fields-option >> nth=1 >> input[type=checkbox]');
    await page.click('dialog [type=submit]');
    await page.waitForSelector('tr:has-text("Packing")');
    await act('Origin', 'Retire');
    await page.waitForSelector('tbody tr:last-child:has-text("Origin"):has-text("Retired")');
    assert.deepEqual((await world().get('/products/TEA') as Fields).fields, { pack: 'bag' });
    await act('Origin', 'Bring back');
    await page.waitForSelector('tbody tr:first-child:has-text("Origin")');
    assert.deepEqual((await world().get('/products/TEA') as Fields).fields, { origin: 'Here', pack: 'bag' });
    await page.goto(`${world().url}/lists/product?cols=name,fields.pack,fields.origin&filter=fields.pack+eq+bag`);
    await page.waitForSelector('.list-row:has-text("Bag"):has-text("Here")');
  });

  for (const look of LOOKS) {
    test(`whatever they are called and hold, ${look.lang}, ${look.scheme}, ${look.width} px`, async () => {
      const { page, signIn, check } = await start(look);
      const names: Record<string, string> = {};
      for (const [i, text] of HOSTILE.entries()) {
        await add({ record: 'partner', code: `h${i}`, label_en: text, label_zh: text, kind: 'text' });
        names[`h${i}`] = text;
      }
      const options = HOSTILE.filter((text) => text.length <= 64 && text !== 'null').map((text) => ({ code: text, label_en: text, label_zh: text }));
      await add({ record: 'partner', code: 'pick', label_en: 'Pick', label_zh: '选', kind: 'choice', options });
      await world().send('admin', 'PATCH', '/partners/P01', { fields: { ...names, pick: HOSTILE[0] } });
      assert.deepEqual((await world().get('/partners/P01') as Fields).fields, { ...names, pick: HOSTILE[0] });
      await signIn('admin');
      await page.goto(`${world().url}/partners/P01`);
      await page.waitForSelector('.custom-card dd');
      await check('custom-hostile-partner');
      await page.click('.custom-card button');
      await page.waitForSelector('dialog .field');
      await check('custom-hostile-form');
      await page.goto(`${world().url}/settings/fields`);
      await page.waitForSelector('tbody tr');
      await check('custom-hostile-settings');
      await page.goto(`${world().url}/partners?cols=name,fields.pick,fields.h0,fields.h2,fields.h3,fields.h5&group=fields.pick&filter=${encodeURIComponent('fields.h5 eq "null" and fields.h2 ne null')}`);
      await page.waitForSelector('.list-group');
      await check('custom-hostile-list');
    });
  }
});
