// Users, tokens and sessions over HTTP: who gets in, who is put out, and when.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { Place, type Reply } from './support';

const PASSWORD = 'eleven green elephants';
const NEXT = 'twelve purple tapirs';

type Answer = { status: number; body: Reply; cookie: string | null };

let place: Place;
let base = '';
let admin = '';

async function send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const json: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
  const reply = await fetch(`${base}/api/v1${path}`, {
    method, headers: { ...json, ...headers }, ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const set = reply.headers.get('set-cookie');
  return { status: reply.status, body: await reply.json() as Reply, cookie: set === null ? null : set.split(';')[0] ?? '' };
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
/** What a browser sends along from one of our pages. */
const ours = (cookie: string | null) => ({ cookie: cookie ?? '', 'sec-fetch-site': 'same-origin' });
const asAdmin = (method: string, path: string, body?: unknown) => send(method, path, body, bearer(admin));
const signIn = (name: string, password = PASSWORD) => send('POST', '/sessions', { name, password });

before(async () => {
  place = new Place();
  place.write('pw', `${PASSWORD}\n`);
  place.ok('user', 'add', 'ann', '--role', 'admin', '--password-file', 'pw');
  place.ok('user', 'add', 'sam', '--role', 'sales', '--password-file', 'pw', '--reports-to', 'ann');
  place.ok('user', 'add', 'bot', '--role', 'finance');
  admin = place.ok('token', 'add', 'ann').out.trim();
  base = await place.serve();
});
after(() => place.stop());

describe('sessions', () => {
  test('signing in answers who one is and what one may do, with a cookie scripts cannot read', async () => {
    const reply = await fetch(`${base}/api/v1/sessions`, {
      method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ name: 'sam', password: PASSWORD }),
    });
    assert.equal(reply.status, 201);
    const session = await reply.json() as Reply;
    assert.equal(session['name'], 'sam');
    assert.equal(session['role'], 'sales');
    assert.ok(session['permissions'].includes('ORDER_WRITE'));
    assert.ok(!session['permissions'].includes('USER_WRITE'));
    assert.match(reply.headers.get('set-cookie') ?? '', /^guanxi=[a-z0-9]{51,52}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=43200$/);
  });

  test('the cookie is who one is, a new one at every sign-in', async () => {
    const first = await signIn('sam');
    const second = await signIn('sam');
    assert.notEqual(first.cookie, second.cookie);
    for (const { cookie } of [first, second]) {
      const current = await send('GET', '/sessions/current', undefined, ours(cookie));
      assert.equal(current.status, 200);
      assert.equal(current.body['name'], 'sam');
      assert.match(current.body['ends_at'], /^\d{4}-\d\d-\d\dT/);
      assert.match(current.body['today'], /^\d{4}-\d\d-\d\d$/);
    }
  });

  test('signing out ends that session alone, at once', async () => {
    const gone = await signIn('sam');
    const kept = await signIn('sam');
    const out = await send('DELETE', '/sessions/current', undefined, ours(gone.cookie));
    assert.equal(out.status, 200);
    assert.equal(out.cookie, 'guanxi=');
    assert.equal((await send('GET', '/sessions/current', undefined, ours(gone.cookie))).status, 401);
    assert.equal((await send('GET', '/sessions/current', undefined, ours(kept.cookie))).status, 200);
  });

  test('one refusal for a wrong password, an unknown name, one without a password, one out of use', async () => {
    await asAdmin('POST', '/users', { name: 'old', role: 'sales', password: PASSWORD });
    await asAdmin('PATCH', '/users/old', { is_active: false });
    const wrong = [await signIn('sam', 'not the password'), await signIn('nobody'), await signIn('bot'), await signIn('old')];
    for (const { status, body, cookie } of wrong) {
      assert.equal(status, 401);
      assert.equal(body['code'], 'ERR_UNAUTHENTICATED');
      assert.equal(body['detail'], wrong[0]!.body['detail']);
      assert.equal(cookie, null);
    }
  });

  test('an unknown name takes as long as a wrong password', async () => {
    const time = async (name: string) => {
      const from = performance.now();
      for (let i = 0; i < 3; i++) await signIn(name, 'not the password');
      return performance.now() - from;
    };
    const known = await time('ann');
    const unknown = await time('nobody at all');
    assert.ok(unknown > known / 3, `unknown ${unknown} ms, known ${known} ms`);
  });

  test('a cookie sent along by a page of another site changes nothing', async () => {
    const { cookie } = await signIn('sam');
    const foreign = await send('DELETE', '/sessions/current', undefined, { cookie: cookie ?? '', 'sec-fetch-site': 'cross-site' });
    assert.equal(foreign.status, 403);
    assert.equal((await send('GET', '/sessions/current', undefined, ours(cookie))).status, 200);
  });

  test('guessing is slowed by name, and by the address that a proxy on this machine tells', async () => {
    const guess = (name: string, forwarded: string) => send('POST', '/sessions', { name, password: 'a guess among guesses' }, { 'x-forwarded-for': forwarded });
    const byName = [];
    for (let i = 0; i < 6; i++) byName.push((await guess('mallory', `192.0.2.${i}`)).status);
    assert.deepEqual(byName, [401, 401, 401, 401, 401, 429]);
    const byAddress = [];
    for (let i = 0; i < 31; i++) byAddress.push((await guess(`mallory ${i}`, `198.51.100.${i}, 203.0.113.1`)).status);
    assert.deepEqual(byAddress, [...Array(30).fill(401), 429]);
    assert.equal((await guess('somebody else', '203.0.113.1')).status, 429);
    assert.equal((await guess('somebody else', '203.0.113.1, 203.0.113.2')).status, 401);
    assert.equal((await send('POST', '/sessions', { name: 'sam', password: PASSWORD }, { 'x-forwarded-for': '203.0.113.2' })).status, 201);
  });

  test('name and password are required, and nothing else is taken', async () => {
    assert.equal((await send('POST', '/sessions', { name: 'sam' })).body['field'], 'password');
    assert.equal((await send('POST', '/sessions', { name: 'sam', password: PASSWORD, role: 'admin' })).body['code'], 'ERR_FIELD_UNKNOWN');
  });

  test('who came with a token has no session to end', async () => {
    const current = await send('GET', '/sessions/current', undefined, bearer(admin));
    assert.equal(current.body['name'], 'ann');
    assert.equal(current.body['ends_at'], null);
    assert.equal((await asAdmin('DELETE', '/sessions/current')).body['code'], 'ERR_STATE');
    assert.equal((await send('GET', '/sessions/current')).status, 401);
  });

  test('the admin ends all sessions of a user', async () => {
    const sessions = [await signIn('sam'), await signIn('sam')];
    assert.equal((await asAdmin('POST', '/users/sam/sign-out', {})).status, 200);
    for (const { cookie } of sessions) {
      assert.equal((await send('GET', '/sessions/current', undefined, ours(cookie))).status, 401);
    }
  });
});

