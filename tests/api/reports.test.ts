// Reports of receivables, which a server reckons from memory: whatever was answered before one is asked is in it, whoever
// wrote it, and it is what the books say.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { holdsResponse } from './described';
import { Place, type Reply } from './support';

const place = new Place();
const today = ['--today', '2025-07-20'];
const paths = ['aging', 'aging?limit=2&sort=overdue', 'dso?months=3', 'lateness?sort=account'];
let url = '';
const tokens: Record<string, string> = {};

async function call(method: string, path: string, as: string, body?: Reply): Promise<any> {
  const reply = await fetch(`${url}/api/v1${path}`, {
    method, headers: { authorization: `Bearer ${tokens[as]}`, 'content-type': 'application/json' }, ...(body && { body: JSON.stringify(body) }),
  });
  await holdsResponse(method, url + path, reply);
  assert.ok(reply.ok, `${path}: ${await reply.clone().text()}`);
  return reply.json();
}

const report = (path: string, as = 'fred') => call('GET', `/reports/${path}`, as);
const invoice = (account: string, amount: string, invoiced_on: string) => call('POST', '/invoices', 'fred', { account, amount, invoiced_on });
const pay = (account: string, amount: string) => call('POST', '/payments', 'fred', { account, amount, received_on: '2025-07-20' });

function account(code: string, territory: string): void {
  place.do('partner_create', { code, name: code, roles: ['distributor'], territory }, ...today);
  place.do('account_create', { code, partner: code, currency: 'CNY', terms_days: 10, limit: 'unlimited' }, ...today);
}

before(async () => {
  for (const code of ['N', 'S']) place.do('territory_create', { code, name: code }, ...today);
  for (const [name, role, territories] of [['fred', 'finance', []], ['nora', 'sales', ['N']]] as const) {
    place.do('user_create', { name, role, ...(territories.length && { territories }) }, ...today);
    tokens[name] = place.ok('token', 'add', name).out.trim();
  }
  account('A', 'N');
  account('B', 'S');
  url = await place.serve(...today);
});
after(() => place.stop());

test('an answered write is in the next report', async () => {
  assert.deepEqual((await report('dso')).items, []);
  await invoice('A', '300.00', '2025-07-01');
  assert.equal((await report('dso')).totals[0].receivable, '300.00');
  await invoice('B', '500.00', '2025-06-01');
  assert.equal((await report('dso')).totals[0].receivable, '800.00');
  assert.equal((await report('lateness')).totals[0].unpaid, '800.00');
  await pay('B', '500.00');
  const { items } = await report('lateness?sort=account');
  assert.deepEqual(items.map((one: Reply) => [one['account'], one['very_late'], one['unpaid']]), [['A', '0.00', '300.00'], ['B', '500.00', '0.00']]);
  await pay('A', '400.00');
  assert.equal((await report('aging')).total.advance, '100.00');
});

test('so is what another process wrote, and an account that is new', async () => {
  account('C', 'N');
  place.do('invoice_post', { account: 'C', amount: '70.00', invoiced_on: '2025-07-20' }, ...today);
  assert.equal((await report('aging')).total.not_due, '70.00');
  assert.deepEqual((await report('aging?limit=1&sort=total')).items.map((one: Reply) => one['account']), ['C']);
});

test('totals are of the accounts in sight', async () => {
  await invoice('B', '60.00', '2025-07-02');
  assert.equal((await report('dso', 'nora')).totals[0].receivable, '70.00');
  assert.deepEqual((await report('lateness?sort=account', 'nora')).items.map((one: Reply) => one['account']), ['A']);
  await assert.rejects(report('lateness?partner=B', 'nora'), /ERR_NOT_FOUND/);
  assert.equal((await report('lateness?partner=B')).totals[0].very_late, '500.00');
  assert.equal((await report('aging', 'nora')).total.total, '-30.00');
  assert.equal((await report('aging')).total.total, '30.00');
});

test('while many write and many ask, nothing is lost and nothing is half', async () => {
  const writes = Array.from({ length: 60 }, (_, i) => invoice(['A', 'B', 'C'][i % 3]!, '1.00', '2025-07-20'));
  const reads = Array.from({ length: 60 }, (_, i) => report(paths[i % paths.length]!, i % 2 ? 'fred' : 'nora'));
  await Promise.all([...writes, ...reads]);
  const dso = await report('dso');
  const aging = await report('aging');
  const owed = ['not_due', 'd1_30', 'd31_60', 'd61_90', 'd91_plus'].reduce((sum, age) => sum + Number(aging.total[age]), 0);
  assert.equal(Number(dso.totals[0].receivable).toFixed(2), owed.toFixed(2));
});

