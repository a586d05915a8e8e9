// A database server that is down, dies, comes back, takes no writes, has no room for connections, holds another schema
// or another organisation, or is not heard to the end of a COMMIT: what guanxi says, that it resumes by itself, and
// that what was answered is there, once.
import assert from 'node:assert/strict';
import { execFile, spawn, spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { Place, program } from '../api/support';
import {
  ctl, cutter, disconnect, folder, keep, made, post, read, replace, schemaOf, served, server, sound, sql, standing, stands, today, wait,
} from './support';

describe('a database server', () => {
  test('that is down at the start is waited for', async () => {
    const place = made();
    place.ok('user', 'add', 'root', '--role', 'admin');
    const token = place.ok('token', 'add', 'root').out.trim();
    ctl('stop', '-m', 'fast');
    const refused = place.run(['do', 'org_get']);
    assert.equal(refused.code, 3);
    assert.match(refused.err, /^ERR_STORE: postgresql:.*cannot be reached/);
    const base = await place.serve(...today);
    assert.equal(await standing(base), 'database_unreachable');
    const answer = await post(base, token, 'P1');
    assert.deepEqual([answer.status, answer.body.code], [503, 'ERR_STORE']);
    ctl('start');
    await stands(base, 'ready');
    assert.equal((await post(base, token, 'P1')).status, 201);
    sound(place);
    for (let i = 0; i < 30 && !/there again/.test(place.told); i++) await wait(100);
    assert.deepEqual(place.told.match(/database_unreachable|the database is there again/g), ['database_unreachable', 'the database is there again']);
  });

  test('that dies while clients write loses nothing that was answered', async () => {
    const { place, base, token } = await served();
    const answered = new Map<string, string>();
    let isOver = false;
    const clients = Array.from({ length: 6 }, async (_, client) => {
      for (let i = 0; !isOver; i++) {
        const code = `C${client}-${i}`;
        for (let tries = 0; tries < 200 && !answered.has(code); tries++) {
          const { status, body } = await post(base, token, code);
          if (status === 201) answered.set(code, body.id);
          else assert.equal(status, 503, JSON.stringify(body));
          if (status !== 201) await wait(50);
        }
        assert.ok(answered.has(code), `${code} was never taken`);
      }
    });
    for (let round = 0; round < 3; round++) {
      await wait(500);
      ctl('restart', '-m', 'immediate');
      await stands(base, 'ready');
    }
    await wait(300);
    isOver = true;
    await Promise.all(clients);
    assert.ok(answered.size > 12, `${answered.size} answered`);
    for (const [code, id] of [...answered].slice(-20)) {
      assert.deepEqual([(await post(base, token, code)).body.id, place.do('partner_get', { partner: code })['id']], [id, id]);
    }
    const stored = sql(`SELECT count(*) FROM ${schemaOf(place)}.partner`);
    assert.equal(Number(stored), answered.size);
    sound(place);
  });

  test('that takes no writes answers reads, and is written to again when it takes them', async () => {
    const { place, base, token } = await served();
    sql('ALTER SYSTEM SET default_transaction_read_only = on', 'SELECT pg_reload_conf()');
    try {
      await wait(300);
      const answer = await post(base, token, 'P1');
      assert.deepEqual([answer.status, answer.body.code], [503, 'ERR_READ_ONLY']);
      assert.equal(await standing(base), 'read_only');
      assert.equal(await read(base, token), 200);
      assert.match(place.run(['do', 'org_change', '{}']).err, /^ERR_READ_ONLY/);
    } finally {
      sql('ALTER SYSTEM RESET default_transaction_read_only', 'SELECT pg_reload_conf()');
    }
    await stands(base, 'ready');
    assert.equal((await post(base, token, 'P1')).status, 201);
  });

  test('that has no room for connections is waited for', async () => {
    sql('CREATE ROLE clerk LOGIN', 'GRANT CREATE ON DATABASE guanxi TO clerk');
    const place = new Place({ init: false });
    keep(place);
    place.env['GUANXI_DB'] = place.env['GUANXI_DB']!.replace('guanxi@', 'clerk@');
    place.ok('init', '--currency', 'CNY');
    const { base, token } = await served(place);
    assert.equal((await post(base, token, 'P1')).status, 201);
    sql('ALTER ROLE clerk CONNECTION LIMIT 0');
    disconnect();
    await stands(base, 'database_unreachable');
    assert.equal((await post(base, token, 'P2')).status, 503);
    assert.match(place.run(['do', 'org_get']).err, /too many connections/);
    sql('ALTER ROLE clerk CONNECTION LIMIT -1');
    await stands(base, 'ready');
    assert.equal((await post(base, token, 'P2')).status, 201);
  });

  test('whose schema is newer, older, changed or gone is said at the start and in the middle', async () => {
    const { place, base, token } = await served();
    const schema = schemaOf(place);
    const cases: [string, string, string, string][] = [
      [`INSERT INTO ${schema}.migration VALUES (2, '0002_more', 'x', 1)`, `DELETE FROM ${schema}.migration WHERE number = 2`, 'schema_newer', 'ERR_DB_NEWER'],
      [`ALTER TABLE ${schema}.partner ADD COLUMN more text`, `ALTER TABLE ${schema}.partner DROP COLUMN more`, 'database_damaged', 'ERR_DB_DAMAGED'],
      [`ALTER SCHEMA ${schema} RENAME TO elsewhere`, `ALTER SCHEMA elsewhere RENAME TO ${schema}`, 'database_missing', 'ERR_DB_MISSING'],
    ];
    for (const [change, back, status, code] of cases) {
      sql(change);
      disconnect();
      await stands(base, status);
      assert.equal((await post(base, token, status)).status, 503);
      for (const args of [['do', 'org_get'], ['serve', '--listen', '127.0.0.1:0']]) {
        const ran = place.run(args);
        assert.equal(ran.code, 3, `${args.join(' ')}: ${ran.out}${ran.err}`);
        assert.match(ran.err, new RegExp(`^${code}`, 'm'));
      }
      sql(back);
      await stands(base, 'ready');
      assert.equal((await post(base, token, status)).status, 201);
    }
    sound(place);
  });

  test('that holds another organisation now is not written to', async () => {
    const { place, base, token } = await served();
    const org = `${schemaOf(place)}.org`;
    const uuid = sql(`SELECT uuid FROM ${org}`);
    sql(`UPDATE ${org} SET uuid = 'another'`);
    disconnect();
    await stands(base, 'other_database');
    assert.equal((await post(base, token, 'P1')).status, 503);
    sql(`UPDATE ${org} SET uuid = '${uuid}'`);
    await stands(base, 'ready');
    assert.equal((await post(base, token, 'P1')).status, 201);
  });
});

test('a COMMIT that is refused as out of order is done again, once; one that always is changes nothing', () => {
  const place = made();
  const partner = (code: string, rule: string) =>
    place.run(['do', 'partner_create', JSON.stringify({ code, name: code, roles: ['distributor'] })], '', { GUANXI_FAULT_PG: rule });
  for (let i = 0; i < 6; i++) {
    assert.equal(partner(`D${i}`, 'commit:2').code, 0);
  }
  assert.match(partner('D6', 'commit:1').err, /^ERR_BUSY/);
  assert.equal(sql(`SELECT count(*) FROM ${schemaOf(place)}.partner`), '6');
  const lines = Array.from({ length: 40 }, (_, i) => JSON.stringify({ do: 'partner_create', in: { code: `L${i}`, name: 'L', roles: ['distributor'] }, save: `l${i}` }));
  lines.push(JSON.stringify({ do: 'partner_get', in: { partner: '$l7' }, expect: { code: 'L7' } }));
  const ran = place.run(['journal', '-'], lines.join('\n'), { GUANXI_FAULT_PG: 'commit:2' });
  assert.equal(ran.code, 0, ran.err);
  assert.match(ran.out, /lines 41 done 41 skipped 0/);
  sound(place);
});

test('an import goes on whatever of its transactions is refused at its COMMIT, those that only ask included', () => {
  const place = made();
  for (let i = 0; i < 6; i++) {
    place.write('p.csv', `code,name,roles\nA${i},a,distributor\nB${i},b,distributor\n`);
    const ran = place.run(['import', 'partners', 'p.csv'], '', { GUANXI_FAULT_PG: 'commit:2' });
    assert.equal(ran.code, 0, ran.err);
    assert.match(ran.out, /read 2 done 2 skipped 0 refused 0/);
  }
  sound(place);
});

test('whose clock is an hour off is told in the log and by /readyz, and served', async () => {
  const place = made();
  place.env['GUANXI_FAULT_PG'] = 'clock:-3600000';
  const { base, token } = await served(place);
  let told: any;
  for (let i = 0; i < 100 && told?.database_clock_ahead_s === undefined; i++) {
    const reply = await fetch(`${base}/readyz`);
    assert.equal(reply.status, 200);
    told = await reply.json();
    await wait(100);
  }
  assert.ok(Math.abs(told.database_clock_ahead_s + 3600) < 5, JSON.stringify(told));
  assert.equal((await post(base, token, 'P1')).status, 201);
  sound(place);
});

test('behind a pooler nothing is left on a connection: no prepared statement, no setting', async () => {
  const log = join(folder, 'log');
  const place = made();
  place.env['GUANXI_DB'] += '&prepared=off';
  sql("ALTER SYSTEM SET log_statement = 'all'", 'SELECT pg_reload_conf()');
  await wait(300);
  const from = readFileSync(log).length;
  try {
    const { base, token } = await served(place);
    for (const code of ['P1', 'P2']) assert.equal((await post(base, token, code)).status, 201);
    assert.equal((await post(base, token, 'P1')).status, 201);
    assert.equal(await read(base, token), 200);
    assert.match(place.run(['do', 'partner_get', '{"partner":"P9"}']).err, /^ERR_NOT_FOUND/);
    assert.equal(place.journal([{ do: 'partner_create', in: { code: 'P3', name: 'P', roles: ['supplier'] } }]).code, 0);
    sound(place);
    await place.stop();
  } finally {
    sql('ALTER SYSTEM RESET log_statement', 'SELECT pg_reload_conf()');
  }
  const said = readFileSync(log, 'utf8').slice(from);
  assert.match(said, /execute <unnamed>: INSERT INTO "?partner/);
  assert.doesNotMatch(said, /execute g\d|statement: SET |PREPARE|, false\)/);
});

describe('an older state of the database', () => {
  /** A served place, a copy of it named schema_old, and writes that are in the place alone. */
  async function behind(): Promise<{ place: Place; base: string; token: string; schema: string }> {
    const { place, base, token } = await served();
    const schema = schemaOf(place);
    assert.equal((await post(base, token, 'P1')).status, 201);
    place.ok('copy', place.env['GUANXI_DB']!, `${server}&schema=${schema}_old`);
    return { place, base, token, schema };
  }

  test('that comes back under a running server is read, and not written to until the right one is there', async () => {
    const { place, base, token, schema } = await behind();
    for (const code of ['P2', 'P3']) assert.equal((await post(base, token, code)).status, 201);
    replace(schema, `${schema}_old`);
    disconnect();
    await stands(base, 'answers_lost');
    const answer = await post(base, token, 'P4');
    assert.deepEqual([answer.status, answer.body.code], [503, 'ERR_READ_ONLY']);
    assert.equal(await read(base, token), 200);
    assert.equal(sql(`SELECT count(*) FROM ${schema}.partner`), '1');
    sql(`ALTER SCHEMA ${schema} RENAME TO ${schema}_old`, `ALTER SCHEMA ${schema}_gone RENAME TO ${schema}`);
    disconnect();
    await stands(base, 'ready');
    assert.equal((await post(base, token, 'P4')).status, 201);
    sound(place);
  });

  test('that is put under connections that go on writing is found within seconds, and then nobody writes', async () => {
    const { place, base, token, schema } = await behind();
    assert.equal((await post(base, token, 'P2')).status, 201); // not in the older one
    let is_on = true;
    const said: number[] = [];
    const clients = Array.from({ length: 8 }, async (_, client) => {
      for (let i = 0; is_on; i++) said.push((await post(base, token, `L${client}-${i}`)).status);
    });
    await wait(1500);
    sql(`DROP SCHEMA ${schema} CASCADE; ALTER SCHEMA ${schema}_old RENAME TO ${schema}`);
    await stands(base, 'answers_lost');
    const before = sql(`SELECT count(*) FROM ${schema}.partner`);
    const from = said.length;
    await wait(1500);
    is_on = false;
    await Promise.all(clients);
    assert.ok(said.slice(0, from).filter((status) => status === 201).length > 100, 'many wrote before');
    assert.deepEqual([...new Set(said.slice(from + clients.length))], [503]);
    assert.equal(sql(`SELECT count(*) FROM ${schema}.partner`), before);
    await place.stop();
    assert.equal(await standing(await place.serve(...today)), 'answers_lost');
  });

  test('is found by whichever writer is free, when fifteen of sixteen wait for a lock', async () => {
    const { place, base, token, schema } = await behind();
    place.do('account_create', { code: 'A1', partner: 'P1', currency: 'CNY', terms_days: 30, limit: 'unlimited' });
    const holder = spawn('psql', ['-X', '-q', server, '-c', `BEGIN; SELECT 1 FROM ${schema}.position FOR UPDATE; SELECT pg_sleep(60)`], { stdio: 'ignore' });
    await wait(500);
    const waiting = Array.from({ length: 15 }, (_, i) => fetch(`${base}/api/v1/payments`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': `W${i}` },
      body: JSON.stringify({ account: 'A1', amount: '1.00', received_on: '2025-06-02' }),
    }).then((reply) => reply.text()));
    await wait(500);
    assert.equal((await post(base, token, 'P2')).status, 201);
    replace(schema, `${schema}_old`);
    let answer = await post(base, token, 'N0');
    const began = Date.now();
    for (let i = 1; answer.status === 201 && Date.now() - began < 4000; i++) answer = await post(base, token, `N${i}`);
    assert.deepEqual([answer.status, answer.body.code], [503, 'ERR_READ_ONLY']);
    holder.kill('SIGKILL');
    sql("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)'");
    await Promise.all(waiting);
    assert.equal(sql(`SELECT count(*) FROM ${schema}.payment`), '0');
  });

  test('that was put there while no server ran is found at the start', async () => {
    const { place, base, token, schema } = await behind();
    assert.equal((await post(base, token, 'P2')).status, 201);
    await place.stop();
    sql(`ALTER SCHEMA ${schema} RENAME TO ${schema}_right`, `ALTER SCHEMA ${schema}_old RENAME TO ${schema}`);
    const again = await place.serve(...today);
    assert.equal(await standing(again), 'answers_lost');
    assert.equal((await post(again, token, 'P3')).body.code, 'ERR_READ_ONLY');
    // The right one comes back: service goes on by itself.
    sql(`ALTER SCHEMA ${schema} RENAME TO ${schema}_wrong`, `ALTER SCHEMA ${schema}_right RENAME TO ${schema}`);
    disconnect();
    await stands(again, 'ready');
    assert.equal((await post(again, token, 'P3')).status, 201);
    await place.stop();
    // What was lost is given up by taking the file away.
    sql(`DROP SCHEMA ${schema} CASCADE`, `ALTER SCHEMA ${schema}_wrong RENAME TO ${schema}`);
    rmSync(place.path('guanxi.db.lock.answered'));
    const third = await place.serve(...today);
    assert.equal(await standing(third), 'ready');
    assert.equal((await post(third, token, 'P5')).status, 201);
  });

  test('whose organisation goes away under a running server is not written to until it is back', async () => {
    const { place, base, token, schema } = await behind();
    sql(`DELETE FROM ${schema}.org`);
    await stands(base, 'database_damaged');
    assert.equal((await post(base, token, 'P2')).status, 503);
    sql(`INSERT INTO ${schema}.org SELECT * FROM ${schema}_old.org`);
    await stands(base, 'ready');
    assert.equal((await post(base, token, 'P2')).status, 201);
    sound(place);
  });

  test('of another organisation is refused at the start', async () => {
    const { place } = await served();
    await place.stop();
    sql(`UPDATE ${schemaOf(place)}.org SET uuid = 'another'`);
    await assert.rejects(place.serve(...today));
  });
});