describe('passwords', () => {
  test('one changes one\'s own, which ends one\'s other sessions', async () => {
    const here = await signIn('sam');
    const elsewhere = await signIn('sam');
    const wrong = await send('PUT', '/sessions/current/password', { old_password: 'guess', password: NEXT }, ours(here.cookie));
    assert.equal(wrong.body['field'], 'old_password');
    const weak = await send('PUT', '/sessions/current/password', { old_password: PASSWORD, password: 'short' }, ours(here.cookie));
    assert.equal(weak.body['field'], 'password');
    const done = await send('PUT', '/sessions/current/password', { old_password: PASSWORD, password: NEXT }, ours(here.cookie));
    assert.equal(done.status, 200);
    assert.equal((await send('GET', '/sessions/current', undefined, ours(here.cookie))).status, 200);
    assert.equal((await send('GET', '/sessions/current', undefined, ours(elsewhere.cookie))).status, 401);
    assert.equal((await signIn('sam')).status, 401);
    assert.equal((await signIn('sam', NEXT)).status, 201);
  });

  test('guessing at it from a session or with a token is slowed like signing in', async () => {
    await asAdmin('POST', '/users', { name: 'victim', role: 'sales', password: PASSWORD });
    const { cookie } = await signIn('victim');
    const token = (await asAdmin('POST', '/tokens', { user: 'victim' })).body['token'];
    const guess = (headers: Record<string, string>, old = 'a guess among guesses') =>
      fetch(`${base}/api/v1/sessions/current/password`, {
        method: 'PUT', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify({ old_password: old, password: NEXT }),
      });
    const statuses = [];
    for (let i = 0; i < 5; i++) statuses.push((await guess(i % 2 === 0 ? ours(cookie) : bearer(token))).status);
    assert.deepEqual(statuses, Array(5).fill(422));
    const slowed = await guess(bearer(token), PASSWORD);
    assert.equal(slowed.status, 429);
    assert.match(slowed.headers.get('retry-after') ?? '', /^\d+$/);
    assert.equal((await slowed.json() as Reply)['code'], 'ERR_THROTTLED');
    assert.equal((await signIn('victim')).status, 429);
  });

  test('the admin sets one, which ends all sessions of the user; null leaves tokens only', async () => {
    const here = await signIn('sam', NEXT);
    assert.equal((await asAdmin('PATCH', '/users/sam', { password: PASSWORD })).body['has_password'], true);
    assert.equal((await send('GET', '/sessions/current', undefined, ours(here.cookie))).status, 401);
    assert.equal((await signIn('sam')).status, 201);
    assert.equal((await asAdmin('PATCH', '/users/sam', { password: null })).body['has_password'], false);
    assert.equal((await signIn('sam')).status, 401);
    await asAdmin('PATCH', '/users/sam', { password: PASSWORD });
  });

  test('too short, too well known, all of one letter, or little but the name', async () => {
    for (const password of ['fourteen chars', 'correcthorsebatterystaple', 'aaaaaaaaaaaaaaaaaaaa', 'bartholomeus 123', 'x'.repeat(257)]) {
      const made = await asAdmin('POST', '/users', { name: 'bartholomeus', role: 'viewer', password });
      assert.equal(made.status, 422, password);
      assert.equal(made.body['field'], 'password');
    }
  });

  test('are in no reply, history or audit row', async () => {
    const texts = [
      await asAdmin('GET', '/users'), await asAdmin('GET', '/users/sam'), await asAdmin('GET', '/users/sam/history'),
    ].map(({ body }) => JSON.stringify(body));
    const stored = place.stored();
    assert.ok(stored.includes('sam'));
    for (const text of [...texts, stored]) {
      assert.ok(!text.includes(PASSWORD));
      assert.ok(!text.includes(NEXT));
    }
    assert.ok(texts[2]!.includes('"field":"password"'));
  });
});

