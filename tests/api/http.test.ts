// The HTTP door: what it lets in, what it refuses and how it says so, limits, time, and stopping.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { after, before, test } from 'node:test';
import { holdsResponse } from './described';
import { Place, aboutFile, onServer } from './support';

const place = new Place();
let url = '';
let local = '';

before(async () => {
  url = await place.serve('--today', '2025-06-09');
  local = readFileSync(place.path('guanxi.db.lock'), 'utf8').split('\n')[1]!;
});
after(() => place.stop());

type Headers = Record<string, string>;
type Body = string | Buffer;
type Ask = { method?: string; headers?: Headers; body?: Body };

/** With the right of the command line, unless the headers say otherwise. */
async function ask(path: string, { method = 'GET', headers = {}, body }: Ask = {}): Promise<Response> {
  const json: Headers = body === undefined ? {} : { 'content-type': 'application/json' };
  const reply = await fetch(url + path, { method, headers: { authorization: `Bearer ${local}`, ...json, ...headers }, body: (body ?? null) as string | null });
  await holdsResponse(method, url + path, reply);
  return reply;
}

const change = (body: Body, headers: Headers = {}) =>
  ask('/api/v1/org', { method: 'PATCH', body, headers });

async function refused(reply: Response, status: number, code: string, field?: string): Promise<any> {
  const problem: any = await reply.json();
  assert.equal(problem.code, `ERR_${code}`, JSON.stringify(problem));
  assert.equal(reply.status, status);
  assert.equal(problem.status, status);
  assert.equal(reply.headers.get('content-type'), 'application/problem+json');
  assert.ok(problem.detail.length > 0);
  assert.equal(problem.request_id, reply.headers.get('request-id'));
  if (field !== undefined) assert.equal(problem.field, field);
  return problem;
}

/** Writes the pieces with a pause before each but the first; resolves with all that came until the end. */
function raw(pieces: string[], pauseMs = 0): Promise<{ text: string; ms: number }> {
  return new Promise((resolve) => {
    const began = Date.now();
    const at = new URL(url);
    const socket = connect(Number(at.port), at.hostname);
    let text = '';
    const rest = [...pieces];
    const next = () => {
      const piece = rest.shift();
      if (piece === undefined || socket.destroyed) return;
      socket.write(piece);
      if (rest.length > 0) setTimeout(next, pauseMs);
    };
    socket.on('connect', next);
    socket.on('data', (data) => (text += data));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve({ text, ms: Date.now() - began }));
  });
}

const head = (line: string, ...headers: string[]) =>
  [line, 'Host: x', `Authorization: Bearer ${local}`, ...headers].join('\r\n') + '\r\n\r\n';

test('says that it lives and is ready, and tells its figures', async () => {
  for (const path of ['/livez', '/readyz']) assert.equal((await ask(path)).status, 200);
  const text = await (await ask('/metrics')).text();
  assert.match(text, /^guanxi_requests_total\{status="200"\} \d+$/m);
  assert.match(text, /^guanxi_read_only 0$/m);
  assert.match(text, /^guanxi_request_seconds_bucket\{le="\+Inf"\} \d+$/m);
});

test('keeps its figures from who comes through a proxy', async () => {
  const reply = await fetch(`${url}/metrics`, { headers: { 'x-forwarded-for': '192.0.2.1' } });
  await refused(reply, 404, 'NOT_FOUND');
});

test('takes the token of the lock file, and the word of a proxy, from this machine alone', async () => {
  for (const header of ['x-forwarded-for', 'forwarded'])
    await refused(await ask('/api/v1/org', { headers: { [header]: '192.0.2.1' } }), 401, 'UNAUTHENTICATED');
  const https = await ask('/livez', { headers: { 'x-forwarded-proto': 'https' } });
  assert.equal(https.headers.get('strict-transport-security'), null);
  const secure = await ask('/api/v1/org', { headers: { 'x-forwarded-proto': 'https' } });
  assert.match(secure.headers.get('strict-transport-security') ?? '', /max-age/);
});

