// Goods, invoices and money over HTTP: what waits, what is held, and what many do at once.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { holdsResponse } from './described';
import { Place, type Reply } from './support';

const place = new Place();
const today = ['--today', '2025-06-02'];
let url = '';
let local = '';

async function post(path: string, body: Reply, as = 'fred'): Promise<{ status: number; body: any }> {
  const reply = await fetch(`${url}/api/v1${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${local}`, 'content-type': 'application/json', 'guanxi-as': as },
    body: JSON.stringify(body),
  });
  await holdsResponse('POST', url + path, reply);
  return { status: reply.status, body: await reply.json() };
}

const get = async (path: string): Promise<any> =>
  (await fetch(`${url}/api/v1${path}`, { headers: { authorization: `Bearer ${local}` } })).json();

function account(code: string, limit = '10000.00'): void {
  place.do('partner_create', { code, name: code, roles: ['distributor'] }, ...today);
  place.do('account_create', { code, partner: code, currency: 'CNY', terms_days: 30, limit }, ...today);
}

before(async () => {
  place.do('user_create', { name: 'fred', role: 'finance' }, ...today);
  place.do('user_create', { name: 'olga', role: 'sales' }, ...today);
  place.do('product_create', { code: 'P', name: 'Pipe', unit_price: '100.00' }, ...today);
  ['A', 'B', 'C', 'D'].forEach((code) => account(code));
  url = await place.serve(...today);
  local = readFileSync(place.path('guanxi.db.lock'), 'utf8').split('\n')[1]!;
});
after(() => place.stop());

test('what is made answers 201, what is held 200 without an id, what waits 202', async () => {
  await post('/orders', { account: 'A', number: 'A1', lines: [{ product: 'P', quantity: 10 }] }, 'olga');
  await post('/orders', { account: 'A', number: 'A2', lines: [{ product: 'P', quantity: 100 }] }, 'olga');
  const went = await post('/shipments', { order: 'A1' }, 'olga');
  assert.deepEqual([went.status, went.body.status, typeof went.body.id], [201, 'posted', 'string']);
  const held = await post('/shipments', { order: 'A2' }, 'olga');
  assert.deepEqual([held.status, held.body.status, 'id' in held.body], [200, 'held', false]);
  const invoice = { account: 'A', amount: '500.00', invoiced_on: '2025-06-02' };
  assert.equal((await post('/invoices', invoice)).status, 201);
  assert.equal((await post('/invoices', { ...invoice, due_on: '2025-12-31' })).status, 202);
  assert.equal((await post('/credit-notes', { account: 'A', amount: '1.00', reason: 'r' })).status, 201);
  assert.equal((await post('/credit-notes', { account: 'A', amount: '101.00', reason: 'r' })).status, 202);
});

test('a repeat answers the decision to the letter, though audit keeps only its id', async () => {
  const send = async (path: string, body: Reply, key: string): Promise<string[]> => {
    const reply = await fetch(`${url}/api/v1${path}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${local}`, 'content-type': 'application/json', 'guanxi-as': 'olga', 'idempotency-key': key,
      },
      body: JSON.stringify(body),
    });
    return [String(reply.status), await reply.text(), reply.headers.get('idempotent-replayed') ?? 'false'];
  };
  const twice = async (path: string, body: Reply, key: string, outcome: string): Promise<void> => {
    const first = await send(path, body, key);
    assert.equal(JSON.parse(first[1]!).decision.outcome, outcome, first[1]);
    assert.deepEqual(await send(path, body, key), [first[0], first[1], 'true']);
  };
  place.do('partner_create', { code: 'J', name: 'J', roles: ['distributor'] }, ...today);
  place.do('account_create', { code: 'J', partner: 'J', currency: 'JPY', terms_days: 30, limit: '1000' }, ...today);
  place.do('rate_set', { currency: 'JPY', rate: '0.05', on: '2025-06-01' }, ...today);
  const lines = [{ product: 'P', quantity: 9 }];
  await twice('/orders', { account: 'A', number: 'R1', lines }, 'r1', 'pass');
  await twice('/orders', { account: 'A', number: 'R2', lines: [{ product: 'P', quantity: '200.5' }] }, 'r2', 'hold');
  await twice('/orders', { account: 'J', number: 'R3', lines: [{ product: 'P', quantity: '9.5' }] }, 'r3', 'warn');
  await twice('/orders', { account: 'J', number: 'R4', lines }, 'r4', 'hold');
  await twice('/orders/R2/recheck', {}, 'r5', 'hold');
  await twice('/shipments', { order: 'R1', lines: [{ line: 1, quantity: 1 }] }, 'r6', 'pass');
  await twice('/shipments', { order: 'R2' }, 'r7', 'hold');
});