describe('tokens', () => {
  test('are listed without their text, and revoked at once', async () => {
    const made = await asAdmin('POST', '/tokens', { user: 'bot' });
    assert.equal(made.status, 201);
    const token = made.body['token'];
    assert.equal((await send('GET', '/accounts', undefined, bearer(token))).status, 200);
    const listed = await asAdmin('GET', '/tokens?user=bot');
    assert.deepEqual(listed.body['items'].map((item: Reply) => [item['id'], item['status']]), [[made.body['id'], 'active']]);
    assert.ok(!JSON.stringify(listed.body).includes(token));
    assert.equal((await asAdmin('POST', `/tokens/${made.body['id']}/revoke`, {})).body['status'], 'revoked');
    assert.equal((await send('GET', '/accounts', undefined, bearer(token))).status, 401);
    assert.equal((await send('POST', '/sessions/current', {}, bearer(token))).status, 405);
    const again = await asAdmin('POST', `/tokens/${made.body['id']}/revoke`, {});
    assert.equal(again.body['code'], 'ERR_STATE');
    assert.equal((await asAdmin('GET', '/tokens?status=revoked')).body['items'].length, 1);
    assert.equal((await asAdmin('GET', `/tokens/${made.body['id']}`)).body['status'], 'revoked');
    assert.equal((await asAdmin('GET', `/tokens/${made.body['id']}/history`)).body['items'].length, 2);
  });

  test('a repeated request does not show the token again', async () => {
    const key = { ...bearer(admin), 'idempotency-key': 'token for bot' };
    const first = await send('POST', '/tokens', { user: 'bot' }, key);
    const second = await send('POST', '/tokens', { user: 'bot' }, key);
    assert.ok(first.body['token']);
    assert.deepEqual(second.body, {});
  });

  test('of a user out of use are revoked and stay so, and no new one is made', async () => {
    await asAdmin('POST', '/users', { name: 'temp', role: 'viewer', password: PASSWORD });
    const { token } = (await asAdmin('POST', '/tokens', { user: 'temp' })).body;
    const { cookie } = await signIn('temp');
    assert.equal((await asAdmin('PATCH', '/users/temp', { is_active: false })).body['is_active'], false);
    assert.equal((await send('GET', '/accounts', undefined, bearer(token))).status, 401);
    assert.equal((await send('GET', '/accounts', undefined, ours(cookie))).status, 401);
    assert.equal((await asAdmin('POST', '/tokens', { user: 'temp' })).body['code'], 'ERR_STATE');
    await asAdmin('PATCH', '/users/temp', { is_active: true });
    assert.equal((await send('GET', '/accounts', undefined, bearer(token))).status, 401);
    assert.equal((await send('GET', '/accounts', undefined, ours(cookie))).status, 401);
    assert.equal((await signIn('temp')).status, 201);
  });
});