test('listening at another address, the command line still reaches it', async (t) => {
  const own = Object.values(networkInterfaces()).flat().find((one) => one?.family === 'IPv4' && !one.internal)?.address;
  if (own === undefined) return t.skip('this machine has no address but loopback');
  const other = new Place();
  const at = await other.serve('--listen', `${own}:0`);
  assert.match(at, new RegExp(own.replaceAll('.', '\\.')));
  assert.equal(other.do('org_change', { timezone: 'UTC' })['timezone'], 'UTC');
  await other.stop();
});

test('describes its operations', async () => {
  const reply = await fetch(`${url}/api/v1/openapi.json`);
  const document: any = await reply.json();
  assert.match(document.openapi, /^3\.1\./);
  assert.ok(document.paths['/org']);
});

test('answers an operation with its version as ETag', async () => {
  const reply = await ask('/api/v1/org');
  const org: any = await reply.json();
  assert.equal(reply.status, 200);
  assert.equal(reply.headers.get('etag'), `"${org.version}"`);
  assert.equal(reply.headers.get('content-type'), 'application/json');
  assert.equal(reply.headers.get('cache-control'), 'no-store');
  assert.equal(reply.headers.get('x-content-type-options'), 'nosniff');
  assert.match(reply.headers.get('content-security-policy') ?? '', /frame-ancestors 'none'/);
});

test('HEAD tells what GET would, OPTIONS what there is', async () => {
  const reply = await ask('/api/v1/org', { method: 'HEAD' });
  assert.equal(reply.status, 200);
  assert.equal(await reply.text(), '');
  const options = await ask('/api/v1/org', { method: 'OPTIONS' });
  assert.equal(options.status, 204);
  assert.match(options.headers.get('allow') ?? '', /PATCH/);
});

test('tells an unknown address from a method that it does not take', async () => {
  for (const path of ['/api/v1', '/api/v1/', '/api/v1/nothing', '/api/v1/org/x/y/z/a/b/c/d/e', '/nothing', '/local/journal'])
    await refused(await ask(path, { headers: { authorization: 'Bearer x' } }), 404, 'NOT_FOUND');
  const reply = await ask('/api/v1/org', { method: 'DELETE' });
  assert.equal(reply.headers.get('allow'), 'GET, HEAD, PATCH, OPTIONS');
  await refused(reply, 405, 'METHOD');
  await refused(await ask('/livez', { method: 'POST', body: '{}' }), 405, 'METHOD');
  const odd = await raw([head('BREW /api/v1/org HTTP/1.1', 'Connection: close')]);
  assert.match(odd.text, /^HTTP\/1\.1 405 [^]*ERR_METHOD/);
});

test('wants to know who asks', async () => {
  const who = (authorization: string) => fetch(`${url}/api/v1/org`, { headers: authorization ? { authorization } : {} });
  for (const authorization of ['', 'Bearer nobody', 'Bearer ', 'Basic YTpi', `Bearer ${local}x`, `Bearer ${'x'.repeat(1000)}`]) {
    const reply = await who(authorization);
    assert.equal(reply.headers.get('www-authenticate'), 'Bearer');
    await refused(reply, 401, 'UNAUTHENTICATED');
  }
});

test('lets nobody but the command line name a user or a date', async () => {
  for (const header of ['guanxi-as', 'guanxi-today'])
    await refused(await ask('/api/v1/org', { headers: { authorization: 'Bearer x', [header]: '2025-01-01' } }), 403, 'FORBIDDEN');
  await refused(await ask('/api/v1/org', { headers: { 'guanxi-today': '2025-02-30' } }), 422, 'FIELD_INVALID', 'Guanxi-Today');
  await refused(await ask('/api/v1/org', { headers: { 'guanxi-as': 'nobody' } }), 401, 'UNAUTHENTICATED');
});

test('a cookie counts from our own pages alone', async () => {
  const own: Headers = { 'content-type': 'application/json', cookie: 'a=b; guanxi=nothing' };
  const from = (headers: Headers) => fetch(`${url}/api/v1/org`, { method: 'PATCH', body: '{}', headers: { ...own, ...headers } });
  const theirs: Headers[] = [{}, { origin: 'http://evil.example' }, { 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }, { origin: 'null' }];
  for (const headers of theirs)
    await refused(await from(headers), 403, 'FORBIDDEN');
  const ours: Headers[] = [{ origin: url }, { 'sec-fetch-site': 'same-origin' }];
  for (const headers of ours)
    await refused(await from(headers), 401, 'UNAUTHENTICATED');
});

