// Journals: what a line may hold, what stops one, what stays.
import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { Place, aboutFile, counts, lastLine, onServer, program } from './support';

const zone = (timezone: string, more: object = {}) => ({ do: 'org_change', in: { timezone }, ...more });

describe('a journal', () => {
  test('runs its lines and prints what it did', () => {
    const place = new Place();
    const ran = place.journal([zone('Asia/Shanghai'), { do: 'org_get', expect: { timezone: 'Asia/Shanghai' } }]);
    assert.equal(ran.code, 0, ran.err);
    assert.match(ran.out, /^lines 2 done 2 skipped 0 refused 0 differing 0 per_second \d+\n$/);
    const json = place.journal([zone('UTC')], '--json').json();
    assert.deepEqual({ ...json, per_second: 0 }, { lines: 1, done: 1, skipped: 0, refused: 0, differing: 0, per_second: 0 });
  });

  test('an empty one and blank lines do nothing', () => {
    const place = new Place();
    assert.equal(counts(place.run(['journal', '-'], '').out)['lines'], 0);
    assert.equal(counts(place.run(['journal', '-'], '\n \r\n{"do":"org_get"}\n\n').out)['lines'], 1);
  });

  test('stops at the first line that fails and keeps what was before it', () => {
    const place = new Place();
    const ran = place.journal([zone('Asia/Shanghai'), zone('Nowhere/X'), zone('UTC')]);
    assert.equal(ran.code, 1);
    assert.match(ran.err, /^line 2 org_change: ERR_FIELD_INVALID timezone: Nowhere\/X/);
    assert.match(ran.out, /^lines 2 done 1 skipped 0 refused 1 differing 0/);
    assert.equal(place.do('org_get').timezone, 'Asia/Shanghai');
  });

  test('goes on with --continue', () => {
    const place = new Place();
    const ran = place.journal([zone('Nowhere/X'), zone('Asia/Shanghai'), { do: 'org_get', expect: { timezone: 'UTC' } }], '--continue');
    assert.equal(ran.code, 1);
    assert.match(ran.out, /^lines 3 done 1 skipped 0 refused 1 differing 1/);
    assert.equal(ran.err.trim().split('\n').length, 2);
    assert.equal(place.do('org_get').timezone, 'Asia/Shanghai');
  });

  test('skips lines whose key was done, and still saves from them', () => {
    const place = new Place();
    const lines = [
      zone('Asia/Shanghai', { key: 'a', save: { v: 'version' } }),
      zone('UTC', { key: 'b' }),
      { do: 'org_get', expect: { timezone: 'UTC' } },
    ];
    assert.match(place.journal(lines).out, /done 3 skipped 0/);
    const again = place.journal([...lines, { do: 'org_change', in: { timezone: '$w' }, expect: { code: 'ERR_FIELD_INVALID' } }]);
    assert.match(again.out, /^lines 4 done 2 skipped 2 refused 0 differing 0/);
    assert.equal(place.do('org_get').version, 3);
    const changed = place.journal([zone('Europe/Berlin', { key: 'a' })]);
    assert.match(changed.err, /ERR_IDEMPOTENCY_MISMATCH/);
  });

  test('skips refusals that it expected, whatever would come of them by now', () => {
    const place = new Place();
    const paid = { do: 'payment_post', key: 'k2', in: { account: 'B', amount: '5', received_on: '2025-01-01' }, expect: { code: 'ERR_NOT_FOUND' } };
    const lines = [
      { do: 'partner_create', on: '2025-01-01', key: 'k1', in: { code: 'P', name: 'P', roles: ['distributor'] } },
      paid,
      { do: 'payment_post', as: 'nobody', key: 'k2', in: paid.in, expect: { code: 'ERR_UNAUTHENTICATED' } },
      { do: 'account_create', key: 'k3', in: { code: 'B', partner: 'P', currency: 'CNY', terms_days: 30, limit: '100' } },
    ];
    assert.match(place.journal(lines).out, /^lines 4 done 4 skipped 0 refused 0 differing 0/);
    place.ok('user', 'add', 'nobody', '--role', 'finance');
    assert.match(place.journal(lines).out, /^lines 4 done 0 skipped 4 refused 0 differing 0/);
    place.ok('do', 'day_close', JSON.stringify({ on: '2025-01-02' }), '--today', '2025-01-02');
    const late = lines.map((line) => ({ ...line, on: '2025-01-02' }));
    assert.match(place.journal(late).out, /^lines 4 done 0 skipped 4 refused 0 differing 0/);
    assert.equal(place.do('exposure_get', { account: 'B' }).advance, '0.00');
    // Another expectation of the same line, another input, and another kind of line are no repeats.
    assert.match(place.journal([{ ...paid, on: '2025-01-02', expect: { code: 'ERR_STATE' } }], '--continue').out, /differing 1/);
    assert.match(place.journal([{ ...paid, on: '2025-01-02', expect: { advance: '5.00' } }]).out, /^lines 1 done 1 /);
    assert.equal(place.do('exposure_get', { account: 'B' }).advance, '5.00');
    place.ok('doctor');
  });

  test('saves and puts in', () => {
    const place = new Place();
    const ran = place.journal([
      { do: 'org_get', save: { z: 'timezone', v: 'version' } },
      { do: 'org_change', in: { timezone: '$z' }, expect: { timezone: '$z' } },
      { do: 'org_change', in: { timezone: '$$z' }, expect: { code: 'ERR_FIELD_INVALID', detail: '$z is no time zone known on this machine; use an IANA name such as Asia/Shanghai.' } },
    ]);
    assert.match(ran.out, /done 2|done 3/);
    const none = place.journal([{ do: 'org_get', save: 'x' }]);
    assert.match(none.err, /line 1 org_get: the reply has nothing to save as x/);
    const unknown = place.journal([{ do: 'org_change', in: { timezone: '$never' } }]);
    assert.match(unknown.err, /Nothing was saved as never/);
  });

  test('expectations name paths, and refusals count as done', () => {
    const place = new Place();
    const ran = place.journal([
      zone('Nowhere/X', { expect: { code: 'ERR_FIELD_INVALID', field: 'timezone', 'errors.0.pointer': '/timezone' } }),
      { do: 'org_get', expect: { version: 1, closed_until: null, 'no.such.path': null } },
    ]);
    assert.equal(ran.code, 0, ran.err);
    assert.match(ran.out, /done 2/);
    for (const [expect, says] of [
      [{ version: '1' }, /version is 1, expected "1"/],
      [{ version: 2 }, /version is 1, expected 2/],
      [{ nothing: 1 }, /nothing is absent, expected 1/],
      [{ code: 'ERR_STATE' }, /code is absent, expected "ERR_STATE"/],
    ] as [object, RegExp][]) {
      const differs = place.journal([{ do: 'org_get', expect }]);
      assert.equal(differs.code, 1);
      assert.match(differs.err, says);
      assert.match(differs.out, /refused 0 differing 1/);
    }
    const other = place.journal([zone('Nowhere/X', { expect: { code: 'ERR_STATE' } })]);
    assert.match(other.err, /code is "ERR_FIELD_INVALID", expected "ERR_STATE"/);
  });

  test('dates do not go back', () => {
    const place = new Place();
    assert.equal(place.journal([{ do: 'org_get', on: '2001-01-05' }, { do: 'org_get', on: '2001-01-05' }]).code, 0);
    const ran = place.journal([
      { do: 'org_get', on: '2026-01-05' },
      { do: 'org_get' },
      { do: 'org_get', on: '2026-01-04' },
    ], '--today', '2026-01-01');
    assert.match(ran.err, /^line 3 org_get: ERR_FIELD_INVALID on: .*2026-01-05/);
    assert.match(place.journal([{ do: 'org_get', on: '2025-02-30' }]).err, /no existing day/);
  });

  test('who acts', () => {
    const place = new Place();
    assert.match(place.journal([{ do: 'org_get', as: 'nobody' }]).err, /ERR_UNAUTHENTICATED/);
    assert.match(place.journal([{ do: 'org_get' }], '--as', 'nobody').err, /ERR_UNAUTHENTICATED/);
  });
});

