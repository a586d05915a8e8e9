// What lists and the audit tell of one account, by way of its dossier, is what the whole has of it: in every order, in
// pages of any size, from any row on.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { Place, type Reply } from './support';

const place = new Place();
const today = ['--today', '2025-06-02'];
const make = (operation: string, members: Reply): Reply => place.do(operation, members, ...today);
const days = ['2025-06-02', '2025-05-30', '2025-06-01', '2025-05-29', '2025-05-30'];

before(() => {
  make('user_create', { name: 'admin', role: 'admin' });
  make('product_create', { code: 'P1', name: 'Pipe', unit_price: '10.00' });
  for (const code of ['A', 'B', 'C']) {
    make('partner_create', { code, name: code, roles: ['distributor'] });
    make('account_create', { code, partner: code, currency: 'CNY', terms_days: 10, limit: 'unlimited' });
  }
  // In turns, so that no account has its rows together; C has none.
  days.forEach((ordered_on, turn) => {
    for (const account of ['A', 'B']) {
      const number = `${account}${turn}`;
      make('order_place', { account, number, ordered_on, lines: [{ product: 'P1', quantity: turn + 1 }] });
      if (turn % 2 === 0) make('shipment_post', { order: number });
    }
  });
});

function pages(operation: string, asked: Reply): Reply[] {
  const items: Reply[] = [];
  for (let cursor: string | null = null, turn = 0; turn < 100; turn++) {
    const read: Reply = place.do(operation, { ...asked, ...(cursor !== null && { cursor }) }, ...today);
    items.push(...read['items']);
    cursor = read['next'];
    if (cursor === null) return items;
  }
  assert.fail('it has no end');
}

const lists = [
  { list: 'order_list', orders: ['id', '-id', 'ordered_on', '-ordered_on', 'total'], count: 5 },
  { list: 'decision_list', orders: ['id', '-id', 'on', '-on'], count: 8 },
];

for (const { list, orders, count } of lists) {
  test(`${list} of an account`, () => {
    for (const sort of orders) {
      const whole = pages(list, { limit: 500, sort }).filter((one) => one['account'] === 'A');
      assert.equal(whole.length, count);
      for (const limit of [1, 3, count, 500]) assert.deepEqual(pages(list, { account: 'A', sort, limit }), whole, `${sort}, ${limit}`);
      const skipped: Reply = place.do(list, { account: 'A', sort, skip: 2, limit: 2 }, ...today);
      assert.deepEqual(skipped['items'], whole.slice(2, 4), `${sort}, behind two`);
    }
    assert.deepEqual(pages(list, { account: 'C' }), []);
  });
}

test('entries of an account', () => {
  const whole = pages('entry_list', { account: 'A', limit: 500 });
  assert.deepEqual(whole.map((one) => one['event']).sort(), [...Array(5).fill('order_approved'), ...Array(3).fill('shipped')]);
  assert.ok(whole.every((one) => one['account'] === 'A' && one['document'] !== null));
  assert.deepEqual(pages('entry_list', { account: 'A', sort: '-id', limit: 3 }), [...whole].reverse());
  const byDay = pages('entry_list', { account: 'A', sort: 'on', limit: 500 });
  assert.deepEqual(byDay.map((one) => one['on']), whole.map((one) => one['on']).sort());
  assert.deepEqual(pages('entry_list', { account: 'A', sort: 'on', limit: 2 }), byDay);
  const until: Reply = place.do('entry_list', { account: 'A', until: '2025-05-30', limit: 500 }, ...today);
  assert.deepEqual(until['items'], whole.filter((one) => one['on'] <= '2025-05-30'));
});

test('the audit of an account', () => {
  const whole = pages('audit_list', { limit: 200 }).filter((one) => one['account'] === 'A');
  assert.ok(whole.length >= 8);
  for (const limit of [1, 3, 200]) assert.deepEqual(pages('audit_list', { account: 'A', limit }), whole, `pages of ${limit}`);
});

test('an operation with more rows than a block of ids has', () => {
  const invoices = 21;
  make('partner_create', { code: 'D', name: 'D', roles: ['distributor'] });
  make('account_create', { code: 'D', partner: 'D', currency: 'CNY', terms_days: 10, limit: 'unlimited' });
  for (let i = 0; i < invoices; i++) make('invoice_post', { account: 'D', number: `I${i}`, invoiced_on: '2025-06-02', amount: '10.00' });
  make('payment_post', { account: 'D', reference: 'all', received_on: '2025-06-02', amount: `${invoices}0.00` });
  const whole = pages('entry_list', { account: 'D', limit: 500 });
  const count = (event: string): number => whole.filter((one) => one['event'] === event).length;
  assert.deepEqual([count('invoiced_outside'), count('allocated')], [invoices, invoices]);
  for (const limit of [1, 7]) {
    assert.deepEqual(pages('entry_list', { account: 'D', limit }), whole, `pages of ${limit}`);
    assert.deepEqual(pages('entry_list', { account: 'D', sort: '-id', limit }), [...whole].reverse(), `backward, pages of ${limit}`);
  }
});

test('a cursor that was made up, below all ids', () => {
  for (const id of [-(2n ** 63n), -1n, 0n]) {
    const cursor = Buffer.from(`|${id}|n`).toString('base64url');
    const read: Reply = place.do('order_list', { account: 'A', limit: 500, cursor }, ...today);
    assert.equal(read['items'].length, 5, String(id));
  }
});
