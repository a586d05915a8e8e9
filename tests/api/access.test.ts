// Who may do and see what, for every operation that the program has.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { type Reply } from './support';
import { type Operation, ROLES, type Role, World, hasBody, permissions, rolesOf } from './world';

const world = new World();
before(() => world.start());
after(() => world.place.stop());

/** The roles of the trade rules, by the operations of the contract. */
const TRADE: Record<string, string[]> = {
  a: ['user_create', 'user_change', 'user_sign_out', 'token_create', 'token_list', 'token_revoke', 'org_change',
    'sight_explain', 'audit_list', 'custom_field_create', 'custom_field_change'],
  af: ['invoice_post', 'invoice_reverse', 'credit_note_post', 'credit_note_reverse', 'write_off_post', 'write_off_reverse',
    'payment_post', 'payment_reverse', 'allocation_post', 'allocation_reverse', 'refund_post', 'refund_reverse', 'rate_set',
    'period_close', 'period_reopen', 'day_close', 'day_close_list',
    'import_mapping_set', 'import_mapping_list', 'import_run_list', 'import_run_rows'],
  am: ['territory_create', 'territory_change', 'territory_remove'],
  ac: ['policy_set'],
  amc: ['release_withdraw'],
  amf: ['product_create', 'product_change', 'product_remove'],
  ams: ['partner_create', 'partner_change', 'partner_remove', 'contact_create', 'contact_change', 'contact_remove', 'relation_create',
    'relation_change', 'relation_remove', 'order_place', 'order_preview', 'order_change', 'order_cancel', 'order_close',
    'order_reopen', 'order_release_request', 'shipment_post', 'shipment_reverse', 'return_post', 'return_reverse'],
  amsc: ['account_create', 'account_change', 'account_remove', 'limit_set', 'order_recheck', 'order_refuse'],
  amcl: ['account_state_set'],
  amsl: ['promise_make'],
  amscl: ['activity_log', 'activity_reverse', 'alert_act', 'alert_close'],
  amsclf: ['order_release', 'approval_approve', 'approval_reject', 'promise_withdraw'],
  amsclfv: ['policy_get', 'approval_list', 'decision_get', 'decision_replay', 'order_approvers', 'news_get', 'alert_list', 'alert_get', 'alert_history', 'worklist_get', 'policy_history', 'org_history', 'partner_stream', 'policy_trial', 'dso_report', 'lateness_report',
    'allocation_list', 'decision_list', 'period_list', 'territory_list', 'org_get', 'limit_list', 'release_list', 'write_off_list', 'refund_list', 'contact_list', 'relation_list', 'activity_list', 'product_list', 'user_list', 'rate_list',
    'view_list', 'view_create', 'view_change', 'view_remove', 'list_totals'],
  amsclfvp: ['partner_list', 'account_list', 'account_get', 'exposure_get', 'aging_report', 'entry_list', 'entry_get', 'order_list', 'order_get',
    'shipment_list', 'return_list', 'invoice_list', 'credit_note_list', 'payment_list', 'promise_list', 'search', 'session_current', 'session_end', 'session_create', 'password_change', 'preference_set',
    'custom_field_list', 'custom_field_get'],
};