test('takes JSON alone', async () => {
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/jsonx', 'multipart/form-data; boundary=x'])
    await refused(await change('{}', { 'content-type': type }), 415, 'MEDIA_TYPE');
  for (const type of ['application/json; charset=latin1', 'application/json;charset="utf-16"', 'application/json; charset=utf-88'])
    assert.match((await refused(await change('{}', { 'content-type': type }), 415, 'MEDIA_TYPE')).detail, /UTF-8/);
  for (const type of ['Application/JSON; charset=utf-8', 'application/json;charset="UTF-8"', 'application/json; charset=utf8; x=y'])
    assert.equal((await change('{}', { 'content-type': type })).status, 200);
  for (const coding of ['gzip', 'br', 'identity, gzip'])
    assert.match((await refused(await change('{}', { 'content-encoding': coding }), 415, 'MEDIA_TYPE')).detail, /Content-Encoding/);
  assert.equal((await change('{}', { 'content-encoding': 'identity' })).status, 200);
});

const malformed: [string, Body][] = [
  ['truncated', '{"timezone":"UTC"'],
  ['half a text', '{"timezone":"UT'],
  ['more behind it', '{} {}'],
  ['not an object', '[1]'],
  ['a bare text', '"x"'],
  ['a duplicate key', '{"timezone":"UTC","timezone":"UTC"}'],
  ['invalid UTF-8', Buffer.from([...Buffer.from('{"timezone":"'), 0xff, 0xfe, ...Buffer.from('"}')])],
  ['an overlong sequence', Buffer.from([...Buffer.from('{"timezone":"'), 0xc0, 0xaf, ...Buffer.from('"}')])],
  ['a surrogate', '{"timezone":"\\ud800"}'],
  ['a NUL', '{"timezone":"a\\u0000b"}'],
  ['a depth bomb', `{"timezone":${'['.repeat(30000)}${']'.repeat(30000)}}`],
  ['an open depth bomb', '['.repeat(60000)],
  ['a deep object', '{"a":'.repeat(10000)],
  ['comments', '{/* */}'],
  ['a number that is none', '{"timezone":1e999}'],
  ['NaN', '{"timezone":NaN}'],
];
for (const [what, body] of malformed)
  test(`refuses ${what}`, async () => {
    await refused(await change(body), 400, 'MALFORMED');
  });

test('refuses members that the operation does not have, by name', async () => {
  await refused(await change('{"colour":"red"}'), 422, 'FIELD_UNKNOWN', 'colour');
});

test('refuses a body over the limit, whether it was announced or not', async () => {
  const big = ' '.repeat(70_000);
  await refused(await change(big), 413, 'BODY_TOO_LARGE');
  const length = await raw([head('PATCH /api/v1/org HTTP/1.1', 'Content-Type: application/json', 'Content-Length: 99999999999')]);
  assert.match(length.text, /^HTTP\/1\.1 413 [^]*ERR_BODY_TOO_LARGE/);
  const chunk = `${(70_000).toString(16)}\r\n${big}\r\n0\r\n\r\n`;
  const chunked = await raw([head('PATCH /api/v1/org HTTP/1.1', 'Content-Type: application/json', 'Transfer-Encoding: chunked'), chunk]);
  assert.match(chunked.text, /^HTTP\/1\.1 413 [^]*ERR_BODY_TOO_LARGE/);
  const get = await raw([head('GET /api/v1/org HTTP/1.1', 'Content-Length: 2') + '{}']);
  assert.match(get.text, /^HTTP\/1\.1 413 [^]*GET takes no body/);
});

test('refuses a body whose end is told twice', async () => {
  const both: [string[], string][] = [
    [['Content-Length: 4', 'Transfer-Encoding: chunked'], '2\r\n{}\r\n0\r\n\r\n'],
    [['Content-Length: 2', 'Content-Length: 40'], '{}'],
  ];
  for (const [headers, body] of both) {
    const { text } = await raw([head('PATCH /api/v1/org HTTP/1.1', 'Content-Type: application/json', ...headers) + body]);
    assert.match(text, /^HTTP\/1\.1 400 [^]*Connection: close[^]*ERR_MALFORMED/);
  }
});