describe('a journal that is wrong', () => {
  const place = new Place();
  const cases: [string, string | Buffer, RegExp][] = [
    ['a line cut in the middle', '{"do":"org_get"}\n{"do":"org_ch', /^line 2: ERR_MALFORMED.*cut here/m],
    ['no JSON', 'hello\n', /^line 1: ERR_MALFORMED/],
    ['a list', '[]\n', /^line 1: ERR_MALFORMED: A line is a JSON object/],
    ['twice the same member', '{"do":"org_get","do":"org_get"}\n', /^line 1: ERR_MALFORMED/],
    ['an unknown member', '{"do":"org_get","inn":{}}\n', /^line 1 org_get: ERR_FIELD_UNKNOWN inn/],
    ['no operation', '{"in":{}}\n', /^line 1: ERR_FIELD_REQUIRED do/],
    ['an unknown operation', '{"do":"nope"}\n', /^line 1: ERR_UNKNOWN_OPERATION do: There is no operation nope/],
    ['in that is no object', '{"do":"org_get","in":[]}\n', /^line 1 org_get: ERR_FIELD_INVALID in/],
    ['on that is no text', '{"do":"org_get","on":20250101}\n', /^line 1 org_get: ERR_FIELD_INVALID on/],
    ['save that is no name', '{"do":"org_get","save":{"x":1}}\n', /^line 1 org_get: ERR_FIELD_INVALID save/],
    ['bytes that are no UTF-8', Buffer.from('{"do":"\xff"}\n', 'latin1'), /^line 1: ERR_MALFORMED/],
    ['a NUL', '{"do":"org_get"\0}\n', /^line 1: ERR_MALFORMED/],
    ['a depth bomb', `{"do":"org_get","in":${'['.repeat(50_000)}\n`, /^line 1: ERR_MALFORMED/],
    ['a line without end', `{"do":"org_get"}\n{"do":"${'x'.repeat(2 << 20)}`, /^line 2: ERR_TOO_LARGE/],
  ];
  for (const [name, text, says] of cases) {
    test(`${name} is told by line`, () => {
      const ran = place.run(['journal', '-'], text);
      assert.equal(ran.code, 1, ran.err);
      assert.match(ran.err, says);
      assert.match(lastLine(ran.out), /refused 1/);
    });
  }
});

