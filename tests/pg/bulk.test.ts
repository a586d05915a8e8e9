// Journals and imports whose connection ends, again and again and at every point: they go on by themselves, and of
// their lines, which have no keys here, none is done twice and none is lost.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { describe, test } from 'node:test';
import { Place, type Reply, counts, lastLine, program } from '../api/support';
import { ctl, cutter, disconnect, made, replace, schemaOf, server, sound, sql, today, wait } from './support';

const LINES = 1000;
const payment = { account: 'A', amount: '1.00', received_on: '2025-06-02' };
const line = JSON.stringify({ do: 'payment_post', in: payment });
const cells = `account,amount,received_on\n${'A,1.00,2025-06-02\n'.repeat(LINES)}`;

function traded(): Place {
  const place = made();
  place.do('partner_create', { code: 'P', name: 'P', roles: ['distributor'] }, ...today);
  place.do('account_create', { code: 'A', partner: 'P', currency: 'CNY', terms_days: 30 }, ...today);
  place.write('lines.ndjson', `${line}\n`.repeat(LINES));
  place.write('rows.csv', cells);
  return place;
}

type Ended = { code: number | null; out: string; err: string };
type Running = { child: ChildProcess; ended: Promise<Ended> };

function start(place: Place, ...args: string[]): Running {
  const child = spawn(program, [...args, ...today], { cwd: place.dir, env: { ...process.env, ...place.env } });
  const said = { out: '', err: '' };
  child.stdout.on('data', (text) => (said.out += text));
  child.stderr.on('data', (text) => (said.err += text));
  return { child, ended: new Promise((resolve) => child.once('close', (code) => resolve({ code, ...said }))) };
}

const paid = (place: Place) => Number(sql(`SELECT count(*) FROM ${schemaOf(place)}.payment`));

function once(place: Place, found: Record<string, number>): void {
  assert.deepEqual([found['done'], found['skipped'], found['refused']], [LINES, 0, 0]);
  assert.equal(paid(place), LINES);
  assert.equal(place.do('exposure_get', { account: 'A' }, ...today)['advance'], `${LINES}.00`);
  sound(place);
}

/** Waits for so many payments more than there were, or the end, and does something then. The command stands still while
 * that is done and payments are counted, so that on a slow machine it gets no further. How many there are. */
async function more(place: Place, running: Running, from: number, count: number, then = (): void => undefined): Promise<number> {
  while (running.child.exitCode === null) {
    await wait(10);
    running.child.kill('SIGSTOP');
    try {
      const now = paid(place);
      if (now < from + count) continue;
      then();
      return now;
    } finally {
      running.child.kill('SIGCONT');
    }
  }
  return from;
}

/** What a command did behind one that cuts COMMITs off. */
async function cutOff(place: Place, ...args: string[]): Promise<Record<string, number>> {
  const direct = place.env['GUANXI_DB']!;
  const cut = await cutter();
  place.env['GUANXI_DB'] = direct.replace(/host=[^&]*/, `host=${encodeURIComponent(cut.host)}`);
  const { code, out, err } = await start(place, ...args).ended;
  place.env['GUANXI_DB'] = direct;
  cut.close();
  assert.equal(code, 0, err);
  assert.ok(cut.cuts() >= 5, `${cut.cuts()} cuts`);
  return counts(lastLine(out));
}

const commands: [string, string[]][] = [
  ['a journal', ['journal', 'lines.ndjson']],
  ['an import', ['import', 'payments', 'rows.csv']],
];

for (const [name, args] of commands) {
  describe(name, () => {
    test('whose connection is ended goes on', async () => {
      const place = traded();
      const running = start(place, ...args);
      let ends = 0;
      for (let had = 0; running.child.exitCode === null; ) {
        had = await more(place, running, had, 100, () => void (ends += Number(disconnect())));
      }
      const { code, out, err } = await running.ended;
      assert.equal(code, 0, err);
      assert.ok(ends > 3, `${ends} connections ended`);
      once(place, counts(lastLine(out)));
    });

    test('goes on when the server was started again', async () => {
      const place = traded();
      const running = start(place, ...args);
      let had = 0;
      for (const how of ['immediate', 'fast']) {
        had = await more(place, running, had, 100);
        ctl('stop', '-m', how);
        await wait(1500);
        ctl('start');
      }
      const { code, out, err } = await running.ended;
      assert.equal(code, 0, err);
      assert.match(err, /^The database cannot be reached; it is waited for\.$/m);
      once(place, counts(lastLine(out)));
    });

    test('of which the end of a COMMIT is not heard asks what became of it', async () => {
      const place = traded();
      once(place, await cutOff(place, ...args));
    });
  });
}

