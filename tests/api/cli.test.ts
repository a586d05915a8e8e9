// The command line itself: options, exit codes, help, refusals, setting up, keeping.
import { chmodSync, chownSync, copyFileSync, existsSync, linkSync, readFileSync, readdirSync, statSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { spawn, spawnSync } from 'node:child_process';
import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { Place, aboutFile, onServer, program, root } from './support';

describe('options and exit codes', () => {
  const place = new Place({ init: ['--timezone', 'UTC', '--currency', 'CNY'] });

  test('global options may stand anywhere', () => {
    const elsewhere = new Place({ init: false });
    for (const args of [
      ['--db', place.db, 'do', 'org_get'],
      ['do', '--db', place.db, 'org_get'],
      ['do', 'org_get', '--db', place.db],
      ['do', 'org_get', `--db=${place.db}`, '--json'],
    ]) {
      assert.equal(elsewhere.ok(...args).json().currency, 'CNY');
    }
    const byEnv = elsewhere.run(['do', 'org_get'], '', { GUANXI_DB: place.db });
    assert.equal(byEnv.json().currency, 'CNY');
  });

  test('wrong usage exits 2 and says what to do', () => {
    for (const [args, says] of [
      [['nonsense'], /no command nonsense/],
      [['do'], /needs OPERATION/],
      [['do', 'nonsense'], /ERR_UNKNOWN_OPERATION.*do --help/],
      [['do', 'org_get', '{"a"'], /ERR_MALFORMED/],
      [['do', 'org_get', '[]'], /JSON object/],
      [['do', 'org_get', '{"a":1,"a":2}'], /ERR_MALFORMED/],
      [['do', 'org_get', '{}', '{}'], /too much/],
      [['do', 'org_get', '--nonsense', '1'], /takes no --nonsense/],
      [['do', 'org_get', '--as'], /--as needs a value/],
      [['do', 'org_get', '--today', '2025-02-30'], /existing day/],
      [['do', 'org_get', '--today', '9999-12-31'], /1900-01-01 to 2199-12-31/],
      [['doctor', '--nonsense'], /does not know --nonsense/],
      [['journal'], /needs FILE/],
      [['journal', 'no such file'], /cannot be read/],
      [['journal', '.'], /is a folder/],
      [['user', 'add', 'ann'], /needs --role/],
      [['init', 'more'], /too much/],
      [['copy', 'somewhere.db', ''], /An argument is empty/],
      [['doctor', '-x'], /no option -x/],
    ] as [string[], RegExp][]) {
      const ran = place.run(args);
      assert.equal(ran.code, 2, `${args.join(' ')}: ${ran.out}${ran.err}`);
      assert.match(ran.err, says);
    }
    const bare = place.run([]);
    assert.equal(bare.code, 2);
    assert.match(bare.err, /^usage: guanxi/);
  });

  test('help is printed on standard output', () => {
    assert.match(place.ok('--help').out, /^usage: guanxi COMMAND/);
    assert.match(place.ok('help', 'init').out, /--timezone ZONE/);
    assert.match(place.ok('user', 'add', '--help').out, /--password-file FILE/);
    assert.match(place.ok('do', '--help').out, /org_get/);
    assert.match(place.ok('do', 'org_change', '-h').out, /timezone/);
    assert.match(place.ok('help', 'org_change').out, /timezone/);
    assert.match(place.run(['help', 'nonsense']).err, /^ERR_USAGE: There is no command nonsense/);
  });

  test('a refusal exits 1 with code, field and sentence', () => {
    const said = place.refuses('ERR_FIELD_INVALID timezone:', 'org_change', { timezone: 'Nowhere/X' });
    assert.match(said, /IANA/);
    place.refuses('ERR_FIELD_UNKNOWN nonsense:', 'org_change', { nonsense: 1 });
  });

  test('with --json a refusal is a problem document on standard output', () => {
    const ran = place.run(['do', 'org_change', '{"timezone":"Nowhere/X"}', '--json']);
    assert.equal(ran.code, 1);
    assert.equal(ran.err, '');
    assert.deepEqual(
      [ran.json().code, ran.json().field, ran.json().status, ran.json().errors[0].pointer],
      ['ERR_FIELD_INVALID', 'timezone', 422, '/timezone'],
    );
    assert.equal(place.run(['do', 'nonsense', '--json']).json().code, 'ERR_UNKNOWN_OPERATION');
  });

  test('input comes as an argument, from standard input, or member by member', () => {
    assert.equal(place.do('org_change', { timezone: 'Asia/Shanghai' }).timezone, 'Asia/Shanghai');
    const piped = place.run(['do', 'org_change', '-'], '{"timezone":"Europe/Berlin"}');
    assert.equal(piped.json().timezone, 'Europe/Berlin');
    const member = place.ok('do', 'org_change', '--timezone', 'UTC', '--prices-include-tax', 'false').json();
    assert.deepEqual([member.timezone, member.prices_include_tax], ['UTC', false]);
    assert.equal(place.run(['do', 'org_change', '{"timezone":"UTC"}', '--timezone', 'UTC']).code, 2);
    assert.match(place.run(['do', 'org_change', '-'], Buffer.from('{"timezone":"\xff"}', 'latin1')).err, /no UTF-8/);
    assert.equal(place.run(['do', 'org_change', '-'], '['.repeat(100_000)).code, 2);
    assert.equal(place.run(['do', 'org_change', '-'], ' '.repeat(2 << 20)).code, 1);
  });

  test('--if-match and --key', () => {
    const version = place.do('org_get').version;
    place.refuses('ERR_VERSION_STALE', 'org_change', { timezone: 'UTC' }, '--if-match', String(version + 1));
    const first = place.do('org_change', { timezone: 'UTC' }, '--key', 'k1', '--if-match', String(version));
    assert.deepEqual(place.do('org_change', { timezone: 'UTC' }, '--key', 'k1'), first);
    place.refuses('ERR_IDEMPOTENCY_MISMATCH', 'org_change', { timezone: 'Asia/Shanghai' }, '--key', 'k1');
    assert.equal(place.run(['do', 'org_get', '--if-match', 'x']).code, 2);
  });

  test('an unknown user is not let in', () => {
    place.refuses('ERR_UNAUTHENTICATED', 'org_get', {}, '--as', 'nobody');
  });

  test('output that cannot be written is told', async () => {
    const child = spawn('sh', ['-c', `"${program}" do org_get > /dev/full`], { cwd: place.dir, env: { ...process.env, ...place.env } });
    const code = await new Promise((resolve) => child.once('exit', resolve));
    assert.equal(code, 3);
  });
});

describe('making a database', () => {
  test('init makes one and leaves an existing one alone', () => {
    const place = new Place({ init: [] });
    const before = place.stored();
    const again = place.run(['init']);
    assert.equal(again.code, 1);
    assert.match(again.err, /^ERR_STATE: .*(exists already|already a schema)/);
    assert.equal(place.stored(), before);
    const org = place.do('org_get');
    assert.deepEqual([org.currency, org.timezone, org.is_solo, org.version], [null, 'UTC', false, 1]);
    assert.match(org.uuid, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  test('the file is its owner\'s alone', aboutFile, () => {
    assert.equal(statSync(new Place().path('guanxi.db')).mode & 0o077, 0);
  });

  test('a refused init leaves nothing behind', () => {
    for (const [option, value] of [['--timezone', 'Nowhere/X'], ['--currency', 'XYZ1']] as const) {
      const place = new Place({ init: false });
      const ran = place.run(['init', option, value]);
      assert.equal(ran.code, 1, ran.err);
      assert.match(place.run(['do', 'org_get']).err, /^ERR_DB_MISSING/);
      assert.deepEqual(readdirSync(place.dir), []);
      place.ok('init');
    }
    const place = new Place({ init: false });
    for (const args of [['serve', '--listen', '127.0.0.1:0'], ['migrate']]) {
      assert.equal(place.run(args).code, 3, args.join(' '));
      assert.deepEqual(readdirSync(place.dir), [], args.join(' '));
    }
  });

  test('a refused restore leaves nothing behind', aboutFile, () => {
    const place = new Place({ init: false });
    assert.equal(place.run(['restore', 'no.db']).code, 3);
    assert.deepEqual(readdirSync(place.dir), []);
    place.write('text.db', 'no database at all, just text that is long enough\n'.repeat(100));
    assert.equal(place.run(['restore', 'text.db']).code, 3);
    assert.deepEqual(readdirSync(place.dir), ['text.db']);
  });

  test('a missing database exits 3', () => {
    const place = new Place({ init: false });
    const commands = [['do', 'org_get'], ['doctor'], ['journal', '-'], ['migrate'], ['rebuild']];
    for (const args of onServer ? commands : [...commands, ['backup', 'b.db']]) {
      const ran = place.run(args);
      assert.equal(ran.code, 3, `${args.join(' ')}: ${ran.err}`);
      assert.match(ran.err, /^ERR_DB_MISSING/);
    }
    assert.deepEqual(readdirSync(place.dir), []);
  });

  test('a foreign or damaged file exits 3', aboutFile, () => {
    const place = new Place({ init: false });
    for (const content of ['no database at all, just text that is long enough\n'.repeat(100), '', 'x']) {
      writeFileSync(place.path('guanxi.db'), content);
      const ran = place.run(['do', 'org_get']);
      assert.equal(ran.code, 3, ran.err);
      assert.match(ran.err, /^ERR_DB_(DAMAGED|OLDER|NEWER)/);
      assert.equal(readFileSync(place.path('guanxi.db'), 'utf8'), content);
    }
    const nowhere = place.run(['--db', 'no/folder/x.db', 'init']);
    assert.equal(nowhere.code, 3);
    assert.match(nowhere.err, /no folder/);
  });

  test('a database whose tables were changed from outside is refused by name', { skip: !onServer && !existsSync('/usr/bin/sqlite3') && 'there is no sqlite3' }, () => {
    for (const [sql, says] of [[`DROP TABLE promise${onServer ? ' CASCADE' : ''}`, /lacks .*promise/], ['DELETE FROM migration', /no history/]] as const) {
      const place = new Place();
      place.ok('copy', place.db, 'copy.db');
      place.sql(sql);
      const commands = [['do', 'org_get'], ['do', 'org_change', '{}'], ['migrate'], ['serve', '--listen', '127.0.0.1:0'], ['copy', place.db, 'new.db']];
      for (const args of onServer ? commands : [...commands, ['restore', 'guanxi.db', '--db', 'new.db']]) {
        const ran = place.run(args);
        assert.equal(ran.code, 3, `${args.join(' ')}: ${ran.out}`);
        assert.match(ran.err, /ERR_DB_DAMAGED: .*backup/);
        assert.match(ran.err, says);
      }
      if (!onServer) place.ok('restore', 'copy.db', '--replace');
      place.ok('--db', onServer ? 'copy.db' : place.db, 'doctor');
    }
  });

  test('a folder that may not be written is told', { skip: aboutFile.skip || (process.getuid?.() !== 0 && 'only root can become another user') }, () => {
    const place = new Place({ init: false });
    const nobody = 65534;
    chmodSync(root, 0o755);
    // Where the tree is, root alone may look.
    const readable = `${root}/guanxi`;
    copyFileSync(program, readable);
    chmodSync(readable, 0o755);
    chownSync(place.dir, nobody, nobody);
    const run = (...args: string[]) => {
      const ran = spawnSync(readable, args, { cwd: place.dir, uid: nobody, gid: nobody, encoding: 'utf8' });
      return { code: ran.status, err: ran.stderr };
    };
    assert.equal(run('init').code, 0);
    chmodSync(place.dir, 0o555);
    for (const args of [['do', 'org_change', '{"timezone":"UTC"}'], ['rebuild'], ['--db', 'new.db', 'init'], ['backup', 'copy.db']]) {
      const ran = run(...args);
      assert.equal(ran.code, 3, `${args.join(' ')}: ${ran.err}`);
      assert.match(ran.err, /^ERR_(STORE|READ_ONLY): .*(right|user)/);
    }
    chmodSync(place.dir, 0o755);
    assert.equal(run('doctor').code, 0);
  });

  test('too many open files are told as such', aboutFile, () => {
    const place = new Place();
    const told = Array.from({ length: 8 }, (_, i) => {
      const ran = spawnSync('sh', ['-c', `ulimit -n ${4 + i}; exec "$0" doctor`, program], { cwd: place.dir, encoding: 'utf8' });
      return ran.status === 0 ? 'sound' : /^ERR_STORE: .*too many files are open/.test(ran.stderr) ? 'too many' : ran.stderr;
    });
    assert.deepEqual([...new Set(told)].sort(), ['sound', 'too many']);
  });

  test('migrate leaves a present schema as it is', () => {
    const place = new Place();
    place.ok('migrate');
    assert.equal(place.do('org_get').currency, 'CNY');
  });
});

describe('one database, one writer', () => {
  test('a symbolic link leads to the lock of the database itself', aboutFile, async () => {
    const place = new Place();
    symlinkSync('guanxi.db', place.path('link.db'));
    symlinkSync(place.dir, place.path('folder'));
    try {
      await place.serve('--today', '2025-06-03');
      for (const [db, timezone] of [['link.db', 'Asia/Shanghai'], ['folder/guanxi.db', 'Europe/Berlin'], ['folder/link.db', 'UTC']] as const) {
        const second = place.run(['--db', db, 'serve', '--listen', '127.0.0.1:0']);
        assert.equal(second.code, 3, db);
        assert.match(second.err, /^ERR_BUSY: The server at http/);
        assert.equal(place.run(['--db', db, 'migrate']).code, 3);
        // Beside the server, as under its own name.
        assert.ok(place.do('org_change', { timezone }, '--db', db)['version'] > 1);
      }
      assert.equal(existsSync(place.path('link.db.lock')), false);
    } finally {
      await place.stop();
    }
    place.ok('backup', 'copy.db');
    place.ok('--db', 'link.db', 'restore', 'copy.db', '--replace');
    assert.equal(existsSync(place.path('guanxi.db.before-restore')), true);
    assert.equal(existsSync(place.path('link.db.before-restore')), false);
    assert.match(place.ok('--db', 'link.db', 'doctor').out, /0 findings/);
    symlinkSync('nothing.db', place.path('dangling.db'));
    assert.match(place.run(['--db', 'dangling.db', 'init']).err, /^ERR_STATE/);
    assert.match(place.run(['--db', 'dangling.db', 'doctor']).err, /^ERR_DB_MISSING/);
  });

  test('a file under two names is not written', aboutFile, () => {
    const place = new Place();
    place.ok('backup', 'copy.db');
    linkSync(place.path('guanxi.db'), place.path('other.db'));
    for (const db of ['guanxi.db', 'other.db']) {
      for (const args of [['serve', '--listen', '127.0.0.1:0'], ['migrate'], ['restore', 'copy.db', '--replace'],
        ['do', 'org_change', '{}'], ['journal', '-'], ['rebuild']]) {
        const ran = place.run(['--db', db, ...args]);
        assert.equal(ran.code, 3, `${db} ${args.join(' ')}: ${ran.out}`);
        assert.match(ran.err, /^ERR_DB_DAMAGED: .*2 names.*find/, args.join(' '));
      }
      assert.equal(place.run(['--db', db, 'doctor']).code, 0);
    }
    // A backup may have several names, as hard-linked snapshots have.
    linkSync(place.path('copy.db'), place.path('snapshot.db'));
    place.ok('--db', 'new.db', 'restore', 'snapshot.db');
    unlinkSync(place.path('other.db'));
    place.do('org_change', { timezone: 'UTC' });
  });
});

describe('users and tokens', () => {
  const place = new Place();

  test('user add, with territories, superior and password', () => {
    place.do('territory_create', { code: 'N', name: 'North' });
    place.do('territory_create', { code: 'S', name: 'South' });
    place.ok('user', 'add', 'boss', '--role', 'manager');
    place.write('password', 'seven grey lanterns on the pier\nnot this line\n');
    const added = place
      .ok('user', 'add', 'ann', '--role=sales', '--territory', 'N', '--territory', 'S', '--reports-to', 'boss', '--password-file', 'password')
      .json();
    const shown = place.do('user_get', { user: 'ann' });
    assert.deepEqual([shown['id'], shown['role'], shown['reports_to'], shown['territories']], [added.id, 'sales', 'boss', ['N', 'S']]);
    assert.doesNotMatch(JSON.stringify(shown), /lanterns/);
    for (const [args, code, says] of [
      [['bob', '--role', 'king'], 1, /ERR_FIELD_INVALID role/],
      [['ann', '--role', 'sales'], 1, /ERR_NAME_TAKEN/],
      [['bob', '--role', 'sales', '--territory', 'X'], 1, /ERR_NOT_FOUND/],
      [['bob', '--role', 'sales', '--password-file', 'none'], 2, /password file none cannot be read/],
      [['bob', '--role', 'sales', '--password-file', '/dev/null'], 2, /empty/],
    ] as [string[], number, RegExp][]) {
      const ran = place.run(['user', 'add', ...args]);
      assert.equal(ran.code, code, ran.err);
      assert.match(ran.err, says);
    }
  });

  test('token add prints the token and nothing else', async () => {
    const token = place.ok('token', 'add', 'ann').out.trim();
    assert.match(token, /^[a-z0-9]{50,}$/);
    assert.notEqual(place.ok('token', 'add', 'ann').out.trim(), token);
    assert.equal(place.ok('token', 'add', 'ann', '--json').json().token.length, token.length);
    assert.equal(place.run(['token', 'add', 'nobody']).code, 1);
    try {
      const address = await place.serve();
      const answer = await fetch(`${address}/api/v1/territories`, { headers: { Authorization: `Bearer ${token}` } });
      assert.equal(answer.status, 200);
      assert.match(place.ok('token', 'add', 'ann').out, /^[a-z0-9]+\n$/);
    } finally {
      await place.stop();
    }
  });

  test('--as acts with the rights of the user', () => {
    place.refuses('ERR_FORBIDDEN', 'territory_create', { code: 'W', name: 'West' }, '--as', 'ann');
    assert.equal(place.do('territory_create', { code: 'W', name: 'West' }, '--as', 'boss')['code'], 'W');
  });
});

describe('keeping a database', () => {
  test('doctor and rebuild of a fresh one', () => {
    const place = new Place();
    assert.match(place.ok('doctor').out, /^doctor: \d+ checks, 0 findings$/m);
    assert.equal(place.ok('doctor', '--json').json().findings, 0);
    place.ok('rebuild');
    assert.match(place.ok('doctor').out, /0 findings/);
  });

  test('backup and restore', aboutFile, () => {
    const place = new Place();
    place.ok('backup', 'copy.db');
    assert.match(place.run(['backup', 'copy.db']).err, /^ERR_STATE: .*exists already/);
    place.do('org_change', { timezone: 'Asia/Shanghai' });
    const taken = place.run(['restore', 'copy.db']);
    assert.equal(taken.code, 1);
    assert.match(taken.err, /--replace/);
    place.ok('restore', 'copy.db', '--replace');
    assert.equal(place.do('org_get').timezone, 'UTC');
    assert.equal(place.do('org_get', {}, '--db', 'guanxi.db.before-restore').timezone, 'Asia/Shanghai');
    assert.match(place.run(['restore', 'copy.db', '--replace']).err, /earlier restore/);
    place.ok('restore', 'copy.db', '--db', 'other.db');
    assert.equal(place.do('org_get', {}, '--db', 'other.db').timezone, 'UTC');
    assert.equal(place.run(['restore', 'missing.db', '--db', 'new.db']).code, 3);
    place.write('broken.db', readFileSync(place.path('copy.db')).subarray(0, 100_000));
    const broken = place.run(['restore', 'broken.db', '--db', 'new.db']);
    assert.equal(broken.code, 3);
    assert.match(broken.err, /ERR_DB_DAMAGED/);
    assert.equal(existsSync(place.path('new.db')), false);
  });

  test('openapi is JSON', () => {
    assert.equal(new Place({ init: false }).ok('openapi').json().openapi, '3.1.0');
  });
});

describe('beside a server', () => {
  test('commands go through it and say the same', async () => {
    const place = new Place();
    try {
      await place.serve('--today', '2025-06-03');
      assert.equal(place.do('org_get').timezone, 'UTC');
      assert.equal(place.do('org_change', { timezone: 'Asia/Shanghai' }).timezone, 'Asia/Shanghai');
      place.refuses('ERR_FIELD_INVALID timezone:', 'org_change', { timezone: 'Nowhere/X' });
      const problem = place.run(['do', 'org_change', '{"timezone":"Nowhere/X"}', '--json']);
      assert.deepEqual([problem.code, problem.json().code], [1, 'ERR_FIELD_INVALID']);
      place.refuses('ERR_UNAUTHENTICATED', 'org_get', {}, '--as', 'nobody');
      assert.match(place.ok('doctor').out, /0 findings/);
      place.ok('rebuild');
      place.ok('copy', place.db, 'copy.db');
      const ran = place.journal([
        { do: 'org_change', in: { timezone: 'UTC' }, save: { v: 'version' } },
        { do: 'org_get', expect: { version: '$v', timezone: 'Asia/Shanghai' } },
      ]);
      assert.equal(ran.code, 1);
      assert.match(ran.err, /^line 2 org_get: timezone is "UTC", expected "Asia\/Shanghai"$/m);
    } finally {
      await place.stop();
    }
    assert.equal(place.do('org_get').timezone, 'UTC');
  });

  test('what takes its file from it waits until it has stopped', aboutFile, async () => {
    const place = new Place();
    try {
      await place.serve();
      place.ok('backup', 'copy.db');
      for (const args of [['restore', 'copy.db', '--replace'], ['migrate']]) {
        const held = place.run(args);
        assert.equal(held.code, 3);
        assert.match(held.err, /^ERR_BUSY: The server at http/);
      }
    } finally {
      await place.stop();
    }
  });
});