describe('a long journal', () => {
  /** So many that the disk of a file is full; a server takes fewer a second. */
  const LINES = onServer ? 4_000 : 20_000;
  const many = Array.from({ length: LINES }, (_, i) => JSON.stringify(zone(i % 2 ? 'UTC' : 'Asia/Shanghai', { key: `k${i}` }))).join('\n');

  test('that is killed is run again', async () => {
    const place = new Place();
    place.write('many.ndjson', many);
    const child = spawn(program, ['journal', 'many.ndjson'], { cwd: place.dir, env: { ...process.env, ...place.env } });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    while (child.exitCode === null && place.do('org_get')['version'] < 100) {
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    child.kill('SIGKILL');
    await ended;
    assert.match(place.ok('doctor').out, /0 findings/);
    const again = counts(place.ok('journal', 'many.ndjson').out);
    assert.equal(again['done']! + again['skipped']!, LINES);
    assert.ok(again['skipped']! > 0 && again['done']! > 0, JSON.stringify(again));
    assert.equal(place.do('org_get')['version'], LINES + 1);
  });

  test('that meets a full disk keeps what was committed', aboutFile, () => {
    const place = new Place();
    place.write('many.ndjson', many);
    const ran = spawnSync('sh', ['-c', `ulimit -f 6000; "${program}" journal many.ndjson`], {
      cwd: place.dir,
      encoding: 'utf8',
      env: { PATH: process.env['PATH'] }, // the limit is for the database, not for the trace of the suite
    });
    assert.equal(ran.status, 3, ran.stderr);
    assert.match(ran.stderr, /^lines \d+ to \d+: not kept/m);
    const before = counts(ran.stdout);
    assert.ok(before['done']! > 0);
    assert.match(place.ok('doctor').out, /0 findings/);
    const again = counts(place.ok('journal', 'many.ndjson').out);
    assert.deepEqual([again['skipped'], again['done']! + again['skipped']!], [before['done'], LINES]);
  });

  test('may hold notes, which run nothing', () => {
    const place = new Place();
    const ran = place.journal([{ note: 'The beginning.' }, zone('UTC', { note: 'The home zone.' }), { note: 'The end.' }]);
    assert.match(ran.out, /^lines 1 done 1 skipped 0 refused 0/);
    assert.match(place.journal([{ note: 5 }]).err, /^line 1: ERR_FIELD_INVALID note/);
    assert.match(place.journal([{ note: 'x', as: 'y' }]).err, /^line 1: ERR_FIELD_REQUIRED do/);
  });

  test('runs what has come, and ends at a refusal while its input is still open', async () => {
    const place = new Place();
    const child = spawn(program, ['journal', '-'], { cwd: place.dir, env: { ...process.env, ...place.env } });
    const ended = new Promise((resolve) => child.once('close', resolve));
    let said = '';
    child.stderr.on('data', (text) => (said += text));
    child.stdin.write(`${JSON.stringify(zone('Asia/Shanghai'))}\n{"do":`);
    while (place.do('org_get')['timezone'] !== 'Asia/Shanghai') {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    child.stdin.write(`"org_get"}\n${JSON.stringify(zone('Nowhere/X'))}\n{"do":`);
    assert.equal(await ended, 1);
    assert.match(said, /^line 3 org_change: ERR_FIELD_INVALID/);
  });

  test('of many transactions runs its lines in their order', () => {
    const place = new Place();
    const lines = Array.from({ length: 5000 }, (_, i) => zone(i % 2 ? 'UTC' : 'Asia/Shanghai', { expect: { version: i + 2 } }));
    assert.match(place.journal(lines).out, /^lines 5000 done 5000 skipped 0 refused 0 differing 0/);
  });

  test('beyond one transaction keeps all before the failing line', () => {
    const place = new Place();
    const lines = Array.from({ length: 1000 }, (_, i) => zone(i % 2 ? 'UTC' : 'Asia/Shanghai', { key: `k${i}` }));
    lines[700] = zone('Nowhere/X', { key: 'k700' });
    const ran = place.journal(lines);
    assert.match(ran.err, /^line 701 /);
    assert.match(ran.out, /^lines 701 done 700 skipped 0 refused 1/);
    lines[700] = zone('UTC', { key: 'k700' });
    assert.match(place.journal(lines).out, /^lines 1000 done 300 skipped 700 refused 0/);
    assert.match(place.ok('doctor').out, /0 findings/);
  });
});