describe('making and keeping', () => {
  test('init takes no schema that is there, and leaves none half made', () => {
    const place = made();
    assert.match(place.run(['init', '--currency', 'CNY']).err, /^ERR_STATE: There is already a schema/);
    const other = new Place({ init: false });
    assert.equal(other.run(['init', '--timezone', 'Nowhere/X']).code, 1);
    assert.equal(sql(`SELECT count(*) FROM pg_namespace WHERE nspname = '${schemaOf(other)}' OR nspname LIKE 'guanxi_making%'`), '0');
    assert.match(other.run(['do', 'org_get']).err, /^ERR_DB_MISSING: There is no schema/);
    assert.match(other.run(['--db', server.replace('guanxi@', 'nobody@'), 'do', 'org_get']).err, /^ERR_DB_MISSING/);
    assert.match(other.run(['--db', `${server}&schema=No"Name`, 'do', 'org_get']).err, /^ERR_DB_MISSING.*names no schema/);
    assert.doesNotMatch(other.run(['--db', server.replace('guanxi@', 'guanxi:very-secret@') + '&schema=x', 'do', 'org_get']).err, /very-secret/);
  });

  test('a role without rights is told which it lacks, and a mistyped password is not shown', () => {
    const place = made();
    const schema = schemaOf(place);
    sql('CREATE ROLE weak LOGIN', 'CREATE ROLE looker LOGIN', `GRANT USAGE ON SCHEMA ${schema} TO looker`, `GRANT SELECT ON ALL TABLES IN SCHEMA ${schema} TO looker`);
    const as = (role: string, ...args: string[]) => place.run(['--db', place.env['GUANXI_DB']!.replace('guanxi@', `${role}@`), ...args]);
    assert.match(as('weak', 'do', 'org_get').err, /^ERR_DB_MISSING: The role of guanxi may not use the schema .*GRANT USAGE/);
    assert.match(place.run(['--db', `${server.replace('guanxi@', 'weak@')}&schema=fresh`, 'init', '--currency', 'CNY']).err, /GRANT CREATE ON DATABASE/);
    assert.match(as('looker', 'do', 'org_get').out, /"currency":"CNY"/);
    assert.match(as('looker', 'do', 'territory_create', '{"code":"T","name":"T"}').err, /^ERR_STORE: The role of guanxi has no right/);
    for (const secret of ['un%told', 'un@told', 'un#to/told', 'un?told']) {
      const { code, err } = place.run(['--db', `postgresql://guanxi:${secret}@127.0.0.1:1/x`, 'do', 'org_get']);
      assert.equal(code, 3);
      assert.match(err, /^ERR_DB_MISSING: postgresql:\/\/guanxi@127\.0\.0\.1:1\/x cannot be read: .*%40/);
      assert.doesNotMatch(err, /told/);
    }
    assert.match(place.run(['--db', `postgresql://127.0.0.1:1/a@b?schema=x`, 'do', 'org_get']).err, /Connection refused/);
    for (const odd of ['guanxi:told@[::1/x', 'guanxi:un%00told@h/x']) {
      assert.doesNotMatch(place.run(['--db', `postgresql://${odd}`, 'do', 'org_get']).err, /told/);
    }
    for (const wrong of ['bogus=1', 'prepared=maybe']) {
      assert.match(place.run(['--db', `${server}&${wrong}`, 'serve', '--listen', '127.0.0.1:0']).err, /^ERR_DB_MISSING: .* cannot be read: invalid URI query parameter/);
    }
    for (const wrong of ['sslmode=wow', 'port=99999', 'port=1,2,3']) {
      assert.match(place.run(['--db', `${server}&${wrong}`, 'serve', '--listen', '127.0.0.1:0']).err, /^ERR_DB_MISSING: .* cannot be reached: (invalid|could not match) .*\S$/m);
    }
    sql(`DROP OWNED BY looker`, 'DROP ROLE weak', 'DROP ROLE looker');
  });

  test('a database without its organisation is told by doctor, and not served', async () => {
    const place = made();
    sql(`DELETE FROM ${schemaOf(place)}.org`);
    assert.match(place.run(['doctor']).err, /^ERR_DB_DAMAGED: The database has no organisation/);
    await assert.rejects(place.serve(...today), /the server ended/);
  });

  test('a server without the extension spreads nothing, and keeps nothing of the attempt', () => {
    const place = new Place({ init: false });
    const there = () => sql(`SELECT count(*) FROM pg_namespace WHERE nspname = '${schemaOf(place)}'`);
    assert.match(place.run(['init', '--currency', 'CNY', '--distribute', 'citus']).err, /^ERR_STATE distribute: .*extension citus/);
    assert.equal(there(), '0');
    assert.match(place.run(['init', '--distribute', 'sharding']).err, /^ERR_USAGE distribute/);
    const file = place.run(['--db', 'x.db', 'init', '--currency', 'CNY', '--distribute', 'citus']);
    assert.match(file.err, /^ERR_STATE distribute: A file lies on one machine/);
    place.ok('--db', 'x.db', 'init', '--currency', 'CNY');
    assert.match(place.run(['copy', 'x.db', place.env['GUANXI_DB']!, '--distribute', 'citus']).err, /^ERR_STATE distribute/);
    assert.equal(there(), '0');
  });

  test('files are for files: backup and restore say what to do instead', () => {
    const place = made();
    for (const args of [['backup', 'x.db'], ['restore', 'x.db']]) {
      const ran = place.run(args);
      assert.equal(ran.code, 1, ran.out);
      assert.match(ran.err, /^ERR_STATE: .*guanxi copy/);
    }
  });

  test('a dump that the server\'s own tools restore is taken', () => {
    const place = made();
    const schema = schemaOf(place);
    place.do('partner_create', { code: 'D1', name: 'D', roles: ['distributor'] });
    const url = new URL(server.replace('@/', '@localhost/'));
    const host = url.searchParams.get('host')!;
    const at = ['-h', host, '-U', 'guanxi'];
    const dump = spawnSync('pg_dump', [...at, '-n', schema, 'guanxi'], { encoding: 'utf8' });
    assert.equal(dump.status, 0, dump.stderr);
    sql('CREATE DATABASE restored');
    const restored = spawnSync('psql', ['-X', '-q', ...at, 'restored'], { input: dump.stdout, encoding: 'utf8' });
    assert.equal(restored.status, 0, restored.stderr);
    const db = ['--db', place.env['GUANXI_DB']!.replace('/guanxi?', '/restored?')];
    assert.match(place.ok(...db, 'doctor').out, / 0 findings/);
    place.ok(...db, 'do', 'partner_get', '{"partner":"D1"}');
  });

  test('copy moves a database between a file and a server, there and back', () => {
    const place = made();
    for (const code of ['D1', 'D2']) {
      place.do('partner_create', { code, name: code, roles: ['distributor'] });
      place.do('account_create', { code, partner: code, currency: 'CNY', terms_days: 30, limit: 'unlimited' });
    }
    // The second one's parent is the younger of the two: rows come before what they refer to.
    place.do('account_change', { account: 'D1', parent: 'D2' });
    place.do('invoice_post', { account: 'D1', amount: '120.00', invoiced_on: '2025-06-02', number: 'R1' }, ...today);
    place.ok('user', 'add', 'root', '--role', 'admin');
    const keyed = ['--as', 'root', ...today, 'do', 'payment_post', '{"account":"D1","amount":"20.00","received_on":"2025-06-02"}', '--key', 'once'];
    const paid = place.ok(...keyed).json();
    const here = place.env['GUANXI_DB']!;
    const there = `${server}&schema=${schemaOf(place)}_back`;
    const told = place.ok('copy', here, 'copy.db', '--json').json();
    assert.deepEqual([told.receivable, told.open], [10000, 10000]);
    assert.deepEqual(place.ok('copy', 'copy.db', there, '--json').json(), told);
    for (const db of ['copy.db', there]) {
      assert.match(place.ok('--db', db, 'doctor').out, / 0 findings/);
      assert.equal(place.ok('--db', db, ...keyed).json().id, paid.id);
      assert.match(place.run(['copy', here, db]).err, /^ERR_STATE/);
      place.ok('--db', db, 'rebuild');
    }
    assert.equal(place.run(['copy', 'nothing.db', 'new.db']).code, 3);
  });
});

