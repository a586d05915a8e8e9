// A database server that holds its connections and answers nothing, one that refuses what it allowed, and one whose
// columns were given other types: what guanxi says meanwhile, that it can be stopped, and that it goes on by itself.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Place } from '../api/support';
import { keep, made, post, read, schemaOf, served, server, sound, sql, stands, today, wait } from './support';

const backends = (): number[] =>
  sql("SELECT pid FROM pg_stat_activity WHERE application_name = 'guanxi'").split('\n').map(Number);

const all = (signal: 'SIGSTOP' | 'SIGCONT', pids: number[]): void => pids.forEach((pid) => process.kill(pid, signal));

/** What is done while no connection that a server has is answered: `wake` lets them go on. */
const unanswered = async (then: (at: Awaited<ReturnType<typeof served>>, wake: () => void) => Promise<void>): Promise<void> => {
  const at = await served();
  assert.equal((await post(at.base, at.token, 'P1')).status, 201);
  const stopped = backends();
  const wake = () => all('SIGCONT', stopped.splice(0));
  all('SIGSTOP', stopped);
  try {
    await then(at, wake);
  } finally {
    wake();
  }
};

test('that answers nothing is unreachable after some seconds, and written to once it answers', () =>
  unanswered(async ({ place, base, token }, wake) => {
    const waiting = post(base, token, 'P2');
    await stands(base, 'database_unreachable');
    wake();
    assert.equal((await waiting).status, 201);
    await stands(base, 'ready');
    assert.equal((await post(base, token, 'P2')).status, 201);
    sound(place);
  }));

test('that answers nothing keeps no server from ending', () =>
  unanswered(async ({ place, base, token }) => {
    const waiting = post(base, token, 'P2');
    await wait(300);
    const began = Date.now();
    await place.stop();
    assert.ok(Date.now() - began < 25_000, `it ended after ${Date.now() - began} ms`);
    assert.equal((await waiting).status, 503);
  }));

test('that takes away the right to its first table is told in one word, and goes on when it is given back', async () => {
  const founded = made();
  const schema = schemaOf(founded);
  sql('CREATE ROLE worker LOGIN', `GRANT USAGE ON SCHEMA ${schema} TO worker`, `GRANT ALL ON ALL TABLES IN SCHEMA ${schema} TO worker`);
  founded.ok('user', 'add', 'root', '--role', 'admin');
  const token = founded.ok('token', 'add', 'root').out.trim();
  const place = keep(new Place({ init: false }));
  place.env['GUANXI_DB'] = `${server.replace('guanxi@', 'worker@')}&schema=${schema}`;
  const base = await place.serve(...today);
  assert.equal((await post(base, token, 'P1')).status, 201);
  sql(`REVOKE ALL ON ${schema}.org FROM worker`);
  await stands(base, 'database_refuses');
  assert.equal((await post(base, token, 'P2')).status, 503);
  sql(`GRANT ALL ON ${schema}.org TO worker`);
  await stands(base, 'ready');
  assert.equal((await post(base, token, 'P2')).status, 201);
  await place.stop();
  sql('DROP OWNED BY worker', 'DROP ROLE worker');
});

test('whose column has another type than its statements declare refuses those, and no more', async () => {
  const { place, base, token } = await served();
  const schema = schemaOf(place);
  sql(`ALTER TABLE ${schema}.partner ALTER name TYPE varchar(99)`);
  assert.equal(await read(base, token), 503);
  assert.equal((await fetch(`${base}/livez`)).status, 200);
  sql(`ALTER TABLE ${schema}.partner ALTER name TYPE text`);
  let status = await read(base, token);
  for (let i = 0; status !== 200 && i < 50; i++) {
    await wait(100);
    status = await read(base, token);
  }
  assert.equal(status, 200);
});

test('whose operator cancels a write does it again', async () => {
  const { place, base, token } = await served();
  const codes = Array.from({ length: 60 }, (_, i) => `C${i}`);
  let is_on = true;
  const cancelling = (async () => {
    while (is_on) {
      sql("SELECT count(pg_cancel_backend(pid)) FROM pg_stat_activity WHERE application_name = 'guanxi' AND state <> 'idle'");
      await wait(5);
    }
  })();
  const said = await Promise.all(codes.map((code) => post(base, token, code)));
  is_on = false;
  await cancelling;
  assert.deepEqual(said.filter(({ status, body }) => status !== 201 && body.code === 'ERR_TIMEOUT'), []);
  sound(place);
});
