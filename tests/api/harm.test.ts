// What somebody does to the file of a database under a server that has it open: writes end before more is lost than
// was answered in the second before it is seen, or are told whom they wait for.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, renameSync, statSync, truncateSync, unlinkSync } from 'node:fs';
import { afterEach, test } from 'node:test';
import { Place, aboutFile } from './support';

const places: Place[] = [];
afterEach(async () => {
  for (const place of places.splice(0)) await place.stop();
});

type Said = { status: number; code: string };

/** A served place with some hundred rows, most of them in the file itself. */
async function served(): Promise<{ place: Place; post: (code: string) => Promise<Said>; list: () => Promise<Said>; ready: () => Promise<string> }> {
  const place = new Place();
  places.push(place);
  place.journal(Array.from({ length: 400 }, (_, i) => ({ do: 'partner_create', in: { code: `D${i}`, name: `${i}`.repeat(40), roles: ['distributor'] } })));
  place.ok('user', 'add', 'root', '--role', 'admin');
  const token = place.ok('token', 'add', 'root').out.trim();
  const base = await place.serve();
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const said = async (reply: Response): Promise<Said> => ({ status: reply.status, code: ((await reply.json()) as { code?: string }).code ?? '' });
  return {
    place,
    post: async (code) => said(await fetch(`${base}/api/v1/partners`, { method: 'POST', headers, body: JSON.stringify({ code, name: code, roles: ['distributor'] }) })),
    list: async () => said(await fetch(`${base}/api/v1/partners?limit=200`, { headers })),
    ready: async () => ((await (await fetch(`${base}/readyz`)).json()) as { status: string }).status,
  };
}

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test('a file that is cut short is damaged to who reads, and nobody writes to it any more', aboutFile, async () => {
  const { place, post, list, ready } = await served();
  assert.equal((await post('A')).status, 201);
  const file = place.path('guanxi.db');
  truncateSync(file, Math.floor(statSync(file).size / 8192) * 4096);
  let read = await list();
  for (let i = 0; read.status === 200 && i < 50; i++) read = await list();
  assert.deepEqual(read, { status: 503, code: 'ERR_DB_DAMAGED' });
  assert.deepEqual(await post('B'), { status: 503, code: 'ERR_READ_ONLY' });
  assert.equal(await ready(), 'read_only');
  assert.match(place.told, /no more writes until restart: the file is damaged/);
});

for (const how of ['deleted', 'replaced'] as const) {
  test(`a file that is ${how} is written to for no longer than a second`, aboutFile, async () => {
    const { place, post, ready } = await served();
    place.ok('--db', 'other.db', 'init', '--currency', 'CNY');
    assert.equal((await post('A')).status, 201);
    if (how === 'deleted') unlinkSync(place.path('guanxi.db'));
    else renameSync(place.path('other.db'), place.path('guanxi.db'));
    let said = await post('B0');
    const began = Date.now();
    for (let i = 1; said.status === 201 && Date.now() - began < 10_000; i++) said = await post(`B${i}`);
    assert.deepEqual(said, { status: 503, code: 'ERR_READ_ONLY' });
    assert.equal(await ready(), 'read_only');
    assert.match(place.told, /was moved, deleted or replaced/);
  });
}

test('a file that another process writes to is told as busy, and written to when it lets go', { skip: aboutFile.skip || (!existsSync('/usr/bin/sqlite3') && 'there is no sqlite3') }, async () => {
  const { place, post } = await served();
  const holder = spawn('sqlite3', [place.path('guanxi.db')], { stdio: ['pipe', 'ignore', 'ignore'] });
  holder.stdin.write('PRAGMA busy_timeout = 5000;\nBEGIN IMMEDIATE;\n');
  await wait(500);
  const began = Date.now();
  assert.deepEqual(await post('A'), { status: 503, code: 'ERR_BUSY' });
  assert.ok(Date.now() - began < 9000, `${Date.now() - began} ms`);
  assert.match(place.told, /another process has the database/);
  const ended = new Promise((resolve) => holder.once('exit', resolve));
  holder.stdin.end('ROLLBACK;\n');
  await ended;
  assert.equal((await post('A')).status, 201);
});