test('refuses at once a body whose end it would not see', async () => {
  for (const coding of ['gzip, chunked', 'identity', 'gzip', 'x']) {
    const { text, ms } = await raw([head('PATCH /api/v1/org HTTP/1.1', 'Content-Type: application/json', `Transfer-Encoding: ${coding}`) + '{}']);
    assert.match(text, /^HTTP\/1\.1 400 [^]*Connection: close[^]*ERR_MALFORMED[^]*chunked/, coding);
    assert.ok(ms < 5_000, `${ms} ms`);
  }
});

test('takes a body at the limit', async () => {
  assert.equal((await change(`{}${' '.repeat(64 * 1024 - 2)}`)).status, 200);
});

test('refuses headers that do not end', async () => {
  const reply = await raw([head('GET /api/v1/org HTTP/1.1', `X: ${'x'.repeat(40_000)}`)]);
  assert.match(reply.text, /^HTTP\/1\.1 (431|413|400) /);
  const address = await raw([head(`GET /api/v1/org?${'x'.repeat(40_000)} HTTP/1.1`)]);
  assert.match(address.text, /^HTTP\/1\.1 (414|431|400) /);
});

test('reads addresses strictly', async () => {
  await refused(await ask('/api/v1/org?a=1&a=2'), 400, 'MALFORMED', 'a');
  const line = async (target: string) => (await raw([head(`GET ${target} HTTP/1.1`, 'Connection: close')])).text;
  for (const target of ['/api/v1/org?a=%', '/api/v1/org?a=%4', '/api/v1/org?a=%zz', '/api/v1/org?a=%00', '/api/v1/org?%ff=1'])
    assert.match(await line(target), /^HTTP\/1\.1 400 [^]*ERR_MALFORMED/);
  await refused(await ask('/api/v1/org?unknown=1'), 422, 'FIELD_UNKNOWN', 'unknown');
  await refused(await ask('/api/v1/org?timezone=UTC', { method: 'PATCH', body: '{}' }), 400, 'USAGE');
});

test('changes against the version that was read', async () => {
  const etag = (await ask('/api/v1/org')).headers.get('etag')!;
  const body = '{"prices_include_tax":false}';
  await refused(await change(body, { 'if-match': '"999999"' }), 412, 'VERSION_STALE');
  for (const odd of ['999', '"x"', '"1', '"0"', '"-1"', '"1"x'])
    await refused(await change(body, { 'if-match': odd }), 400, 'USAGE', 'If-Match');
  assert.equal((await change(body, { 'if-match': `W/${etag}` })).status, 200);
  await refused(await change(body, { 'if-match': etag }), 412, 'VERSION_STALE');
});

test('a policy is proposed against the version in force that was read', async () => {
  const read = await ask('/api/v1/policy');
  const policy = await read.json() as { version: number };
  assert.equal(read.headers.get('etag'), `"${policy.version}"`);
  const propose = (match: string) => ask('/api/v1/policy', { method: 'PUT', body: JSON.stringify({ ...policy, version: undefined }), headers: { 'if-match': match } });
  await refused(await propose(`"${policy.version + 1}"`), 412, 'VERSION_STALE');
  assert.equal((await propose(`"${policy.version}"`)).status, 202);
});