test('a COMMIT whose end is not heard is done once, and answered as done', async () => {
  const place = made();
  place.ok('user', 'add', 'root', '--role', 'admin');
  const token = place.ok('token', 'add', 'root').out.trim();
  const direct = place.env['GUANXI_DB'];
  const cut = await cutter();
  place.env['GUANXI_DB'] = direct!.replace(/host=[^&]*/, `host=${encodeURIComponent(cut.host)}`);
  const base = await place.serve(...today);
  place.env['GUANXI_DB'] = direct;
  const ids = new Set<string>();
  await Promise.all(Array.from({ length: 4 }, async (_, client) => {
    for (let i = 0; i < 15; i++) {
      const { status, body } = await post(base, token, `C${client}-${i}`, `k${client}-${i}`);
      assert.equal(status, 201, JSON.stringify(body));
      ids.add(body.id);
    }
  }));
  await place.stop();
  assert.ok(cut.cuts() >= 20, `${cut.cuts()} cuts`);
  cut.close();
  assert.equal(ids.size, 60);
  assert.equal(sql(`SELECT count(*) FROM ${schemaOf(place)}.partner`), '60');
  sound(place);
});

test('a server whose disk fails at one COMMIT is written to at the next, on every connection', async () => {
  const { place, base, token } = await served();
  const schema = schemaOf(place);
  const fails = `CREATE FUNCTION ${schema}.fails() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    RAISE EXCEPTION 'could not read block' USING ERRCODE = '58030'; END $$`;
  sql(fails, `CREATE CONSTRAINT TRIGGER fails AFTER INSERT ON ${schema}.partner DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION ${schema}.fails()`);
  const refused = await post(base, token, 'P');
  assert.deepEqual([refused.status, refused.body.code], [503, 'ERR_STORE']);
  sql(`DROP FUNCTION ${schema}.fails CASCADE`);
  for (let i = 0; i < 32; i++) assert.equal((await post(base, token, `P${i}`)).status, 201);
  sound(place);
});

