// What collections and finance do in a day: what is owed and by whom, money taken and allocated, taken back again,
// promises, and the statement that goes to the customer.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { saved, unzipped } from './saved';
import { LOOKS, suite } from './suite';
import { TODAY } from './world';

interface Items<Item> {
  items: Item[];
}
interface PaymentSeen {
  id: string;
  allocated: string;
  advance: string;
  status: string;
}
interface PromiseSeen {
  status: string;
  amount: string;
  invoices: { number: string }[];
}

const DAY_OLD_BOOKS = '2025-05-20';
const TWO_WEEKS_ON = '2025-06-23';

suite('receivables', ({ start, world }) => {
  const payments = async () => (await world().get('/payments?account=D01') as Items<PaymentSeen>).items;
  const promises = async (account: string) => (await world().get(`/promises?account=${account}`) as Items<PromiseSeen>).items;

  for (const look of LOOKS) {
    test(`every section, ${look.lang}, ${look.scheme}, ${look.width} px`, async () => {
      const { page, signIn, check } = await start(look);
      await signIn('fang');
      for (const section of ['pace', 'open', 'promises', 'payments', 'statement/D01']) {
        await page.goto(`${world().url}/receivables/${section}`);
        await page.waitForSelector('main .table');
        await check(`receivables-${section.replace('/D01', '')}`);
      }
      await page.goto(`${world().url}/receivables/statement`);
      await page.waitForSelector('main .lookup');
      await check('receivables-statement-pick');
      await page.goto(`${world().url}/receivables/payments/new?account=D01`);
      await page.waitForSelector('.ways');
      await page.fill('label:has-text("Amount") + .with-unit input, label:has-text("金额") + .with-unit input', '12000');
      await page.click('.ways .check >> nth=1');
      await page.waitForSelector('.part-typed');
      await check('receivables-take');
      await page.goto(`${world().url}/receivables/payments/${(await payments())[0]?.id}`);
      await page.waitForSelector('.payment-facts');
      await check('receivables-payment');
      await page.click('.acts .button-danger');
      await page.waitForSelector('dialog textarea');
      await check('receivables-reverse');
    });
  }

  test('money pays the oldest invoice and tells which held order it frees', async () => {
    const { page, signIn, check } = await start();
    await signIn('fang');
    await page.click('.nav-link:has-text("Receivables")');
    await page.click('.tab:has-text("Open items")');
    await page.click('tr:has-text("INV-101") a:has-text("Take payment")');
    await page.waitForSelector('.ways');
    await page.fill('label:has-text("Amount") + .with-unit input', '10,000');
    await page.fill('label:has-text("Reference") + input', 'bank 91');
    await page.waitForSelector('tr:has-text("INV-101") .col-part:has-text("10,000")');
    await page.click('form [type=submit]');
    await page.waitForSelector('.taken .notice-good:has-text("CNY 10,000.00")');
    await page.waitForSelector('.unblocked:has-text("1 held order would now pass"):has-text("SO-102")');
    await check('payment-taken');
    assert.deepEqual((await payments()).map((one) => [one.allocated, one.advance]), [['4000.00', '0.00'], ['10000.00', '0.00']]);
    await page.click('.unblocked a:has-text("SO-102")');
    await page.waitForSelector('.case:has-text("SO-102")');
  });

  test('by hand: some of it on an invoice, the rest later; taken back; and the payment reversed', async () => {
    const { page, signIn, check } = await start();
    await signIn('fang');
    await page.goto(`${world().url}/receivables/payments/new?account=D01`);
    await page.waitForSelector('.ways');
    await page.waitForSelector('.spread-sum dd:text-is("0.00")');
    await page.fill('label:has-text("Amount") + .with-unit input', '8000');
    await page.click('.ways .check:has-text("By hand")');
    await page.fill('tr:has-text("INV-101") .part-typed input', '5000');
    await page.waitForSelector('.spread-sum:has-text("3,000")');
    await page.click('form [type=submit]');
    await page.click('button:has-text("Open this payment")');
    await page.waitForSelector('.payment-left:has-text("3,000.00")');
    await page.click('button:has-text("Allocate what is left")');
    await page.click('dialog button:has-text("Fill")');
    assert.equal(await page.inputValue('dialog .part-typed input'), '3,000.00');
    await page.click('dialog [type=submit]');
    await page.waitForSelector('.toast:has-text("Allocated; 0.00 is left over")');
    await page.waitForSelector('tbody tr:nth-child(2)');
    await page.click('[aria-label="Take back what it paid on INV-101"] >> nth=0');
    await page.fill('dialog textarea', 'Meant for another invoice');
    await page.click('dialog [type=submit]');
    await page.waitForSelector('.payment-left:has-text("5,000.00")');
    await check('payment-part-back');
    await page.click('button:has-text("Reverse the payment")');
    await page.fill('dialog textarea', 'The bank took it back');
    await page.click('dialog [type=submit]');
    await page.waitForSelector('.facts .badge:has-text("Reversed")');
    assert.equal((await payments()).at(-1)?.status, 'reversed');
  });

  test('more than an invoice has open is refused at the figure, and what was typed stays', async () => {
    const { page, expectStatus, signIn, check } = await start();
    await signIn('fang');
    expectStatus(409);
    await page.goto(`${world().url}/receivables/payments/new?account=D01`);
    await page.waitForSelector('.ways');
    await page.fill('label:has-text("Amount") + .with-unit input', '40000');
    await page.click('.ways .check:has-text("By hand")');
    await page.fill('tr:has-text("INV-101") .part-typed input', '30000');
    await page.click('form [type=submit]');
    await page.waitForSelector('form [role=alert]');
    assert.equal(await page.inputValue('tr:has-text("INV-101") .part-typed input'), '30,000');
    await check('payment-too-much');
    await page.reload();
    await page.waitForSelector('.form-kept');
    assert.equal(await page.inputValue('tr:has-text("INV-101") .part-typed input'), '30,000', 'the draft outlives a reload');
    assert.equal((await payments()).length, 1);
  });

  test('a refusal reads in Chinese, at the figure and above the form', async () => {
    const { page, expectStatus, signIn, check } = await start({ lang: 'zh' });
    await signIn('fang');
    expectStatus(409);
    await page.goto(`${world().url}/receivables/payments/new?account=D01`);
    await page.waitForSelector('.ways');
    await page.fill('label:has-text("金额") + .with-unit input', '40000');
    await page.click('.ways .check:has-text("手工指定")');
    await page.fill('tr:has-text("INV-101") .part-typed input', '30000');
    await page.click('form [type=submit]');
    await page.waitForSelector('form [role=alert]:has-text("发票 INV-101 未付金额只有")');
    await page.waitForSelector('tr:has-text("INV-101") .field-error:has-text("未付金额只有")');
    await check('payment-too-much-zh');
  });

  test('what is no figure is told so where it was typed, not passed over', async () => {
    const { page, expectStatus, signIn } = await start();
    await signIn('fang');
    expectStatus(422);
    await page.goto(`${world().url}/receivables/payments/new?account=D01`);
    await page.waitForSelector('.ways');
    await page.fill('label:has-text("Amount") + .with-unit input', '8000');
    await page.click('.ways .check:has-text("By hand")');
    await page.fill('tr:has-text("INV-101") .part-typed input', 'abc');
    await page.click('form [type=submit]');
    await page.waitForSelector('tr:has-text("INV-101") .field-error');
    assert.equal((await payments()).length, 1);
  });

  test('the aging shows what is overdue alone, the most first', async () => {
    const { page, signIn, check } = await start({ width: 360 });
    await signIn('fang');
    await page.goto(`${world().url}/receivables/aging`);
    await page.waitForSelector('main .table tbody tr');
    await page.click('.check:has-text("Only overdue")');
    await page.waitForFunction(() => location.search === '?late=1');
    const isLate = await page.locator('main .table tbody tr').evaluateAll((rows) => rows.map((row) => row.querySelector('.part-d1_30, .part-d31_60, .part-d61_90, .part-d91_plus') !== null));
    assert.ok(isLate.every(Boolean));
    await check('aging-late');
  });

  test('a promise asks for what the invoices ticked come to, until another amount is typed', async () => {
    const { page, signIn } = await start();
    await signIn('wang');
    await page.goto(`${world().url}/receivables/promises?account=D01&new=1`);
    await page.check('dialog .named input >> nth=0');
    const label = await page.textContent('dialog .named label >> nth=0');
    const amount = await page.inputValue('dialog .with-unit input');
    assert.equal(amount.replaceAll(',', ''), (label?.split(' · ').at(-1) ?? '').replaceAll(',', ''));
    await page.fill('dialog .with-unit input', '123');
    await page.uncheck('dialog .named input >> nth=0');
    assert.equal(await page.inputValue('dialog .with-unit input'), '123');
  });

  test('in a currency without decimals amounts have none, from what is allocated to what is promised', async () => {
    const { page, signIn, expectStatus } = await start();
    await world().send('admin', 'POST', '/rates', { currency: 'JPY', rate: '0.05', on: '2025-01-01' });
    await world().send('zhao', 'POST', '/accounts', { code: 'J01', partner: 'P01', currency: 'JPY', terms_days: 10, limit: '900000' });
    await world().send('fang', 'POST', '/invoices', { account: 'J01', number: 'INV-J1', amount: '50000', invoiced_on: '2025-05-01' });
    await world().send('fang', 'POST', '/invoices', { account: 'J01', number: 'INV-J2', amount: '20000', invoiced_on: '2025-05-02' });
    await signIn('lin');
    await page.goto(`${world().url}/receivables/promises?account=J01&new=1`);
    await page.check('dialog .check:has-text("INV-J1") input');
    await page.check('dialog .check:has-text("INV-J2") input');
    assert.match(await page.inputValue('dialog .number'), /^70,?000$/);
    await page.click('dialog [type=submit]');
    await page.waitForSelector('.toast:has-text("70,000")');
    assert.deepEqual((await promises('J01')).map((one) => one.amount), ['70000']);
    expectStatus(401);
    await page.context().clearCookies();
    await page.reload();
    await signIn('fang');
    await page.goto(`${world().url}/receivables/payments/new?account=J01`);
    await page.waitForSelector('.spread-sum dd:text-is("0")');
    await page.fill('label:has-text("Amount") + .with-unit input', '60000');
    await page.waitForSelector('.spread-sum dd:text-is("60,000")');
    await page.click('form [type=submit]');
    await page.waitForSelector('.taken .notice-good:has-text("JPY 60,000")');
    assert.equal(await page.locator('main :text("60,000.00")').count(), 0);
  });

  test('a promise is taken for an invoice, replaced by a later one, and withdrawn by credit', async () => {
    const { page, signIn, signOut, check } = await start();
    await signIn('wang');
    await page.goto(`${world().url}/receivables/promises`);
    await page.waitForSelector('tr:has-text("10,000.00")');
    await page.click('button:has-text("Take a promise")');
    await page.fill('dialog .lookup input', 'D01');
    await page.press('dialog .lookup input', 'Tab');
    await page.fill('label:has-text("Promised") + .with-unit input', '6000');
    await page.fill('dialog [type=date]', TWO_WEEKS_ON);
    await page.click('dialog .check:has-text("INV-101")');
    await check('promise-form');
    await page.click('dialog [type=submit]');
    await page.waitForSelector('.toast:has-text("6,000.00")');
    assert.deepEqual((await promises('D01')).map((one) => [one.amount, one.invoices.map((named) => named.number)]), [['6000.00', ['INV-101']]]);
    await page.click('tr:has-text("D01") .menu button');
    await page.click('[role=menuitem]:has-text("Take another one instead")');
    await page.fill('dialog [type=date]', '2025-07-01');
    await page.click('dialog [type=submit]');
    await page.waitForSelector('.toast-warn:has-text("level 2")');
    assert.deepEqual((await promises('D01')).map((one) => one.status), ['broken', 'open']);
    await page.selectOption('select', 'broken');
    await page.waitForSelector('tr:has-text("D01"):has-text("Broken")');
    await signOut();
    await signIn('zhao');
    await page.goto(`${world().url}/receivables/promises?account=D01`);
    await page.click('tr:has-text("D01") .menu button');
    await page.click('[role=menuitem]:has-text("Withdraw")');
    await page.fill('dialog textarea', 'Settled otherwise');
    await page.click('dialog [type=submit]');
    await page.waitForSelector('main .empty');
    assert.deepEqual((await promises('D01')).map((one) => one.status), ['broken', 'withdrawn']);
  });

  test('DSO and lateness: the firm, month by month, and account by account', async () => {
    const { page, signIn, check } = await start();
    await signIn('gast');
    await page.click('.nav-link:has-text("Receivables")');
    await page.click('.tab:has-text("DSO and lateness")');
    await page.waitForSelector('.aging-sum:has-text("% was late"):has-text("DSO")');
    const dso = await world().get('/reports/dso?limit=1') as { totals: { dso: string; months: { receivable: string }[] }[] };
    await page.waitForSelector(`.aging-total:has-text("DSO ${Math.round(Number(dso.totals[0]?.dso))} days")`);
    const shown = dso.totals[0]?.months.filter((month) => month.receivable !== '0.00');
    assert.equal(await page.locator('.aging-sum tbody tr').count(), shown?.length);
    const late = await world().get('/reports/lateness') as Items<{ account: string; late_share: number }>;
    const first = late.items[0];
    await page.waitForSelector(`[aria-label="Who pays late"] tbody tr:first-child:has-text("${first?.account}"):has-text("${first?.late_share}%")`);
    await check('pace');
    await page.click('[aria-label="Who pays late"] tbody tr:first-child a');
    await page.waitForSelector('.behaviour');
  });

  test('DSO and lateness on a phone: a month is two lines, an account four', async () => {
    const { page, signIn, check } = await start({ width: 360 });
    await signIn('gast');
    await page.goto(`${world().url}/receivables/pace`);
    await page.waitForSelector('[aria-label="DSO by account"] tbody tr');
    const heights = (rows: string) => page.locator(rows).evaluateAll((all) => all.map((one) => one.getBoundingClientRect().height));
    assert.ok((await heights('.aging-sum tbody tr')).every((height) => height < 64));
    assert.ok((await heights('[aria-label="DSO by account"] tbody tr')).every((height) => height < 110));
    await check('pace-phone');
  });

  test('the statement adds up to what the aging says, from any day', async () => {
    const { page, signIn, check } = await start();
    await signIn('gast');
    await page.goto(`${world().url}/receivables/statement/D01?from=2025-05-01`);
    await page.waitForSelector('.statement-closing:has-text("CNY 26,000.00")');
    await page.waitForSelector('tr:has-text("Invoice INV-101") .col-charge:has-text("30,000.00")');
    await page.waitForSelector('tr:has-text("Payment bank 88") .col-credit:has-text("4,000.00")');
    await check('statement');
    const sheetOf = async (press: string) => {
      const file = await saved(page, () => page.click(press));
      return { name: file.name, sheet: unzipped(file.bytes).get('xl/worksheets/sheet1.xml') ?? '' };
    };
    const statement = await sheetOf('button:has-text("Save as Excel")');
    assert.match(statement.name, /^Account statement .+ 2025-06-09\.xlsx$/);
    assert.match(statement.sheet, /Charged, CNY/);
    assert.match(statement.sheet, /<v>30000\.00<\/v>/);
    assert.match(statement.sheet, /<v>4000\.00<\/v>/);
    assert.match(statement.sheet, /<v>26000\.00<\/v>/);
    await page.fill('[type=date] >> nth=0', DAY_OLD_BOOKS);
    await page.waitForSelector('.statement-sum:has-text("CNY 30,000.00")');
    await page.waitForSelector('.statement-closing:has-text("CNY 26,000.00")');
    await page.goto(`${world().url}/receivables?as_of=${TODAY}&known_at=${DAY_OLD_BOOKS}`);
    await page.waitForSelector('tr:has-text("D01"):has-text("30,000.00")');
    await check('aging-known');
    const aging = await sheetOf('button:has-text("Save as Excel")');
    assert.match(aging.sheet, />D01</);
    assert.match(aging.sheet, /<v>30000\.00<\/v>/);
  });
});