/** What a role may do with an operation that it is let in to is narrower where the trade says so: who, what, and how it ends. */
const WITHIN: [string, string, Reply, string][] = [
  ['collections', 'activity_log', { partner: 'EAST-P', kind: 'market', on: '2025-06-03' }, 'ERR_FORBIDDEN'],
  ['credit', 'activity_log', { partner: 'EAST-P', kind: 'market', on: '2025-06-03' }, 'ERR_FORBIDDEN'],
  ['credit', 'activity_log', { partner: 'EAST-P', kind: 'hospitality', on: '2025-06-03' }, 'done'],
  ['collections', 'activity_log', { partner: 'EAST-P', kind: 'collection', on: '2025-06-03' }, 'done'],
  ['sales', 'activity_log', { partner: 'EAST-P', kind: 'market', on: '2025-06-03' }, 'done'],
  ['collections', 'account_state_set', { account: 'EAST-A', state: 'pay_down', reason: 'r' }, 'ERR_FORBIDDEN'],
  ['collections', 'account_state_set', { account: 'EAST-A', state: 'stop', reason: 'r' }, 'ERR_FORBIDDEN'],
  ['collections', 'account_state_set', { account: 'EAST-A', state: 'prepay', reason: 'r' }, 'done'],
  ['sales', 'promise_withdraw', { promise: 'EAST promise', reason: 'r' }, 'ERR_FORBIDDEN'],
  ['manager', 'promise_withdraw', { promise: 'EAST promise', reason: 'r' }, 'ERR_FORBIDDEN'],
  ['finance', 'promise_withdraw', { promise: 'EAST promise', reason: 'r' }, 'ERR_FORBIDDEN'],
  ['sales', 'limit_set', { account: 'EAST-A', amount: '1.00', reason: 'r' }, 'pending'],
  ['manager', 'limit_set', { account: 'EAST-A', amount: '1.00', reason: 'r' }, 'pending'],
  ['credit', 'limit_set', { account: 'EAST-A', amount: '9000.00', reason: 'r' }, 'in_force'],
];

function may(operation: Operation): Role[] {
  const roles = permissions().get(operation.permission);
  assert.ok(roles !== undefined, `${operation.name} needs ${operation.permission}, which nobody knows`);
  return roles;
}

async function ask(role: Role, operation: Operation, token: string) {
  const path = world.fill(operation.path.replace('{token}', token), 'EAST');
  const { status, body } = await world.send(role, operation.method, path, hasBody(operation.method) ? {} : undefined);
  return { status, isBarred: status === 403 && String(body['detail']).includes(`needs the right "${operation.permission}"`) };
}

/* Signing in is for everybody; what empties the world for the others comes last. */
const signIn = (operation: Operation) => operation.permission === 'PUBLIC';
const isLast = (operation: Operation) => operation.method === 'DELETE';

/** A partner's user is not told whether our own records exist, nor a relation whose other partner it does not see. */
const isOurs = (path: string): boolean => /\{(relation|user|territory|rate|token|view|import_run)\}/.test(path);