test('a report from memory is what the books say', async () => {
  const kept = [];
  for (const path of paths) kept.push(await report(path));
  await place.stop();
  assert.match(place.ok('doctor').out, / 0 findings/);
  const asked: [string, Reply][] = [['aging_report', {}], ['aging_report', { limit: 2, sort: 'overdue' }], ['dso_report', { months: 3 }], ['lateness_report', { sort: 'account' }]];
  assert.deepEqual(asked.map(([operation, members]) => place.do(operation, members, ...today)), kept);
});

test('the accounts of a partner: what fell due in each month, currencies apart', () => {
  for (const [code, currency] of [['A-USD', 'USD'], ['A2', 'CNY']]) {
    place.do('account_create', { code, partner: 'A', currency, terms_days: 10, limit: 'unlimited' }, ...today);
  }
  place.do('invoice_post', { account: 'A2', amount: '40.00', invoiced_on: '2025-06-25' }, ...today);
  place.do('invoice_post', { account: 'A-USD', amount: '9.00', invoiced_on: '2025-06-01' }, ...today);
  const { totals } = place.do('lateness_report', { partner: 'A', months: 3 }, ...today);
  assert.deepEqual(totals.map((one: Reply) => [one['currency'], one['due']]), [['CNY', '360.00'], ['USD', '9.00']]);
  const months = (one: Reply) => (one['months'] as Reply[]).map((m) => [m['month'], m['late'], m['unpaid'], m['late_share']]);
  const none = '0.00';
  assert.deepEqual(months(totals[0]), [['2025-05-01', none, none, null], ['2025-06-01', none, none, null], ['2025-07-01', '300.00', '40.00', 94.4]]);
  assert.deepEqual(months(totals[1])[1], ['2025-06-01', none, '9.00', 100]);
  assert.deepEqual(place.do('lateness_report', { partner: 'A', account: 'A2' }, ...today).totals.map((one: Reply) => one['due']), ['40.00']);
});

test('an invoice is late in the month of its due day, from its first day to its last, and not on the day itself', () => {
  const months = () => place.do('lateness_report', { partner: 'A', account: 'A-EUR', months: 3 }, ...today).totals
    .map((one: Reply) => [one['unpaid'], (one['months'] as Reply[]).map((m) => m['unpaid'])]);
  const post = (amount: string, invoiced_on: string) => place.do('invoice_post', { account: 'A-EUR', amount, invoiced_on }, ...today);
  place.do('account_create', { code: 'A-EUR', partner: 'A', currency: 'EUR', terms_days: 10, limit: 'unlimited' }, ...today);
  post('1.00', '2025-07-10'); // due today
  post('2.00', '2025-04-20'); // due on the day before the months that are shown
  assert.deepEqual(months(), []);
  for (const [amount, invoiced_on] of [['4.00', '2025-04-21'], ['8.00', '2025-05-21'], ['16.00', '2025-05-22'], ['32.00', '2025-07-09']]) {
    post(amount!, invoiced_on!);
  }
  assert.deepEqual(months(), [['60.00', ['12.00', '16.00', '32.00']]]);
});

test('currencies come in the order of the first account of which something fell due', () => {
  place.do('partner_create', { code: 'T', name: 'T', roles: ['distributor'] }, ...today);
  for (const [code, currency, invoiced_on] of [['T1', 'EUR', '2025-07-20'], ['T2', 'USD', '2025-07-01'], ['T3', 'EUR', '2025-07-01']]) {
    place.do('account_create', { code, partner: 'T', currency, terms_days: 10, limit: 'unlimited' }, ...today);
    place.do('invoice_post', { account: code, amount: '5.00', invoiced_on }, ...today);
  }
  const { totals } = place.do('lateness_report', { partner: 'T' }, ...today);
  assert.deepEqual(totals.map((one: Reply) => [one['currency'], one['unpaid']]), [['USD', '5.00'], ['EUR', '5.00']]);
});
