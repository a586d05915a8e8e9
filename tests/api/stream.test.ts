// What happened with a partner in pages of any size is what happened in one: of two accounts and of the partner itself, of
// all kinds and of each.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { Place, type Reply } from './support';

const place = new Place();
const today = ['--today', '2025-06-02'];
const make = (operation: string, members: Reply): Reply => place.do(operation, members, ...today);

before(() => {
  make('user_create', { name: 'admin', role: 'admin' });
  make('product_create', { code: 'P1', name: 'Pipe', unit_price: '10.00' });
  make('partner_create', { code: 'P', name: 'P', roles: ['distributor'] });
  make('partner_create', { code: 'Q', name: 'Q', roles: ['distributor'] });
  for (const [code, partner] of [['A', 'P'], ['B', 'P'], ['C', 'Q']]) make('account_create', { code, partner, currency: 'CNY', terms_days: 10, limit: 'unlimited' });
  // In turns, so that no kind and no account has its rows together.
  for (let turn = 0; turn < 6; turn++) {
    for (const account of ['A', 'C', 'B']) {
      const number = `${account}${turn}`;
      make('order_place', { account, number, lines: [{ product: 'P1', quantity: 5 }] });
      if (turn % 2 === 0) make('shipment_post', { order: number });
      if (turn % 2 === 0) make('invoice_post', { account, order: number, amount: '20.00', invoiced_on: '2025-06-02' });
      if (turn % 3 === 0) make('payment_post', { account, amount: '15.00', received_on: '2025-06-02' });
    }
    make('activity_log', { partner: 'P', kind: 'planning', on: '2025-06-02', note: `note ${turn}` });
    if (turn < 2) make('contact_create', { partner: 'P', name: `Person ${turn}` });
  }
});

const page = (asked: Reply): Reply => place.do('partner_stream', { partner: 'P', ...asked }, ...today);

function pages(asked: Reply): Reply[] {
  const items: Reply[] = [];
  for (let cursor: string | null = null, turn = 0; turn < 100; turn++) {
    const read: Reply = page({ ...asked, ...(cursor !== null && { cursor }) });
    items.push(...read['items']);
    cursor = read['next'];
    if (cursor === null) return items;
  }
  assert.fail('it has no end');
}

test('pages of any size are parts of the whole, and nothing is twice or left out', () => {
  const whole = page({ limit: 500 });
  assert.equal(whole['next'], null);
  const count = (kind: string, account: string | null) => whole['items'].filter((one: Reply) => one['kind'] === kind && one['account'] === account).length;
  for (const account of ['A', 'B']) {
    assert.deepEqual(['order', 'shipment', 'invoice', 'payment', 'limit'].map((kind) => count(kind, account)), [6, 3, 3, 2, 1]);
    assert.ok(count('decision', account) >= 6);
  }
  assert.deepEqual([count('activity', null), count('contact', null), count('order', 'C')], [6, 2, 0]);
  // The last 13 characters are when it was recorded, whatever it is.
  const times = whole['items'].map((one: Reply) => one['id'].slice(1));
  assert.deepEqual(times, [...times].sort().reverse());
  for (const limit of [1, 2, 7, whole['items'].length - 1, whole['items'].length]) {
    assert.deepEqual(pages({ limit }), whole['items'], `pages of ${limit}`);
  }
});

test('a kind or an account alone is what the whole has of it', () => {
  const { items } = page({ limit: 500 });
  for (const kind of ['order', 'decision', 'invoice', 'activity', 'contact', 'refund']) {
    assert.deepEqual(pages({ kind, limit: 4 }), items.filter((one: Reply) => one['kind'] === kind), kind);
  }
  assert.deepEqual(pages({ account: 'A', limit: 5 }), items.filter((one: Reply) => one['account'] !== 'B'));
  assert.deepEqual(pages({ account: 'B', kind: 'order', limit: 1 }), items.filter((one: Reply) => one['account'] === 'B' && one['kind'] === 'order'));
});
