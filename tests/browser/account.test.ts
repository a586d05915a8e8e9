// What one wants to know of a partner before the telephone rings: everything that happened, where it stands and out of
// what that is made, what is agreed and due, how it pays, and who is there.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LOOKS, suite } from './suite';
import { TODAY } from './world';

interface Named {
  items: { name: string; title: string | null }[];
}

const SHOWN: readonly [section: string, sign: string][] = [
  ['', '.happening'], ['/shipments', '.table'], ['/agreed', '.agreed-terms'], ['/behaviour', '.chart'], ['/people', '.people'],
];

suite('account and partner', ({ start, world }) => {
  for (const look of LOOKS) {
    test(`every section, ${look.lang}, ${look.scheme}, ${look.width} px`, async () => {
      const { page, signIn, check } = await start(look);
      await signIn('chen');
      for (const [section, sign] of SHOWN) {
        await page.goto(`${world().url}/accounts/D02${section}`);
        await page.waitForSelector(sign);
        await check(`account${section.replace('/', '-') || '-stream'}`);
      }
      await page.goto(`${world().url}/partners/P02`);
      await page.waitForSelector('.happening');
      await check('partner');
      await page.goto(`${world().url}/partners/P02/behaviour`);
      await page.waitForSelector('.sellin .chart');
      await page.waitForSelector('.pays .chart');
      await check('partner-behaviour');
    });
  }

  test('the stream tells all of it, and one kind when asked', async () => {
    const { page, signIn, check } = await start();
    await signIn('zhao');
    await page.goto(`${world().url}/accounts/D01`);
    await page.waitForSelector('.happening:has-text("Payment bank 88"):has-text("CNY 4,000.00")');
    await page.waitForSelector('.happening:has-text("Invoice INV-101")');
    await page.waitForSelector('.happening:has-text("Order SO-102"):has-text("Held")');
    await page.selectOption('.stream-kinds select', { label: 'Payments' });
    await page.waitForSelector('.stream li:only-child:has-text("bank 88")');
    assert.match(page.url(), /kind=payment/);
    await check('stream-payments');
    await page.click('.happening a');
    await page.waitForSelector('.payment-facts:has-text("bank 88")');
    await page.goBack();
    assert.equal(await page.inputValue('.stream-kinds select'), 'payment', 'the address keeps what is shown');
    await page.selectOption('.stream-kinds select', { label: 'Orders' });
    await page.click('.happening a:has-text("SO-102")');
    await page.waitForSelector('.case:has-text("SO-102")');
  });

  test('each part of the position opens to its documents', async () => {
    const { page, signIn } = await start();
    await signIn('gast');
    await page.goto(`${world().url}/accounts/D01`);
    await page.click('.position-part:has-text("Invoiced")');
    await page.waitForSelector('main tbody tr:only-child:has-text("INV-101")');
    await page.goto(`${world().url}/accounts/D05`);
    await page.click('.position-part:has-text("Ordered")');
    await page.waitForSelector('main tbody tr:only-child:has-text("SO-501")');
    assert.equal(await page.isChecked('.check input'), true);
  });

  test('a person is added at the partner, and found from the account', async () => {
    const { page, signIn, check } = await start();
    await signIn('wang');
    await page.goto(`${world().url}/partners/P01/people`);
    await page.click('button:has-text("Add a person")');
    await page.fill('dialog label:has-text("Name") + input', '吴 "Harbour" <b>Li</b>');
    await page.fill('dialog label:has-text("Position") + input', 'Owner');
    await page.fill('dialog label:has-text("Telephone") + input', '0571 8800 1234');
    await check('person-form');
    await page.click('dialog [type=submit]');
    await page.waitForSelector('.person:has-text("Owner")');
    assert.deepEqual((await world().get('/contacts?partner=P01') as Named).items.map((one) => one.name), ['吴 "Harbour" <b>Li</b>']);
    await page.goto(`${world().url}/accounts/D01/people`);
    await page.waitForSelector('.person:has-text("吴 \\"Harbour\\" <b>Li</b>")');
    await page.click('.facts a:has-text("Partner P01")');
    await page.waitForSelector('.happening:has-text("New contact")');
  });

  test('what is agreed, what is due and how it pays', async () => {
    const { page, signIn } = await start();
    await signIn('zhao');
    await page.goto(`${world().url}/accounts/D02/agreed`);
    await page.waitForSelector('.agreed-due:has-text("Promised by 20 Jun 2025"):has-text("CNY 10,000.00")');
    await page.waitForSelector('.agreed-due .bad:has-text("CNY 25,000.00")');
    await page.waitForSelector('tr:has-text("Base limit"):has-text("100,000.00"):has-text("In force")');
    await page.goto(`${world().url}/accounts/D02/behaviour`);
    await page.waitForSelector('tr:has-text("Apr 2025") .col-unpaid:has-text("25,000.00")');
    await page.waitForSelector('.position-figures:has-text("0%")');
  });

  test('what an account and a partner buy each month, drawn and as a table', async () => {
    const { page, signIn, check } = await start();
    await signIn('zhao');
    const chart = 'svg[role=img][aria-label="Sell-in: invoiced each month, CNY"]';
    const table = 'table[aria-label="Sell-in: invoiced each month, CNY"]';
    await page.goto(`${world().url}/accounts/D02/behaviour`);
    await page.waitForSelector(`${table} tr:has-text("Mar 2025"):has(.col-invoiced:has-text("25,000.00"))`);
    await page.waitForSelector(`${table} tr:has-text("Jun 2025, so far"):has(.col-invoiced:text-is("0.00")):has(.col-receivable:has-text("25,000.00"))`);
    assert.equal(await page.locator(`${table} tbody tr`).count(), 4);
    assert.deepEqual(await page.locator(`${chart} title`).allTextContents(), ['Mar 2025: CNY 25,000.00']);

    // A second account: the partner has the sum of both.
    await world().send('zhao', 'POST', '/accounts', { code: 'D12', partner: 'P02', currency: 'CNY', terms_days: 30, limit: '9000.00' });
    await world().send('fang', 'POST', '/invoices', { account: 'D12', number: 'INV-121', amount: '1200.50', invoiced_on: TODAY });
    await page.goto(`${world().url}/partners/P02`);
    await page.focus('a:has-text("How it pays and buys")');
    await page.keyboard.press('Enter');
    await page.waitForSelector(`${table} tr:has-text("Jun 2025, so far"):has(.col-invoiced:has-text("1,200.50")):has(.col-receivable:has-text("26,200.50"))`);
    assert.deepEqual(await page.locator(`${chart} title`).allTextContents(), ['Mar 2025: CNY 25,000.00', 'Jun 2025, so far: CNY 1,200.50']);

    // More taken back than invoiced: the bar hangs from the line.
    await world().send('fang', 'POST', '/invoices/INV-201/reverse', { reason: 'twice' });
    await page.reload();
    await page.waitForSelector(`${table} tr:has-text("Jun 2025, so far"):has(.col-invoiced:has-text("−23,799.50"))`);
    const line = await page.getAttribute(`${chart} .chart-base`, 'y1');
    assert.equal(await page.getAttribute(`${chart} .sold-so-far`, 'y'), line);
    await check('partner-sellin-taken-back');
    await page.goto(`${world().url}/partners/P03/behaviour`);
    await page.waitForSelector('text=Nothing was invoiced in the last 24 months');
    await page.waitForSelector('text=Nothing has fallen due in the last 12 months');
  });

  for (const look of LOOKS) {
    test(`what is done about an account begins on its page, ${look.lang}, ${look.scheme}, ${look.width} px`, async () => {
      const { page, signIn, check } = await start(look);
      await signIn('wang');
      await page.goto(`${world().url}/accounts/D05`);
      await page.waitForSelector('.account-acts a >> nth=2');
      await check('account-acts');
      await page.click('.account-acts a >> nth=0');
      await page.waitForSelector('.order-line');
      await page.goBack();
      await page.click('.account-acts a >> nth=1');
      await page.waitForSelector('dialog [type=date]');
      // It is called by its name, though the address has the code alone.
      await page.waitForFunction(() => document.querySelector<HTMLInputElement>('dialog [role=combobox]')?.value.startsWith('Northern Lights'));
      await page.goto(`${world().url}/accounts/D05`);
      await page.click('.account-acts a >> nth=2');
      await page.waitForFunction(() => document.querySelector<HTMLInputElement>('[name=partner]')?.value.startsWith('Northern Lights'));
    });
  }

  test('a note about one partner does not become one about another', async () => {
    const { page, signIn } = await start();
    await signIn('wang');
    await page.goto(`${world().url}/visit/P05`);
    await page.fill('textarea', 'Wants fifty cases more');
    await page.goto(`${world().url}/visit/P01`);
    await page.waitForFunction(() => document.querySelector<HTMLInputElement>('[name=partner]')?.value === 'Harbour Trading');
    assert.equal(await page.inputValue('textarea'), '');
    await page.goto(`${world().url}/visit/P05`);
    assert.equal(await page.inputValue('textarea'), 'Wants fifty cases more');
  });

  test('an order that is not held is looked at, with its lines', async () => {
    const { page, signIn, check } = await start();
    await signIn('zhao');
    await page.goto(`${world().url}/accounts/D01/orders`);
    await page.click('a:has-text("SO-101")');
    await page.waitForURL('**/orders/*');
    await page.waitForSelector('.case h2:has-text("SO-101")');
    await page.waitForSelector('.case .col-amount:has-text("30,000.00")');
    assert.equal(await page.locator('text=not held any more').count(), 0);
    await check('order-looked-at');
    await page.goto(`${world().url}/accounts/D01`);
    await page.click('.happening-decision a:has-text("SO-102") >> nth=0');
    await page.waitForSelector('.case h2:has-text("SO-102")');
    await page.goto(`${world().url}/lists/order`);
    await page.click('.list-row a:has-text("SO-201")');
    await page.waitForSelector('.case h2:has-text("SO-201")');
  });
});