test('an account that somebody holds for longer than a lock is waited for is waited for again', async () => {
  const { place, base, token } = await served();
  place.do('partner_create', { code: 'P', name: 'P', roles: ['distributor'] }, ...today);
  place.do('account_create', { code: 'A', partner: 'P', currency: 'CNY', terms_days: 30 }, ...today);
  const pay = async (): Promise<number> => {
    const reply = await fetch(`${base}/api/v1/payments`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ account: 'A', amount: '1.00', received_on: '2025-06-02' }),
    });
    return reply.status;
  };
  for (let i = 0; i < 32; i++) assert.equal(await pay(), 201); // by now each writer knows who calls, and for what
  const hold = `BEGIN; SELECT 1 FROM ${schemaOf(place)}.position FOR UPDATE; SELECT pg_sleep(6.5); COMMIT`;
  const holder = spawn('psql', ['-X', '-q', server, '-c', hold], { stdio: 'ignore' });
  const ended = new Promise((resolve) => holder.once('close', resolve));
  await wait(300);
  assert.deepEqual([...new Set(await Promise.all(Array.from({ length: 8 }, pay)))], [201]);
  await ended;
  sound(place);
});

/** Closes a fortnight, a COMMIT each day, behind one that cuts COMMITs off: by HTTP or the command line. */
async function fortnight(close: (place: Place, base: string, token: string) => Promise<string>): Promise<void> {
  const place = made();
  place.ok('user', 'add', 'root', '--role', 'admin');
  const token = place.ok('token', 'add', 'root').out.trim();
  place.do('day_close', { on: '2025-05-19' }, '--today', '2025-05-19');
  const direct = place.env['GUANXI_DB']!;
  const cut = await cutter();
  place.env['GUANXI_DB'] = direct.replace(/host=[^&]*/, `host=${encodeURIComponent(cut.host)}`);
  const base = await place.serve(...today);
  const answer = await close(place, base, token);
  await place.stop();
  place.env['GUANXI_DB'] = direct;
  cut.close();
  assert.match(answer, /"on":"2025-06-02"/);
  assert.equal(sql(`SELECT count(*) FROM ${schemaOf(place)}.day_close`), '15');
  assert.ok(cut.cuts() >= 4, `${cut.cuts()} cuts`);
  sound(place);
}

