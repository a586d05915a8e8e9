// What the server keeps from one call to the next is never told when it changed meanwhile: on a file the change goes
// through the server, on a database server through another process beside it. Every connection has kept it before.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Place, type Reply } from './support';

const place = new Place();
const today = ['--today', '2025-06-02'];
const at_once = 48;
let url = '';
let token = '';

async function order(product: string, more: Reply = {}): Promise<{ status: number; body: any }> {
  const body = { account: `A${Math.floor(Math.random() * 20)}`, lines: [{ product, quantity: 1 }, { product: 'R', quantity: 2 }], ...more };
  const reply = await fetch(`${url}/api/v1/orders`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: reply.status, body: await reply.json() };
}

/** Orders on all connections, and what each is answered: of all of them the same. */
async function same(product: string, told: (answer: { status: number; body: any }) => string, more: Reply = {}): Promise<string> {
  const answers = await Promise.all(Array.from({ length: at_once }, () => order(product, more)));
  const said = new Set(answers.map(told));
  assert.equal(said.size, 1, [...said].join(' | '));
  return [...said][0]!;
}

const total = (answer: { status: number; body: any }): string => `${answer.status} ${answer.body.total ?? answer.body.code}`;

before(async () => {
  const lines: Reply[] = [
    { do: 'product_create', in: { code: 'P', name: 'Pipe', unit_price: '100.00' } },
    { do: 'product_create', in: { code: 'R', name: 'Ring', unit_price: '1.00' } },
    { do: 'partner_create', in: { code: 'D', name: 'Distributor', roles: ['distributor'] } },
  ];
  for (let i = 0; i < 20; i++) {
    lines.push({ do: 'account_create', in: { code: `A${i}`, partner: 'D', currency: 'CNY', terms_days: 30, limit: '9000000.00' } });
  }
  const ran = place.journal(lines, ...today);
  assert.equal(ran.code, 0, ran.err);
  place.ok('user', 'add', 'root', '--role', 'admin');
  place.ok('user', 'add', 'anna', '--role', 'admin');
  ['carla', 'cora'].forEach((name) => place.ok('user', 'add', name, '--role', 'credit'));
  token = place.ok('token', 'add', 'root').out.trim();
  url = await place.serve(...today);
});
after(() => place.stop());

test('a price that was changed holds for every order behind it', async () => {
  for (let price = 100; price < 105; price++) {
    place.do('product_change', { product: 'P', unit_price: `${price}.00` }, ...today);
    assert.equal(await same('P', total), `201 ${price + 2}.00`);
  }
});

test('a product that was not there is found once it is, and a code that it lost finds nothing', async () => {
  assert.equal(await same('NEW', total), '404 ERR_NOT_FOUND');
  place.do('product_create', { code: 'NEW', name: 'New', unit_price: '7.00' }, ...today);
  assert.equal(await same('NEW', total), '201 9.00');
  place.do('product_change', { product: 'NEW', code: 'NEWER' }, ...today);
  assert.equal(await same('NEW', total), '404 ERR_NOT_FOUND');
  assert.equal(await same('NEWER', total), '201 9.00');
});

test('a policy that came into force judges every order behind it', async () => {
  const status = (answer: { status: number; body: any }): string => `${answer.status} ${answer.body.status}`;
  assert.equal(await same('P', status), '201 approved');
  const { version: _, ...policy } = place.do('policy_get', {}, ...today);
  const most = { kind: 'order_amount', threshold: '50.00', gate: 'order', outcome: 'hold' };
  const proposed = place.do('policy_set', { ...policy, rules: [...policy['rules'], most] }, ...today, '--as', 'carla');
  assert.equal(await same('P', status), '201 approved');
  for (const approver of ['anna', 'cora']) {
    place.do('approval_approve', { approval: proposed['approval'], reason: 'small orders only' }, ...today, '--as', approver);
  }
  assert.equal(await same('P', status), '201 held');
});

test('a field that is required is asked for, and no more once it is retired', async () => {
  assert.match(await same('P', total), /^201 /);
  const field = place.do('custom_field_create', { record: 'order', code: 'site', label_en: 'Site', kind: 'text', required: true }, ...today);
  assert.match(await same('P', total), /^422 /);
  assert.match(await same('P', total, { fields: { site: 'North' } }), /^201 /);
  place.do('custom_field_change', { custom_field: field['id'], retired: true }, ...today);
  assert.match(await same('P', total), /^201 /);
});

test('who a token stands for, and what that user may, holds as it is now', async () => {
  ['N', 'S'].forEach((code) => place.do('territory_create', { code, name: code }, ...today));
  place.do('partner_change', { partner: 'D', territory: 'S' }, ...today);
  place.ok('user', 'add', 'sara', '--role', 'sales');
  const made = place.do('token_create', { user: 'sara' }, ...today);
  const other = place.do('token_create', { user: 'sara' }, ...today);
  const change = (what: Reply): Reply => place.do('user_change', { user: 'sara', ...what }, ...today);
  const roots = token;
  token = made['token'];
  assert.match(await same('P', total), /^201 /);
  change({ role: 'viewer' });
  assert.match(await same('P', total), /^403 /);
  change({ role: 'sales', territories: ['N'] });
  assert.equal(await same('P', total), '404 ERR_NOT_FOUND');
  change({ territories: [] });
  assert.match(await same('P', total), /^201 /);
  place.do('token_revoke', { token: made['id'] }, ...today);
  assert.match(await same('P', total), /^401 /);
  token = other['token'];
  assert.match(await same('P', total), /^201 /);
  change({ is_active: false });
  assert.match(await same('P', total), /^401 /);
  change({ is_active: true });
  assert.match(await same('P', total), /^401 /);
  const third = place.do('token_create', { user: 'sara' }, ...today);
  token = third['token'];
  assert.match(await same('P', total), /^201 /);
  token = roots;
});