test('acts on what was read, and tells the version after it', async () => {
  const send = (method: string, path: string, body: object, headers: Headers = {}) =>
    ask(`/api/v1${path}`, { method, body: JSON.stringify(body), headers });
  const etagOf = (reply: Response) => Number(/^"(\d+)"$/.exec(reply.headers.get('etag') ?? '')?.[1]);
  await send('POST', '/partners', { code: 'V', name: 'V', roles: ['distributor'] });
  await send('POST', '/accounts', { code: 'V', partner: 'V', currency: 'CNY', terms_days: 30, limit: '1000.00' });
  await send('POST', '/products', { code: 'V', name: 'V', unit_price: '1.00' });
  const lines = [{ product: 'V', quantity: 10 }];
  const key = { 'idempotency-key': 'version-place' };
  for (const _ of [1, 2]) assert.equal(etagOf(await send('POST', '/orders', { account: 'V', number: 'V', lines }, key)), 1);
  const read = async () => etagOf(await ask('/api/v1/orders/V'));
  assert.equal(await read(), 1);
  const shipment = await send('POST', '/shipments', { order: 'V', lines: [{ line: 1, quantity: 1 }] });
  assert.equal(etagOf(shipment), 1);
  assert.equal(await read(), 2);
  const stale = await send('POST', '/orders/V/cancel', { reason: 'r' }, { 'if-match': '"1"' });
  assert.match((await refused(stale, 412, 'VERSION_STALE')).detail, /You have version 1, it is at 2 now/);
  await refused(await send('PATCH', '/orders/V', { wanted_on: null }, { 'if-match': '"1"' }), 412, 'VERSION_STALE');
  assert.equal(await read(), 2, 'what was refused is not done');
  assert.equal(etagOf(await send('PATCH', '/orders/V', { wanted_on: null }, { 'if-match': '"2"' })), 3);
  const close = () => send('POST', '/orders/V/close', { reason: 'r' }, { 'if-match': '"3"', 'idempotency-key': 'version-close' });
  assert.equal(etagOf(await close()), 4);
  await send('POST', '/orders/V/reopen', { reason: 'r' });
  const repeat = await close();
  assert.equal(repeat.headers.get('idempotent-replayed'), 'true');
  assert.equal(etagOf(repeat), 4, 'a repeat tells the version of then');
  assert.equal(await read(), 5);
  const state = (headers: Headers) => send('POST', '/accounts/V/state', { state: 'watch', reason: 'r' }, headers);
  const account = etagOf(await ask('/api/v1/accounts/V'));
  await refused(await state({ 'if-match': `"${account + 1}"` }), 412, 'VERSION_STALE');
  assert.equal(etagOf(await state({ 'if-match': `"${account}"` })), account + 1);
  // What only asks for consent counts, too: whoever asks next would void the request without having seen it.
  const longer = (days: number) => send('PATCH', '/accounts/V', { terms_days: days }, { 'if-match': `"${account + 1}"` });
  const asked = await longer(60);
  assert.deepEqual([asked.status, etagOf(asked)], [202, account + 2]);
  await refused(await longer(90), 412, 'VERSION_STALE');
  const lighter = await send('POST', '/accounts/V/state', { state: 'normal', reason: 'r' }, { 'if-match': `"${account + 2}"` });
  assert.deepEqual([lighter.status, etagOf(lighter)], [202, account + 3]);
});

test('a repeated key changes nothing and answers the same', async () => {
  const headers = { 'idempotency-key': 'once' };
  const first = await change('{"prices_include_tax":true}', headers);
  const second = await change('{ "prices_include_tax" : true }', headers);
  assert.equal(first.headers.get('idempotent-replayed'), null);
  assert.equal(second.headers.get('idempotent-replayed'), 'true');
  assert.equal(await second.text(), await first.text());
  assert.equal(second.status, first.status);
  await refused(await change('{"prices_include_tax":false}', headers), 422, 'IDEMPOTENCY_MISMATCH');
  await refused(await change('{}', { 'idempotency-key': 'x'.repeat(256) }), 422, 'FIELD_INVALID', 'Idempotency-Key');
});

test('serves the pages, and the start page for addresses that the browser knows', async () => {
  const page = await fetch(`${url}/`);
  assert.equal(page.status, 200);
  assert.match(page.headers.get('content-type') ?? '', /^text\/html/);
  assert.doesNotMatch(page.headers.get('content-security-policy') ?? '', /unsafe/);
  const etag = page.headers.get('etag')!;
  const again = await fetch(`${url}/`, { headers: { 'if-none-match': etag } });
  assert.equal(again.status, 304);
  const deep = await fetch(`${url}/accounts/D01`, { headers: { accept: 'text/html' } });
  assert.equal(await deep.text(), await page.text());
  await refused(await fetch(`${url}/nothing.js`, { headers: { accept: '*/*' } }), 404, 'NOT_FOUND');
  await refused(await fetch(`${url}/../../etc/passwd`, { headers: { accept: '*/*' } }), 404, 'NOT_FOUND');
});