describe('at once (failure-modes at-once)', () => {
  const sorted = (replies: { status: number }[]): number[] => replies.map((reply) => reply.status).sort();

  test('two reconcile the same money: one of them is told that it is gone', async () => {
    const { body: paid } = await post('/payments', { account: 'B', amount: '100.00', received_on: '2025-06-02' });
    const invoices = await Promise.all(['1', '2', '3', '4'].map((number) =>
      post('/invoices', { account: 'B', amount: '100.00', invoiced_on: '2025-06-02', number: `B${number}` })));
    await Promise.all((await get(`/allocations?account=B`)).items.map((item: Reply) => post(`/allocations/${item['id']}/reverse`, { reason: 'r' })));
    const replies = await Promise.all(invoices.map(({ body }) =>
      post('/allocations', { payment: paid.id, allocations: [{ invoice: body.id, amount: '100.00' }] })));
    assert.deepEqual(sorted(replies), [201, 409, 409, 409]);
    const figures = await get('/accounts/B/exposure');
    assert.deepEqual([figures.receivable, figures.advance], ['300.00', '0.00']);
  });

  test('many ship the same order: no more goes than it has', async () => {
    await post('/orders', { account: 'C', number: 'C1', lines: [{ product: 'P', quantity: 10 }] }, 'olga');
    const replies = await Promise.all(Array.from({ length: 8 }, () =>
      post('/shipments', { order: 'C1', lines: [{ line: 1, quantity: 3 }] }, 'olga')));
    assert.deepEqual(sorted(replies), [201, 201, 201, 422, 422, 422, 422, 422]);
    const figures = await get('/accounts/C/exposure');
    assert.deepEqual([figures.ordered, figures.shipped], ['100.00', '900.00']);
  });

  test('many take the same shipment and payment back: each once', async () => {
    await post('/orders', { account: 'D', number: 'D1', lines: [{ product: 'P', quantity: 10 }] }, 'olga');
    const { body: shipment } = await post('/shipments', { order: 'D1' }, 'olga');
    const { body: payment } = await post('/payments', { account: 'D', amount: '50.00', received_on: '2025-06-02' });
    const replies = await Promise.all([0, 1, 2].flatMap(() => [
      post(`/shipments/${shipment.id}/reverse`, { reason: 'r' }, 'olga'),
      post(`/payments/${payment.id}/reverse`, { reason: 'r' }),
    ]));
    assert.deepEqual(sorted(replies), [200, 200, 409, 409, 409, 409]);
    const figures = await get('/accounts/D/exposure');
    assert.deepEqual([figures.ordered, figures.shipped, figures.advance], ['1000.00', '0.00', '0.00']);
  });

  test('numbers of a series have no gaps and no doubles', async () => {
    const replies = await Promise.all(Array.from({ length: 12 }, (_, i) =>
      post('/invoices', { account: ['A', 'B', 'C'][i % 3]!, amount: '1.00', invoiced_on: '2025-06-02' })));
    const numbers = replies.map(({ body }) => Number(body.number.slice('INV-'.length))).sort((a, b) => a - b);
    numbers.forEach((number, i) => assert.equal(number, numbers[0]! + i));
  });
});

test('an import brings due dates beyond the terms without asking anybody', () => {
  const other = new Place();
  other.do('partner_create', { code: 'D', name: 'D', roles: ['distributor'] }, ...today);
  other.do('account_create', { code: 'D', partner: 'D', currency: 'CNY', terms_days: 30 }, ...today);
  other.write('i.csv', 'account,number,invoiced_on,due_on,amount\nD,1,2025-05-02,2025-12-31,100.00\n');
  other.ok('import', 'invoices', 'i.csv', ...today);
  assert.equal(other.do('invoice_get', { invoice: '1' }, ...today)['due_on'], '2025-12-31');
  assert.deepEqual(other.do('approval_list', {}, ...today)['items'], []);
});

test('the books are sound after all that', async () => {
  await place.stop();
  assert.match(place.ok('doctor').out, / 0 findings/);
});
