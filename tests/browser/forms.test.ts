// Records added by forms that are made from the operations: what each asks, what is refused, what is kept, where it leads.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { LOOKS, suite } from './suite';

const FORMS = ['partners', 'accounts', 'lists/contact', 'lists/relation', 'lists/product', 'lists/territory', 'lists/rate', 'lists/limit', 'lists/invoice',
  'lists/shipment', 'lists/allocation', 'lists/return', 'lists/credit_note', 'lists/write_off', 'lists/refund', 'lists/activity'] as const;

/** Chooses what is found for a text in the field of this label. */
async function choose(page: Page, label: string, text: string): Promise<void> {
  await page.fill(`dialog .lookup:has(label:text-is("${label}")) input`, text);
  await page.waitForSelector('.lookup-choice');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.lookup-choice', { state: 'detached' });
}

suite('forms', ({ start, world }) => {
  for (const look of LOOKS) {
    test(`a form for every list, ${look.lang}, ${look.scheme}, ${look.width} px`, async () => {
      const { page, signIn, check, fits } = await start(look);
      await signIn('admin');
      for (const path of FORMS) {
        await page.goto(`${world().url}/${path}?new=1`);
        await page.waitForSelector('dialog .form-field');
        await (['partners', 'lists/limit', 'lists/activity'].includes(path) ? check : fits)(`new-${path.replace('/', '-')}`);
      }
      await page.click('dialog .form-refs input');
    });
  }

  test('a partner by the keyboard alone, refused at its field and then opened', async () => {
    const { page, signIn, expectStatus } = await start();
    await signIn('admin');
    await page.keyboard.press('g');
    await page.keyboard.press('d');
    await page.waitForSelector('.list-row .list-value');
    await page.keyboard.press('n');
    await page.waitForSelector('dialog input:focus');
    await page.keyboard.type('P01');
    await page.keyboard.press('Tab');
    await page.keyboard.type('Mountain Tea House');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    expectStatus(409);
    expectStatus(422);
    await page.keyboard.press('Control+Enter');
    await page.waitForSelector('dialog [name=code][aria-invalid=true]:focus');
    await page.keyboard.press('Control+A');
    await page.keyboard.type('P77');
    await page.keyboard.press('Enter');
    await page.waitForSelector('h1:has-text("Mountain Tea House")');
    assert.match(page.url(), /\/partners\/P77$/);
    const made = await world().get('/partners/P77') as { roles: string[]; owner: string | null };
    assert.deepEqual([made.roles, made.owner], [['distributor'], null]);
  });

  test('an account from the palette, kept over a reload and the end of a session', async () => {
    const { page, signIn, expectStatus } = await start();
    await signIn('zhao');
    await page.keyboard.press('Control+K');
    await page.fill('.palette-field input', 'new account');
    await page.click('.palette-row:has-text("New account")');
    await page.waitForSelector('dialog .form-field');
    await page.fill('dialog [name=code]', 'D77');
    await choose(page, 'Partner', 'lakes');
    await page.fill('dialog [name=currency]', 'cny');
    await page.fill('dialog [name=terms_days]', '45');
    await page.click('dialog .check:has-text("Unlimited")');
    await page.reload();
    await page.waitForSelector('dialog .form-kept');
    expectStatus(401);
    await page.context().clearCookies();
    await page.click('dialog [type=submit]');
    await page.waitForSelector('[name=password]');
    await page.fill('[name=password]', 'harbour lantern seventeen');
    await page.press('[name=password]', 'Enter');
    await page.waitForSelector('[name=password]', { state: 'detached' });
    await page.click('dialog [type=submit]');
    await page.waitForURL(/\/accounts\/D77$/);
    const made = await world().get('/accounts/D77') as { partner: string; currency: string; terms_days: number };
    assert.deepEqual([made.partner, made.currency, made.terms_days], ['P03', 'CNY', 45]);
  });

  test('lines, several people, a day and an amount; who may not is offered nothing', async () => {
    const { page, signIn } = await start();
    await world().send('admin', 'POST', '/contacts', { partner: 'P05', name: 'Ms Sun' });
    await signIn('wang');
    await page.goto(`${world().url}/lists/activity?new=1&partner=P05`);
    await page.selectOption('dialog [name=kind]', 'hospitality');
    await page.fill('dialog [name=cost]', '1,250.50');
    await choose(page, 'Add one more', 'sun');
    await page.waitForSelector('dialog .chip:has-text("Ms Sun")');
    await page.click('dialog [type=submit]');
    await page.waitForURL(/\/partners\/P05$/);
    const { items: [activity] } = await world().get('/activities') as { items: { cost: string; kind: string; on: string }[] };
    assert.deepEqual([activity?.cost, activity?.kind, activity?.on], ['1250.50', 'hospitality', '2025-06-09']);

    await page.goto(`${world().url}/lists/shipment?new=1`);
    await choose(page, 'Order', 'SO-501');
    await page.click('text=Add a line');
    await page.fill('dialog .form-line .field:has(label:text-is("Line")) input', '1');
    await page.fill('dialog .form-line .field:has(label:text-is("Quantity")) input', '40');
    await page.click('dialog [type=submit]');
    await page.waitForSelector('.toast');
    const { items: [shipment] } = await world().get('/shipments?sort=-id') as { items: { amount: string }[] };
    assert.equal(shipment?.amount, '2500.00');

    await page.goto(`${world().url}/lists/rate`);
    await page.waitForSelector('.empty');
    assert.equal(await page.locator('.page-aside .button').count(), 0);
    await page.goto(`${world().url}/lists/rate?new=1`);
    await page.waitForSelector('.empty');
    assert.equal(await page.locator('dialog').count(), 0);
    await page.goto(`${world().url}/lists/order`);
    await page.waitForSelector('.list-row');
    await page.click('.page-aside .button');
    await page.waitForURL(/\/order$/);
  });

  test('fields that the organisation added stand in the form', async () => {
    const { page, signIn } = await start();
    const add = (field: object) => world().send('admin', 'POST', '/custom-fields', { record: 'product', ...field });
    await add({ code: 'shelf', label_en: 'Shelf life', kind: 'integer', required: true });
    await add({ code: 'organic', label_en: 'Organic', kind: 'yes_no' });
    await add({ code: 'grade', label_en: 'Grade', kind: 'choice', options: [{ code: 'a', label_en: 'First' }, { code: 'b', label_en: 'Second' }] });
    await signIn('admin');
    await page.goto(`${world().url}/lists/product?new=1`);
    await page.fill('dialog [name=code]', 'OOLONG');
    await page.fill('dialog [name=name]', 'Oolong tea');
    await page.fill('dialog [name=unit_price]', '80');
    await page.fill('dialog [name="fields.shelf"]', '24');
    await page.selectOption('dialog [name="fields.organic"]', 'true');
    await page.selectOption('dialog [name="fields.grade"]', 'b');
    await page.click('dialog [type=submit]');
    await page.waitForSelector('.list-row:has-text("Oolong tea")');
    const { fields } = await world().get('/products/OOLONG') as { fields: object };
    assert.deepEqual(fields, { shelf: 24, organic: true, grade: 'b' });
  });
});