test('answers requests sent one behind the other in their order', async () => {
  const one = head('GET /api/v1/org HTTP/1.1');
  const { text } = await raw([one + head('GET /livez HTTP/1.1') + head('GET /api/v1/nothing HTTP/1.1', 'Connection: close')]);
  const lines = text.match(/HTTP\/1\.1 \d+/g);
  assert.deepEqual(lines, ['HTTP/1.1 200', 'HTTP/1.1 200', 'HTTP/1.1 404']);
});

test('ends a request whose header or body comes byte by byte', { timeout: 40_000 }, async () => {
  const slow = (first: string, rest: string) => raw([first, ...rest], 400);
  const all = await Promise.all([
    slow('', `GET /livez HTTP/1.1\r\n${'X: y\r\n'.repeat(20)}`),
    slow('GET /livez HTTP/1.1\r\n', 'X: y\r\n'.repeat(20)),
    slow(head('PATCH /api/v1/org HTTP/1.1', 'Content-Type: application/json', 'Content-Length: 100'), ' '.repeat(99)),
  ]);
  // Ten seconds for the request line, and ten from there for all the rest.
  for (const { text, ms } of all) {
    assert.doesNotMatch(text, /200 OK/);
    assert.ok(ms >= 9_000 && ms < 22_000, `${ms} ms`);
  }
});

test('what opens no file of its own is not served twice', aboutFile, () => {
  assert.equal(statSync(place.path('guanxi.db.lock')).mode & 0o777, 0o600);
  const second = place.run(['serve', '--listen', '127.0.0.1:0']);
  assert.equal(second.code, 3);
  assert.match(second.err, /^ERR_BUSY/);
});

test('says where it cannot listen', () => {
  const other = new Place();
  for (const [listen, code] of [['nowhere', 2], ['127.0.0.1:99999', 2], [new URL(url).host, 3]] as const) {
    const ran = other.run(['serve', '--listen', listen]);
    assert.equal(ran.code, code, `${listen}: ${ran.err}`);
    assert.match(ran.err, /listen/);
  }
});

test('answers what it accepted before it stops', async () => {
  const other = new Place();
  const at = await other.serve();
  const token = readFileSync(other.path('guanxi.db.lock'), 'utf8').split('\n')[1]!;
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  let done = 0;
  const one = async (n: number) => {
    for (let i = 0; i < 50; i++) {
      const body = `{"prices_include_tax":${(n + i) % 2 === 0}}`;
      const reply = await fetch(`${at}/api/v1/org`, { method: 'PATCH', headers, body }).catch(() => undefined);
      if (reply === undefined) return;
      const answer: any = await reply.json();
      if (reply.status === 200) done = Math.max(done, answer.version);
      else assert.equal(answer.code, 'ERR_BUSY');
    }
  };
  const all = Promise.all(Array.from({ length: 16 }, (_, n) => one(n)));
  await fetch(`${at}/livez`);
  await other.stop();
  await all;
  const org = other.do('org_get');
  assert.ok(org['version'] >= done, `${org['version']} stored, ${done} answered`);
  assert.equal(readFileSync(other.path('guanxi.db.lock'), 'utf8'), '');
});

test('takes no writes after the disk failed, says so, and still reads', aboutFile, async () => {
  const other = new Place();
  process.env['GUANXI_FAULT'] = 'sync:4:io+';
  const at = await other.serve().finally(() => delete process.env['GUANXI_FAULT']);
  const token = readFileSync(other.path('guanxi.db.lock'), 'utf8').split('\n')[1]!;
  const headers: Headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const write = () => fetch(`${at}/api/v1/org`, { method: 'PATCH', headers, body: '{}' });
  let reply = await write();
  for (let n = 0; reply.status === 200 && n < 10; n++) reply = await write();
  await refused(reply, 503, 'READ_ONLY');
  await refused(await write(), 503, 'READ_ONLY');
  const ready = await fetch(`${at}/readyz`);
  assert.equal(ready.status, 503);
  assert.deepEqual(await ready.json(), { status: 'read_only' });
  assert.equal((await fetch(`${at}/livez`)).status, 200);
  assert.equal((await fetch(`${at}/api/v1/org`, { headers })).status, 200);
  await other.stop();
});