test('of a call that is stored in parts none is answered for the whole when its COMMIT is not heard', async () => {
  await fortnight(async (_, base, token) => {
    const reply = await fetch(`${base}/api/v1/day-close`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ on: '2025-06-02' }),
    });
    const text = await reply.text();
    assert.equal(reply.status, 200, text);
    return text;
  });
});

test('nor by the command line', async () => {
  await fortnight(async (place) => {
    await place.stop();
    return new Promise((resolve) => {
      const args = ['do', 'day_close', JSON.stringify({ on: '2025-06-02' }), ...today];
      execFile(program, args, { cwd: place.dir, env: { ...process.env, ...place.env } }, (_, out, err) => resolve(out + err));
    });
  });
});

test('a call of the command line whose COMMIT is not heard is looked for, and answered as done', async () => {
  const place = made();
  const direct = place.env['GUANXI_DB']!;
  const cut = await cutter();
  const env = { ...place.env, GUANXI_DB: direct.replace(/host=[^&]*/, `host=${encodeURIComponent(cut.host)}`) };
  const call = (code: string): Promise<string> => new Promise((resolve) => {
    const input = JSON.stringify({ code, name: code, roles: ['distributor'] });
    execFile(program, ['do', 'partner_create', input], { cwd: place.dir, env }, (_, out, err) => resolve(out + err));
  });
  for (let i = 0; i < 12; i++) {
    assert.match(await call(`C${i}`), new RegExp(`"code":"C${i}"`));
  }
  assert.ok(cut.cuts() >= 4, `${cut.cuts()} cuts`);
  cut.close();
  assert.equal(sql(`SELECT count(*) FROM ${schemaOf(place)}.partner`), '12');
  sound(place);
});