describe('users', () => {
  test('a role that changes counts for the next call', async () => {
    await asAdmin('POST', '/users', { name: 'mover', role: 'viewer' });
    const { token } = (await asAdmin('POST', '/tokens', { user: 'mover' })).body;
    const product = { code: 'X1', name: 'X', unit_price: '1' };
    assert.equal((await send('POST', '/products', product, bearer(token))).status, 403);
    await asAdmin('PATCH', '/users/mover', { role: 'finance' });
    assert.equal((await send('POST', '/products', product, bearer(token))).status, 201);
  });

  test('take the version they were read at', async () => {
    const { version } = (await asAdmin('GET', '/users/bot')).body;
    const stale = await send('PATCH', '/users/bot', { reports_to: 'ann' }, { ...bearer(admin), 'if-match': `"${version + 1}"` });
    assert.equal(stale.status, 412);
    const fresh = await send('PATCH', '/users/bot', { reports_to: 'ann' }, { ...bearer(admin), 'if-match': `"${version}"` });
    assert.equal(fresh.body['reports_to'], 'ann');
    assert.equal(fresh.body['version'], version + 1);
  });

  test('nobody reports to himself, by whatever way round', async () => {
    const round = await asAdmin('PATCH', '/users/ann', { reports_to: 'sam' });
    assert.equal(round.body['field'], 'reports_to');
    assert.equal((await asAdmin('PATCH', '/users/ann', { reports_to: 'ann' })).body['code'], 'ERR_FIELD_INVALID');
  });

  test('have names that are nobody else\'s, no id\'s and not the program\'s', async () => {
    const made = async (name: string) => (await asAdmin('POST', '/users', { name, role: 'viewer' })).body['code'];
    assert.equal(await made('sam'), 'ERR_NAME_TAKEN');
    assert.equal(await made('system'), 'ERR_FIELD_INVALID');
    assert.equal(await made('U0SAPYWSF00001'), 'ERR_FIELD_INVALID');
    assert.equal(await made(' sam'), 'ERR_FIELD_INVALID');
  });

  test('a partner\'s user belongs to one partner, others to none', async () => {
    const lone = await asAdmin('POST', '/users', { name: 'pat', role: 'partner' });
    assert.deepEqual([lone.body['code'], lone.body['field']], ['ERR_FIELD_REQUIRED', 'partner']);
    await asAdmin('POST', '/partners', { code: 'D01', name: 'One', roles: ['distributor'] });
    const ours = await asAdmin('POST', '/users', { name: 'pat', role: 'sales', partner: 'D01' });
    assert.deepEqual([ours.body['code'], ours.body['field']], ['ERR_FIELD_INVALID', 'partner']);
    assert.equal((await asAdmin('POST', '/users', { name: 'pat', role: 'partner', partner: 'D01' })).body['partner'], 'D01');
    assert.equal((await asAdmin('PATCH', '/users/pat', { role: 'sales' })).body['field'], 'partner');
    assert.equal((await asAdmin('PATCH', '/users/pat', { role: 'sales', partner: null })).body['role'], 'sales');
    assert.equal((await asAdmin('PATCH', '/users/pat', { role: null })).body['code'], 'ERR_FIELD_REQUIRED');
  });

  test('keep a history of what changed', async () => {
    const { items } = (await asAdmin('GET', '/users/bot/history')).body;
    assert.deepEqual(items.at(-1).changes, [{ field: 'reports_to', before: null, after: 'ann' }]);
  });
});