test('an import that books an account\'s rows together asks for each COMMIT what became of it', async () => {
  const place = traded();
  const rows = Array.from({ length: 4000 }, (_, i) => `C${i % 200},N${i},2025-06-01,1.00`);
  place.write('invoices.csv', ['account,number,invoiced_on,amount', ...rows, ''].join('\n'));
  place.write('map.json', JSON.stringify({ create: ['partner', 'account'] }));
  const found = await cutOff(place, 'import', 'invoices', 'invoices.csv', '--map', 'map.json');
  assert.deepEqual(found, { read: 4000, done: 4000, skipped: 0, refused: 0 });
  assert.equal(sql(`SELECT count(*) FROM ${schemaOf(place)}.invoice`), '4000');
  sound(place);
});

test('an import over HTTP goes on when the server was started again', async () => {
  const place = traded();
  place.ok('user', 'add', 'root', '--role', 'admin');
  const token = place.ok('token', 'add', 'root').out.trim();
  const base = await place.serve(...today);
  const sent = fetch(`${base}/api/v1/imports/payments`, {
    method: 'POST', headers: { authorization: `Bearer ${token}` }, body: `{}\n${cells}`,
  }).then((reply) => reply.text());
  let answer = '';
  void sent.then((text) => (answer = text));
  for (const how of ['immediate', 'fast']) {
    for (const from = paid(place); answer === '' && paid(place) < from + 100;) await wait(20);
    assert.equal(answer, '');
    ctl('restart', '-m', how);
  }
  const told = (await sent).split('\n').find((text) => text.startsWith('1{'));
  assert.ok(told !== undefined, await sent);
  once(place, JSON.parse(told.slice(1)) as Reply);
});

test('a journal goes on nowhere but where all its lines are', async () => {
  const place = traded();
  const schema = schemaOf(place);
  place.ok('copy', place.env['GUANXI_DB']!, `${server}&schema=${schema}_old`);
  const running = start(place, 'journal', '-');
  running.child.stdin!.write(`${line}\n`);
  while (running.child.exitCode === null && paid(place) === 0) await wait(20);
  replace(schema, `${schema}_old`);
  disconnect();
  running.child.stdin!.write(`${line}\n`);
  running.child.stdin!.end();
  const { code, err } = await running.ended;
  assert.equal(code, 3, err);
  assert.match(err, /^lines 2 to 2: not kept/m);
  assert.match(err, /^ERR_READ_ONLY: .*an older state/m);
  assert.deepEqual([paid(place), sql(`SELECT count(*) FROM ${schema}_gone.payment`)], [0, '1']);
});

test('a server that takes no writes ends a journal at once', () => {
  const place = traded();
  sql('ALTER SYSTEM SET default_transaction_read_only = on', 'SELECT pg_reload_conf()');
  try {
    const began = Date.now();
    const ran = place.run(['journal', 'lines.ndjson', ...today]);
    assert.equal(ran.code, 3);
    assert.match(ran.err, /^lines 1 to \d+: not kept[^]*^ERR_READ_ONLY/m);
    assert.ok(Date.now() - began < 20_000);
  } finally {
    sql('ALTER SYSTEM RESET default_transaction_read_only', 'SELECT pg_reload_conf()');
  }
});

test('a dry run works in a file that nobody else may read, and leaves nothing', () => {
  const place = traded();
  const ran = place.run(['import', 'payments', 'rows.csv', '--dry-run', ...today], '', { TMPDIR: place.dir });
  assert.equal(ran.code, 0, ran.err);
  assert.equal(counts(lastLine(ran.out))['done'], LINES);
  assert.equal(paid(place), 0);
  assert.deepEqual(readdirSync(place.dir).sort(), ['lines.ndjson', 'rows.csv']);
  const none = place.run(['import', 'payments', 'rows.csv', '--dry-run', ...today], '', { TMPDIR: place.path('none') });
  assert.match(none.err, /^ERR_STORE: A dry run needs room/);
});