describe('roles', () => {
  test('have the operations that the trade gives them', () => {
    for (const [letters, names] of Object.entries(TRADE)) {
      for (const name of names) {
        const operation = world.operations.find((one) => one.name === name);
        assert.ok(operation !== undefined, `there is no ${name}`);
        assert.deepEqual(may(operation), rolesOf(letters), name);
      }
    }
  });

  test('no operation is forgotten: each is in the table, or shows or changes what one of the table does', () => {
    const told = new Set(Object.values(TRADE).flat());
    for (const { name } of world.operations) {
      const list = name.replace(/_(get|history)$/, '_list');
      const isTold = told.has(name) || (name.endsWith('_get') && told.has(list)) || (name.endsWith('_history') && told.has(list));
      assert.ok(isTold, `the table says nothing of ${name}`);
      // What a partner may not see of its own is who of us did what.
      const same = world.operations.find((one) => one.name === list);
      if (name === list || same === undefined || told.has(name)) continue;
      const roles = may(same).filter((role) => !name.endsWith('_history') || role !== 'partner');
      assert.deepEqual(may(world.operations.find((one) => one.name === name)!), roles, name);
    }
  });

  test('within an operation a role may do what the trade gives it, and no more', async () => {
    for (const [role, name, members, wanted] of WITHIN) {
      const operation = world.operations.find((one) => one.name === name)!;
      const body = Object.fromEntries(Object.entries(members).map(([member, value]) => {
        const [side, kind] = String(value).split(' ');
        return [member, side === 'EAST' && kind !== undefined ? world.sides.EAST[kind] : value];
      }));
      const path = operation.path.replace(/\{(\w+)\}/g, (_, kind: string) => String(body[kind]));
      for (const kind of operation.path.matchAll(/\{(\w+)\}/g)) delete body[kind[1]!];
      const { status, body: reply, text } = await world.send(role, operation.method, path, body);
      const found = status >= 400 ? reply['code'] : wanted === 'done' ? 'done' : reply['status'];
      assert.equal(found, wanted, `${role} ${name}: ${text}`);
    }
  });

  test('every operation says who may, and somebody may', () => {
    for (const operation of world.operations) {
      assert.ok(may(operation).length > 0, operation.name);
      assert.ok(may(operation).includes('admin'), operation.name);
    }
  });

  test('a role that may not is barred from every operation, whatever else is wrong with the call', async () => {
    const token = await world.spare();
    for (const operation of world.operations.filter((one) => !signIn(one))) {
      for (const role of ROLES.filter((one) => !may(operation).includes(one))) {
        const { status, isBarred } = await ask(role, operation, token);
        const isUnseen = role === 'partner' && status === 404 && isOurs(operation.path);
        assert.ok(isBarred || isUnseen, `${role} ${operation.name}: ${status}`);
      }
    }
  });

  test('a caller without a token, or with one of nobody, gets nowhere', async () => {
    for (const operation of world.operations.filter((one) => one.name !== 'session_create')) {
      for (const headers of [{} as Record<string, string>, { authorization: 'Bearer nobody' }]) {
        const path = operation.path.replace(/\{\w+\}/g, 'X');
        const reply = await fetch(`${world.base}/api/v1${path}`, { method: operation.method, headers });
        assert.equal(reply.status, 401, operation.name);
      }
    }
  });

  test('no record of the other territory is told from one that is not there', async () => {
    for (const user of ['EAST-sales', 'partner']) {
      for (const operation of world.operations.filter((one) => one.path.includes('{'))) {
        const kind = /\{(\w+)\}/.exec(operation.path)![1]!;
        if (['territory', 'product', 'rate', 'user', 'token', 'view', 'custom_field', 'list', 'import_run'].includes(kind)) continue;
        const { status, body, text } = await world.send(user, operation.method, world.fill(operation.path, 'WEST'),
          hasBody(operation.method) ? {} : undefined);
        assert.equal(status, 404, `${user} ${operation.name}: ${text}`);
        assert.equal(body['code'], 'ERR_NOT_FOUND');
      }
    }
  });

  test('no list, report or record shows anything of the other territory (#26)', async () => {
    const foreign = [...Object.entries(world.sides.WEST)].filter(([kind, id]) => id !== world.sides.EAST[kind] && kind !== 'territory');
    for (const user of ['EAST-sales', 'partner']) {
      for (const operation of world.operations.filter((one) => one.method === 'GET')) {
        if (operation.path.includes('{token}')) continue;
        const asked = world.fill(operation.path, 'EAST');
        const { status, text } = await world.send(user, 'GET', asked);
        const isUnseen = user === 'partner' && isOurs(operation.path);
        assert.ok(status === 200 || status === 403 || (isUnseen && status === 404), `${user} ${operation.name}: ${status} ${text}`);
        for (const [kind, id] of foreign) {
          assert.ok(!text.includes(id), `${user} sees a ${kind} of the other side in ${operation.name}: ${text}`);
        }
        assert.ok(user !== 'partner' || !text.includes('31.41'), `a partner sees our cost in ${operation.name}`);
        const shown = text.replaceAll('T-WEST', '').replaceAll(/WEST-(user|sales)/g, '');
        assert.ok(operation.name === 'user_list' || !shown.includes('WEST'), `${user} ${operation.name}: ${text}`);
      }
    }
  });

  test('search finds nothing of the other territory, and for a partner nothing of ours', async () => {
    for (const [user, own, hidden] of [['EAST-sales', 'EAST', 'WEST'], ['partner', 'EAST', 'WEST']] as const) {
      const found = await world.send(user, 'GET', `/search?q=${own}&limit=50`);
      assert.ok(found.body['items'].length > 0, found.text);
      const { status, body } = await world.send(user, 'GET', `/search?q=${hidden}&limit=50`);
      assert.equal(status, 200);
      assert.deepEqual(body['items'], [], user);
    }
    const kinds = (await world.send('partner', 'GET', '/search?q=EAST&limit=50')).body['items'].map((one: { kind: string }) => one.kind);
    assert.ok(!kinds.includes('contact') && !kinds.includes('product'), kinds.join());
  });

  test('lists show what is in sight, and do not take a filter by what is not', async () => {
    for (const user of ['EAST-sales', 'partner']) {
      for (const operation of world.operations.filter((one) => one.name.endsWith('_list'))) {
        const path = world.fill(operation.path, 'EAST');
        const own = await world.send(user, 'GET', path);
        if (own.status === 403 || operation.name === 'period_list') continue;
        const isHidden = user === 'partner' && operation.name === 'relation_list';
        assert.equal(own.body['items'].length > 0, !isHidden, `${user} ${operation.name}`);
        for (const kind of ['account', 'partner']) {
          if (!operation.parameters.includes(kind) || path !== operation.path) continue;
          assert.equal((await world.send(user, 'GET', `${path}?${kind}=WEST-${kind[0]!.toUpperCase()}`)).status, 404, operation.name);
        }
      }
    }
  });

  test('no write takes a record that is out of sight', async () => {
    let tried = 0;
    for (const operation of world.operations.filter((one) => hasBody(one.method))) {
      for (const [member, { 'x-refers-to': kind }] of Object.entries(operation.body)) {
        const id = world.sides.WEST[kind];
        // Products, users, rates and territories are in everybody's sight.
        if (id === undefined || id === world.sides.EAST[kind] || kind === 'territory' || operation.path.includes(`{${member}}`)) continue;
        const { status, text } = await world.send('EAST-sales', operation.method, world.fill(operation.path.replace('{token}', 'X'), 'EAST'), { [member]: id });
        assert.equal(status, 404, `${operation.name} ${member}: ${text}`);
        tried++;
      }
    }
    assert.ok(tried > 8, `${tried} references tried`);
  });

  test('a stale version is refused by whatever acts on a record, and told', async () => {
    const acts = world.operations.filter((one) => hasBody(one.method) || one.method === 'DELETE');
    const compared = acts.filter((one) => one.isCompared && one.name !== 'policy_set');
    const token: string = (await world.send('admin', 'GET', '/tokens')).body['items'][0].id;
    for (const operation of compared) {
      const role = may(operation)[0]!;
      const { status, body, text } = await world.send(role, operation.method, world.fill(operation.path.replace('{token}', token), 'EAST'),
        hasBody(operation.method) ? {} : undefined, { 'if-match': '"999"' });
      assert.equal(status, 412, `${operation.name}: ${text}`);
      assert.equal(body['code'], 'ERR_VERSION_STALE');
      assert.match(body['detail'], /^You have version 999, it is at \d+ now/);
    }
    // What names a record in its path and takes no version does nothing to it.
    const others = acts.filter((one) => one.path.includes('{') && !one.isCompared).map((one) => one.name).sort();
    assert.deepEqual(others, ['decision_replay', 'order_approvers']);
  });

  test('a role that may is let in to every operation', async () => {
    const ordered = [...world.operations.filter((one) => !isLast(one)), ...world.operations.filter(isLast)];
    for (const operation of ordered.filter((one) => !signIn(one))) {
      for (const role of may(operation)) {
        const { status, isBarred } = await ask(role, operation, await world.spare());
        assert.ok(!isBarred && status !== 401 && status < 500, `${role} ${operation.name}: ${status}`);
      }
    }
  });
});