test('says that the disk is full, and is ready again by itself when it is not', { ...aboutFile, timeout: 30_000 }, async () => {
  const other = new Place();
  process.env['GUANXI_FAULT'] = 'write:40:full+2';
  const at = await other.serve().finally(() => delete process.env['GUANXI_FAULT']);
  const token = readFileSync(other.path('guanxi.db.lock'), 'utf8').split('\n')[1]!;
  const headers: Headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const write = () => fetch(`${at}/api/v1/org`, { method: 'PATCH', headers, body: '{"timezone":"UTC"}' });
  const ready = async () => {
    const reply = await fetch(`${at}/readyz`);
    return [reply.status, (await reply.json() as { status: string }).status];
  };
  let reply = await write();
  for (let n = 0; reply.status === 200 && n < 100; n++) reply = await write();
  assert.match((await refused(reply, 503, 'STORE')).detail, /disk.*full.*Make room/);
  assert.ok(Number(reply.headers.get('retry-after')) > 0);
  assert.deepEqual(await ready(), [503, 'disk_full']);
  assert.equal((await fetch(`${at}/api/v1/org`, { headers })).status, 200);
  let now = await ready();
  while (now[0] !== 200) {
    assert.deepEqual(now, [503, 'disk_full']);
    now = await new Promise((resolve) => setTimeout(() => resolve(ready()), 100));
  }
  assert.equal((await write()).status, 200);
  await other.stop();
  assert.match(other.ok('doctor').out, /0 findings/);
});

test('tells damage when the row of the organisation goes away under it', { skip: !onServer && !existsSync('/usr/bin/sqlite3') && 'there is no sqlite3' }, async () => {
  const other = new Place();
  other.ok('user', 'add', 'root', '--role', 'admin');
  const headers: Headers = { authorization: `Bearer ${other.ok('token', 'add', 'root').out.trim()}`, 'content-type': 'application/json' };
  const at = await other.serve();
  const calls = [
    () => fetch(`${at}/api/v1/org`, { method: 'PATCH', headers, body: '{}' }),
    () => fetch(`${at}/api/v1/org`, { headers }),
    () => fetch(`${at}/api/v1/partners`, { headers }),
  ];
  for (const call of calls) assert.equal((await call()).status, 200);
  other.sql('DELETE FROM org');
  for (let round = 0; round < 3; round++) {
    for (const call of calls) {
      const reply = await call();
      const { code } = await reply.json() as { code: string };
      assert.ok(reply.status >= 500 && ['ERR_DB_DAMAGED', 'ERR_STORE'].includes(code), `${reply.status} ${code}`);
    }
  }
  assert.equal((await fetch(`${at}/livez`)).status, 200);
  await other.stop();
});

test('takes so many requests a second from one caller elsewhere', async () => {
  const other = new Place();
  other.ok('user', 'add', 'feed', '--role', 'viewer');
  const token = other.ok('token', 'add', 'feed').out.trim();
  assert.equal(other.run(['serve', '--requests-per-second', '-1']).code, 2);
  const at = await other.serve('--requests-per-second', '5');
  const ask = (headers: Headers) => fetch(`${at}/api/v1/org`, { headers });
  const far = { 'x-forwarded-for': '192.0.2.1' };
  const own = { authorization: `Bearer ${token}` };
  const statuses = async (headers: Headers) => (await Promise.all(Array.from({ length: 40 }, () => ask(headers)))).map((reply) => reply.status);
  // Programs on this machine, and the command line.
  assert.deepEqual(new Set(await statuses(own)), new Set([200]));
  assert.equal(other.do('org_get')['timezone'], 'UTC');
  // From elsewhere: first by address, then by token; strangers do not spend what is the token's.
  await ask({ ...own, ...far });
  const strangers = await statuses({ ...far, authorization: 'Bearer nobody' });
  assert.ok(strangers.includes(429) && strangers.every((status) => status === 401 || status === 429), strangers.join());
  const fed = await statuses({ ...own, ...far });
  assert.ok(fed.includes(200) && fed.includes(429), fed.join());
  const reply = await ask({ ...own, ...far });
  if (reply.status === 429) {
    assert.equal(reply.headers.get('retry-after'), '1');
    await refused(reply, 429, 'THROTTLED');
  }
  await other.stop();
});
