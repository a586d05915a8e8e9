// A private PostgreSQL that tests stop, start and cut off, and places on it.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { type Socket, connect, createServer } from 'node:net';
import { join } from 'node:path';
import { after, afterEach } from 'node:test';
import { Place, lastLine, root } from '../api/support';

export const server = process.env['GUANXI_TEST_PG']!;
export const folder = process.env['PG_FOLDER']!;
export const today = ['--today', '2025-06-02'];
const places: Place[] = [];

export const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

export function ctl(...args: string[]): void {
  const done = spawnSync(process.env['PG_CTL']!, args, { encoding: 'utf8' });
  assert.equal(done.status, 0, done.stderr);
}

export function sql(...statements: string[]): string {
  const done = spawnSync('psql', ['-X', '-At', '-q', server, ...statements.flatMap((text) => ['-c', text])], {
    encoding: 'utf8',
    env: { ...process.env, PGOPTIONS: '-c default_transaction_read_only=off' },
  });
  assert.equal(done.status, 0, `${statements.join('; ')}: ${done.stderr}`);
  return done.stdout.trim();
}

export const schemaOf = (place: Place): string => place.env['GUANXI_DB']!.split('schema=')[1]!;

/** Its servers end with the test. */
export function keep(place: Place): Place {
  places.push(place);
  return place;
}

export const made = (): Place => keep(new Place());

/** A place with a user who may do all, and the server on it. */
export async function served(place = made()): Promise<{ place: Place; base: string; token: string }> {
  place.ok('user', 'add', 'root', '--role', 'admin');
  const token = place.ok('token', 'add', 'root').out.trim();
  return { place, base: await place.serve(...today), token };
}

export async function standing(base: string): Promise<string> {
  const reply = await fetch(`${base}/readyz`);
  const { status } = (await reply.json()) as { status: string };
  assert.equal(reply.status, status === 'ready' ? 200 : 503);
  return status;
}

export async function stands(base: string, wanted: string): Promise<void> {
  let said = '';
  for (let i = 0; i < 300 && said !== wanted; i++) {
    said = await standing(base);
    if (said !== wanted) await wait(100);
  }
  assert.equal(said, wanted);
}

type Answer = { status: number; body: any };

export async function post(base: string, token: string, code: string, key = code): Promise<Answer> {
  const reply = await fetch(`${base}/api/v1/partners`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': key },
    body: JSON.stringify({ code, name: code, roles: ['distributor'] }),
  });
  return { status: reply.status, body: await reply.json() };
}

export async function read(base: string, token: string): Promise<number> {
  return (await fetch(`${base}/api/v1/partners?limit=1`, { headers: { authorization: `Bearer ${token}` } })).status;
}

/** Ends the connections of guanxi; each is opened again and looked at. */
export const disconnect = () =>
  sql("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'guanxi'");

export function sound(place: Place): void {
  assert.match(lastLine(place.ok('doctor').out), / 0 findings/);
}

afterEach(async () => {
  await Promise.all(places.splice(0).map((place) => place.stop()));
});
after(() => spawnSync(process.env['PG_CTL']!, ['start']));

/** Takes the place of the schema what stands in another one of the same organisation. */
export const replace = (schema: string, by: string) =>
  sql(`ALTER SCHEMA ${schema} RENAME TO ${schema}_gone`, `ALTER SCHEMA ${by} RENAME TO ${schema}`);

/** As it is sent to be done, with no parameters; it is prepared with other words, before. */
const commitBound = 'COMMIT\0\0\0\0\0';

/** Stands before the server. Every third COMMIT is cut off: in turn before it arrives, and after it was done but
 * before its answer. */
export function cutter(): Promise<{ host: string; cuts: () => number; close: () => void }> {
  const host = mkdtempSync(join(root, 'cut-'));
  let commits = 0;
  let cuts = 0;
  const sockets = new Set<Socket>();
  const before = createServer((client) => {
    const behind = connect(join(folder, '.s.PGSQL.5432'));
    let isCut = false;
    for (const socket of [client, behind]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
    }
    const end = () => { client.destroy(); behind.destroy(); };
    client.on('data', (data) => {
      if (data.includes(commitBound) && ++commits % 3 === 0) {
        cuts++;
        if (cuts % 2 === 0) return end();
        isCut = true;
      }
      behind.write(data);
    });
    behind.on('data', (data) => (isCut ? end() : client.write(data)));
    client.on('close', end);
    behind.on('close', end);
  });
  return new Promise((resolve) => before.listen(join(host, '.s.PGSQL.5432'), () => resolve({
    host, cuts: () => cuts, close: () => { before.close(); sockets.forEach((socket) => socket.destroy()); rmSync(host, { recursive: true, force: true }); },
  })));
}
