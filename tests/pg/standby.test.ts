// A primary and a streaming standby, of which guanxi knows by a url of two hosts. The primary dies and the standby is
// promoted: one that lacks answered writes is read and not written to, and says so; one that has them all is written
// to, by clients and by a journal, which notice a pause.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { appendFileSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, describe, test } from 'node:test';
import { Place, counts, lastLine, program } from '../api/support';
import { ctl, folder, made, post, read, schemaOf, served, sound, sql, standing, stands, today, wait } from './support';

const data = join(folder, 'standby');
const encoded = encodeURIComponent(folder);
const both = `postgresql://guanxi@/guanxi?host=${encoded},${encoded}&port=5432,5433&target_session_attrs=read-write`;

/** As the user of the server. */
function as(name: string, ...args: string[]): void {
  const done = spawnSync(join(folder, 'as'), [join(process.env['PG_BIN']!, name), ...args], { encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'] });
  assert.equal(done.status, 0, `${name} ${args.join(' ')}: ${done.stderr}`);
}

const other = (...args: string[]) => as('pg_ctl', '-s', '-w', '-D', data, '-l', join(folder, 'standby.log'), ...args);

function otherSql(text: string): string {
  const done = spawnSync('psql', ['-X', '-At', '-q', '-h', folder, '-p', '5433', '-U', 'guanxi', 'guanxi', '-c', text], { encoding: 'utf8' });
  assert.equal(done.status, 0, done.stderr);
  return done.stdout.trim();
}

async function until(holds: () => boolean): Promise<void> {
  for (let i = 0; !holds(); i++) {
    assert.ok(i < 300, 'it did not come to be');
    await wait(100);
  }
}

/** A standby that has all of the primary; a synchronous one answers for each COMMIT. */
async function standby(isSynchronous: boolean): Promise<void> {
  as('pg_basebackup', '-h', folder, '-U', 'guanxi', '-D', data, '-R', '-c', 'fast', '-X', 'stream', '--no-sync');
  appendFileSync(join(data, 'postgresql.conf'), 'port = 5433\n');
  other('start');
  sql(`ALTER SYSTEM SET synchronous_standby_names = '${isSynchronous ? '*' : ''}'`, 'SELECT pg_reload_conf()');
  await until(() => sql('SELECT sync_state FROM pg_stat_replication') === (isSynchronous ? 'sync' : 'async'));
  await until(() => sql('SELECT replay_lsn = pg_current_wal_lsn() FROM pg_stat_replication') === 't');
}

/** A place that knows of both. */
function twofold(): Place {
  const place = made();
  place.env['GUANXI_DB'] = `${both}&schema=${schemaOf(place)}`;
  return place;
}

function failOver(): void {
  ctl('stop', '-m', 'immediate');
  other('promote');
}

const stop = () => spawnSync(join(folder, 'as'), [join(process.env['PG_BIN']!, 'pg_ctl'), '-s', '-w', '-D', data, 'stop', '-m', 'immediate']);

/** The old primary alone again, as a failover that was called off leaves it. */
afterEach(() => {
  stop();
  rmSync(data, { recursive: true, force: true });
  spawnSync(process.env['PG_CTL']!, ['start']);
  sql('ALTER SYSTEM RESET synchronous_standby_names', 'SELECT pg_reload_conf()');
});
after(stop);

describe('a standby that lacks answered writes', () => {
  /** Three answered writes that both have, and two that the promoted one has not. */
  async function behind(): Promise<{ place: Place; base: string; token: string; ids: string[] }> {
    const place = twofold();
    place.ok('user', 'add', 'root', '--role', 'admin');
    await standby(false);
    const token = place.ok('token', 'add', 'root').out.trim();
    const base = await place.serve(...today);
    const ids = [];
    for (const code of ['P1', 'P2', 'P3']) ids.push((await post(base, token, code)).body.id);
    await until(() => otherSql(`SELECT count(*) FROM ${schemaOf(place)}.partner`) === '3');
    otherSql("ALTER SYSTEM SET primary_conninfo = ''");
    otherSql('SELECT pg_reload_conf()');
    await until(() => sql('SELECT count(*) FROM pg_stat_replication') === '0');
    for (const code of ['P4', 'P5']) ids.push((await post(base, token, code)).body.id);
    failOver();
    await stands(base, 'answers_lost');
    return { place, base, token, ids };
  }

  test('is read and not written to, until the right one is there', async () => {
    const { place, base, token, ids } = await behind();
    const partners = () => otherSql(`SELECT count(*) FROM ${schemaOf(place)}.partner`);
    for (let i = 0; i < 5; i++) {
      const answer = await post(base, token, `L${i}`);
      assert.deepEqual([answer.status, answer.body.code], [503, 'ERR_READ_ONLY']);
      assert.equal(await read(base, token), 200);
      assert.equal(await standing(base), 'answers_lost');
      await wait(300);
    }
    assert.equal(partners(), '3');
    stop();
    ctl('start');
    await stands(base, 'ready');
    for (const [i, id] of ids.entries()) assert.equal((await post(base, token, `P${i + 1}`)).body.id, id);
    assert.equal((await post(base, token, 'P6')).status, 201);
    sound(place);
  });

  test('is written to once what was lost is given up', async () => {
    const { place, base, token } = await behind();
    await place.stop();
    assert.equal(await standing(await place.serve(...today)), 'answers_lost', base);
    await place.stop();
    rmSync(place.path('guanxi.db.lock.answered'));
    const again = await place.serve(...today);
    assert.equal(await standing(again), 'ready');
    assert.equal((await post(again, token, 'P4')).status, 201);
    assert.equal(otherSql(`SELECT count(*) FROM ${schemaOf(place)}.partner`), '4');
    sound(place);
  });
});

describe('a synchronous standby', () => {
  test('that had not applied what it has on its disk takes over with all that was answered', async () => {
    const place = twofold();
    const { base, token } = await served(place);
    await standby(true);
    otherSql('SELECT pg_wal_replay_pause()');
    const answered = new Map<string, string>();
    let isOver = false;
    const clients = Array.from({ length: 4 }, async (_, client) => {
      for (let i = 0; !isOver; i++) {
        const code = `C${client}-${i}`;
        for (let tries = 0; tries < 600 && !answered.has(code); tries++) {
          const { status, body } = await post(base, token, code);
          if (status === 201) answered.set(code, body.id);
          else assert.equal(status, 503, JSON.stringify(body));
          if (status !== 201) await wait(50);
        }
        assert.ok(answered.has(code), `${code} was never taken`);
      }
    });
    await until(() => answered.size > 20);
    failOver();
    await stands(base, 'ready');
    const before = answered.size;
    await until(() => answered.size > before + 20);
    isOver = true;
    await Promise.all(clients);
    for (const [code, id] of answered) {
      assert.deepEqual([(await post(base, token, code)).body.id, code], [id, code]);
    }
    assert.equal(otherSql(`SELECT count(*) FROM ${schemaOf(place)}.partner`), String(answered.size));
    sound(place);
  });

  test('takes over under a journal, which goes on with no line done twice and none lost', async () => {
    const lines = 1000;
    const place = twofold();
    place.do('partner_create', { code: 'P', name: 'P', roles: ['distributor'] }, ...today);
    place.do('account_create', { code: 'A', partner: 'P', currency: 'CNY', terms_days: 30 }, ...today);
    const payment = { do: 'payment_post', in: { account: 'A', amount: '1.00', received_on: '2025-06-02' } };
    place.write('lines.ndjson', `${JSON.stringify(payment)}\n`.repeat(lines));
    await standby(true);
    const child = spawn(program, ['journal', 'lines.ndjson', ...today], { cwd: place.dir, env: { ...process.env, ...place.env } });
    let out = '';
    child.stdout.on('data', (text) => (out += text));
    child.stderr.resume();
    const ended = new Promise((resolve) => child.once('close', resolve));
    await until(() => Number(sql(`SELECT count(*) FROM ${schemaOf(place)}.payment`)) > 100);
    failOver();
    assert.equal(await ended, 0, readFileSync(join(folder, 'standby.log'), 'utf8').slice(-1000));
    const found = counts(lastLine(out));
    assert.deepEqual([found['done'], found['skipped']], [lines, 0]);
    assert.equal(place.do('exposure_get', { account: 'A' }, ...today)['advance'], `${lines}.00`);
    sound(place);
  });
});
