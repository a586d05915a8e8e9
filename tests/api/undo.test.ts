// Imports taken back as a whole: the books are as they were before, whatever was imported; each row once, also over a kill; what
// somebody worked on since stays, and it is said why.
import { describe, test } from 'node:test';
import { spawn } from 'node:child_process';
import assert from 'node:assert/strict';
import { Place, type Reply, aboutFile, counts, lastLine, program } from './support';

const today = ['--today', '2025-06-30'];
const seed = Number(process.env['UNDO_SEED'] ?? Date.now() % 100_000);
let state = seed;
function below(limit: number): number {
  state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
  return state % limit;
}

/** Two accounts of old, one with money in advance and an invoice. */
function books(): Place {
  const place = new Place();
  for (const code of ['D1', 'D2']) {
    place.do('partner_create', { code: `P-${code}`, name: code, roles: ['distributor'] }, ...today);
    place.do('account_create', { code, partner: `P-${code}`, currency: 'CNY', terms_days: 30, limit: '5000.00' }, ...today);
  }
  place.do('product_create', { code: 'G1', name: 'Pipe', unit_price: '10' }, ...today);
  place.do('invoice_post', { account: 'D1', number: 'OLD', invoiced_on: '2025-05-01', amount: '70.00' }, ...today);
  place.do('payment_post', { account: 'D2', amount: '30.00', received_on: '2025-06-01' }, ...today);
  return place;
}

/** All that reports tell of today; what was taken back stands in the lists, as reversed, and months gone by keep what their last day
 * told: a reversal is booked on the day on which it is done. */
function told(place: Place): Reply {
  const of = (operation: string, members: Reply = {}) => place.do(operation, members, ...today);
  const standing = (operation: string) => of(operation, { limit: 500 })['items']
    .filter((one: Reply) => !['reversed', 'cancelled'].includes(one['status'])).map((one: Reply) => [one['id'], one['open'] ?? null, one['status'] ?? null]);
  return {
    aging: of('aging_report'),
    lateness: of('lateness_report'),
    owed: of('dso_report')['totals'].map((one: Reply) => one['months'].at(-1)['receivable']),
    totals: of('list_totals', { list: 'account', filter: 'code eq D1 or code eq D2' }),
    accounts: ['D1', 'D2'].map((account) => {
      const { decision, ...exposure } = of('exposure_get', { account });
      return exposure;
    }),
    lists: ['invoice_list', 'payment_list', 'order_list', 'activity_list', 'contact_list', 'product_list', 'territory_list', 'credit_note_list'].map(standing),
  };
}

function imported(place: Place, what: string, rows: string[], ...options: string[]): string {
  place.write('f.csv', rows.join('\n') + '\n');
  const ran = place.run(['import', what, 'f.csv', ...today, ...options]);
  assert.equal(ran.code, 0, ran.out + ran.err);
  return /import run (Q\w{13})/.exec(ran.out)?.[1] ?? '';
}

function undone(place: Place, run: string, ...options: string[]): Record<string, number> {
  const ran = place.run(['import', '--undo', run, ...today, ...options]);
  const found = counts(lastLine(ran.out));
  assert.equal(ran.code, found['left']! > 0 ? 1 : 0, ran.out + ran.err);
  return found;
}

const lists: [string, () => string[]][] = [
  ['invoices', () => ['account,number,invoiced_on,amount,settled_on',
    ...rows((at) => (below(2) === 0 ? `D2,N${at},2025-05-1${below(9)},${below(500) + 1}.50,` // its advance pays some in part
      : `D1,N${at},2025-0${4 + below(2)}-1${below(9)},${below(500) + 1}.50,${below(2) === 0 ? '2025-06-20' : ''}`))]],
  ['invoices', () => ['account,number,invoiced_on,amount', ...rows((at) => `D${below(2) + 1},M${at},2025-05-1${below(9)},${below(500) + 1}.00`)]],
  ['payments', () => ['account,amount,received_on', ...rows(() => `D${below(2) + 1},${below(90) + 1}.00,2025-06-0${below(9) + 1}`)]],
  ['orders', () => ['account,number,product,quantity', ...rows((at) => `D${below(2) + 1},O${at},G1,${below(30) + 1}`)]],
  ['contacts', () => ['partner,name', ...rows((at) => `P-D${below(2) + 1},Person ${at}`)]],
  ['products', () => ['code,name,unit_price', ...rows((at) => `X${at},Thing ${at},${below(50)}.25`)]],
  ['activities', () => ['partner,kind,on,note', ...rows((at) => `P-D1,market,2025-06-1${below(9)},n${at}`)]],
  ['territories', () => ['code,name', ...rows((at) => `T${at},Land ${at}`)]],
  ['credit-notes', () => ['account,amount,reason', ...rows((at) => `D${below(2) + 1},${below(9) + 1}.00,r${at}`)]],
];

function rows(make: (at: number) => string): string[] {
  return Array.from({ length: 5 + below(40) }, (_, at) => make(at));
}

describe(`what an import made is taken back (UNDO_SEED=${seed})`, () => {
  for (const [at, [what, make]] of lists.entries()) {
    test(`${what} (${at}): the books are as before, and the file may come again`, () => {
      const place = books();
      const file = make();
      const before = told(place);
      const run = imported(place, what, file);
      assert.notDeepEqual(told(place), before);
      const first = undone(place, run);
      assert.deepEqual([first['left'], first['before']], [0, 0]);
      assert.deepEqual(told(place), before, file.join('\n'));
      assert.deepEqual(undone(place, run), { undone: 0, before: first['undone'], left: 0 });
      assert.equal(place.do('import_run_get', { import_run: run }, ...today)['undone'], first['undone']);
      assert.match(place.ok('doctor').out, /0 findings/);
      const again = imported(place, what, file);
      assert.notEqual(again, run);
      const more = place.run(['import', what, 'f.csv', ...today]);
      assert.deepEqual(counts(lastLine(more.out))['done'], 0, 'what is there is there');
      assert.equal(undone(place, again)['undone'], first['undone']);
      assert.deepEqual(told(place), before);
      assert.match(place.ok('doctor').out, /0 findings/);
    });
  }

  test('with what was made along with it, and other content under the same numbers after', () => {
    const place = books();
    place.write('map.json', JSON.stringify({ create: ['partner', 'account'] }));
    const before = told(place);
    const wrong = imported(place, 'invoices', ['account,number,invoiced_on,amount', 'D1,7,2025-05-10,100.00', 'D1,8,2025-05-11,200.00', 'N1,9,2025-05-11,1.00'], '--map', 'map.json');
    assert.equal(place.do('import_run_rows', { import_run: wrong }, ...today)['items'].length, 5);
    // Documents were booked in the account: it stays, and its partner with it.
    assert.deepEqual(undone(place, wrong), { undone: 3, before: 0, left: 2 });
    assert.deepEqual(told(place), before);
    imported(place, 'invoices', ['account,number,invoiced_on,amount', 'D1,7,2025-05-10,10.00', 'D1,8,2025-05-11,20.00'], '--map', 'map.json');
    const found = place.do('invoice_get', { invoice: '7' }, ...today);
    assert.deepEqual([found['amount'], found['status']], ['10.00', 'open'], 'the one that stands');
    place.do('payment_post', { account: 'D1', amount: '10.00', received_on: '2025-06-30', allocations: [{ invoice: '7', amount: '10.00' }] }, ...today);
    assert.match(place.refuses('ERR_NUMBER_TAKEN', 'invoice_post', { account: 'D1', number: '8', invoiced_on: '2025-05-01', amount: '1.00' }, ...today), /8/);
    assert.match(place.ok('doctor').out, /0 findings/);
  });

  test('partners with their accounts go, and so do users; what was worked on since stays', () => {
    const place = books();
    const partners = imported(place, 'partners', ['code,name,roles', 'A,Alpha,distributor', 'B,Beta,distributor', 'C,Gamma,distributor']);
    const accounts = imported(place, 'accounts', ['code,partner,currency,terms_days,limit', 'A1,A,CNY,30,500', 'B1,B,CNY,30,']);
    const users = imported(place, 'users', ['name,role', 'ulla,sales', 'uwe,viewer']);
    place.do('partner_change', { partner: 'C', name: 'Gamma & Sons' }, ...today);
    place.do('invoice_post', { account: 'B1', invoiced_on: '2025-06-01', amount: '5.00' }, ...today);
    const early = place.run(['import', '--undo', partners, '--json', '--rows', ...today]);
    const lines: Reply[] = early.out.trim().split('\n').map((line) => JSON.parse(line));
    assert.deepEqual(lines.slice(0, -1).map((line) => [line['kind'], line['name'], line['outcome'], line['code'] ?? null]),
      [['partner', 'C', 'left', 'ERR_VERSION_STALE'], ['partner', 'B', 'left', 'ERR_IN_USE'], ['partner', 'A', 'left', 'ERR_IN_USE']]);
    assert.deepEqual(lines.at(-1), { undone: 0, before: 0, left: 3, next: null });
    assert.deepEqual(undone(place, accounts), { undone: 1, before: 0, left: 1 });
    assert.deepEqual(undone(place, partners), { undone: 1, before: 0, left: 2 }, 'another time goes on with what remained');
    assert.deepEqual(undone(place, users), { undone: 2, before: 0, left: 0 });
    assert.deepEqual(['ulla', 'uwe'].map((user) => place.do('user_get', { user }, ...today)['is_active']), [false, false]);
    assert.match(place.refuses('ERR_NOT_FOUND', 'account_get', { account: 'A1' }, ...today), /account/);
    assert.match(place.refuses('ERR_IN_USE', 'account_remove', { account: 'B1' }, ...today), /stays/);
    assert.match(place.refuses('ERR_IN_USE', 'partner_remove', { partner: 'B' }, ...today), /partner/);
    assert.match(place.refuses('ERR_FIELD_INVALID', 'import_run_rows', { import_run: users, cursor: 'x' }, ...today), /cursor/);
    // What is told of each row stands by name, also of what is there no more.
    const shown = place.do('import_run_rows', { import_run: partners }, ...today)['items'];
    assert.deepEqual(shown.map((one: Reply) => [one['name'], one['is_undone']]), [['C', false], ['B', false], ['A', true]]);
    assert.match(place.ok('doctor').out, /0 findings/);
  });

  test('fields of the organisation are retired, with what they hold, unless somebody changed them since', () => {
    const place = books();
    const file = ['record,code,label_en,kind', 'partner,region,Region,text', 'partner,grade,Grade,text'];
    const run = imported(place, 'custom-fields', file);
    place.do('partner_change', { partner: 'P-D1', fields: { region: 'north', grade: 'a' } }, ...today);
    const [region, grade] = place.do('custom_field_list', {}, ...today)['items'];
    place.do('custom_field_change', { custom_field: grade['id'], label_en: 'Grading' }, ...today);
    const ran = place.run(['import', '--undo', run, ...today]);
    assert.match(ran.err, /^custom_field \w+: ERR_VERSION_STALE: /m);
    assert.deepEqual(counts(lastLine(ran.out)), { undone: 1, before: 0, left: 1 });
    assert.deepEqual(place.do('partner_get', { partner: 'P-D1' }, ...today)['fields'], { grade: 'a' });
    const again = place.ok('import', 'custom-fields', 'f.csv', ...today);
    assert.deepEqual(counts(lastLine(again.out))['skipped'], 2, 'a retired one is there, and comes back by hand');
    place.do('custom_field_change', { custom_field: region['id'], retired: false }, ...today);
    assert.deepEqual(place.do('partner_get', { partner: 'P-D1' }, ...today)['fields'], { region: 'north', grade: 'a' });
    assert.match(place.ok('doctor').out, /0 findings/);
  });

  test('what nothing takes back is told as such', () => {
    const place = books();
    const run = imported(place, 'rates', ['currency,rate,on', 'USD,7.1,2025-01-01']);
    const ran = place.run(['import', '--undo', run, ...today]);
    assert.match(ran.err, /^rate Q?\w+: ERR_KEPT: /m);
    assert.deepEqual(counts(lastLine(ran.out)), { undone: 0, before: 0, left: 1 });
    assert.equal(place.run(['import', '--undo', 'Q0000000000001', ...today]).code, 1);
    assert.equal(place.run(['import', '--undo', 'nothing', ...today]).code, 1);
    assert.equal(place.run(['import', '--undo', run, 'invoices', 'f.csv', ...today]).code, 2);
    assert.equal(place.run(['import', 'invoices', ...today]).code, 2);
  });

  test('an import that stores nothing is none, and a dry run leaves none', () => {
    const place = books();
    imported(place, 'contacts', ['partner,name', 'P-D1,One'], '--dry-run');
    assert.deepEqual(place.do('import_run_list', {}, ...today)['items'], []);
    imported(place, 'territories', ['code,name', 'T1,One']);
    assert.equal(imported(place, 'territories', ['code,name', 'T1,One']), '');
    const [run, more] = place.do('import_run_list', {}, ...today)['items'];
    assert.equal(more, undefined);
    assert.deepEqual([run['what'], run['file'], run['by'], run['begun_on'], run['stored'], run['skipped'], run['refused'], run['undone']],
      ['territories', 'f.csv', null, '2025-06-30', 1, 0, 0, 0]);
  });

  test('the counts that it is told of are none below nothing', () => {
    const place = books();
    const run = imported(place, 'contacts', ['partner,name', 'P-D1,One']);
    for (const [operation, members] of [['import_end', { stored: 1, skipped: 0, refused: 0 }], ['import_undo', { undone: 0, left: 0 }]] as const) {
      for (const name of Object.keys(members)) {
        assert.match(place.refuses('ERR_FIELD_INVALID', operation, { import_run: run, ...members, [name]: -1 }, ...today), new RegExp(name));
      }
    }
    assert.equal(place.do('import_run_get', { import_run: run }, ...today)['stored'], 1);
  });

  test('it is in the audit, by who did it', () => {
    const place = books();
    place.ok('user', 'add', 'fred', '--role', 'finance');
    const run = imported(place, 'payments', ['account,amount,received_on', 'D1,5.00,2025-06-02'], '--as', 'fred');
    undone(place, run, '--as', 'fred', '--reason', 'the wrong file');
    const history = place.do('import_run_history', { import_run: run }, ...today)['items'].map((one: Reply) => [one['by'], one['what']]);
    assert.deepEqual(history, [['fred', 'import_begin'], ['fred', 'payment_post'], ['fred', 'import_end'], ['fred', 'payment_reverse'], ['fred', 'import_undo']]);
    const rows = place.do('audit_list', { record: run }, ...today)['items'];
    assert.equal(rows.find((one: Reply) => one['what'] === 'payment_reverse')['input']['reason'], 'the wrong file');
    place.ok('user', 'add', 'olga', '--role', 'sales');
    assert.equal(place.run(['import', '--undo', run, '--as', 'olga', ...today]).code, 1);
  });
});

describe('over HTTP', () => {
  test('it goes part by part, row by row, with the rights of who asks', async () => {
    const place = books();
    for (const [name, role] of [['fred', 'finance'], ['ann', 'admin'], ['sam', 'sales']]) place.ok('user', 'add', name!, '--role', role!);
    const token = (name: string) => place.ok('token', 'add', name).out.trim();
    const [fred, sam] = [token('fred'), token('sam')];
    const contacts = imported(place, 'contacts', ['partner,name', 'P-D1,One', 'P-D2,Two']);
    try {
      const base = `${await place.serve(...today)}/api/v1`;
      const post = async (who: string, path: string, body = '') => {
        const reply = await fetch(base + path, { method: 'POST', headers: { authorization: `Bearer ${who}` }, body });
        return { status: reply.status, text: await reply.text() };
      };
      const file = '{}\naccount,number,invoiced_on,amount\n' + Array.from({ length: 25 }, (_, at) => `D1,H${at},2025-05-01,${at + 1}.00\n`).join('');
      const sent = await post(fred, '/imports/invoices?file=h%C3%A4.csv', file);
      const run: string = JSON.parse(lastLine(sent.text).slice(1)).import_run;
      const runs = await (await fetch(`${base}/import-runs/${run}`, { headers: { authorization: `Bearer ${fred}` } })).json() as Reply;
      assert.deepEqual([runs['file'], runs['by'], runs['stored']], ['hä.csv', 'fred', 25]);
      assert.equal((await post(sam, `/imports/${run}/undo`)).status, 403);
      assert.equal((await post('nobody', `/imports/${run}/undo`)).status, 401);
      assert.equal((await post(fred, '/imports/Q0000000000001/undo')).status, 404);
      assert.equal((await post(fred, `/imports/${run}/undo?limit=0`)).status, 422);
      let next: string | null = '';
      let all: Reply[] = [];
      for (let turn = 0; next !== null && turn < 9; turn++) {
        const reply = await post(fred, `/imports/${run}/undo?limit=10&reason=wrong${next && `&cursor=${next}`}`);
        const lines: Reply[] = reply.text.trim().split('\n').map((line) => JSON.parse(line.slice(1)));
        next = lines.at(-1)!['next'];
        all = [...all, ...lines.slice(0, -1)];
      }
      assert.deepEqual(all.map((line) => [line['name'], line['outcome']]), Array.from({ length: 25 }, (_, at) => [`H${24 - at}`, 'undone']));
      // Finance may import, and takes back what the role may: not what sales look after.
      const barred = await post(fred, `/imports/${contacts}/undo`);
      assert.deepEqual(barred.text.trim().split('\n').map((line) => JSON.parse(line.slice(1)).code ?? null), ['ERR_FORBIDDEN', 'ERR_FORBIDDEN', null]);
      assert.equal(place.do('exposure_get', { account: 'D1' })['receivable'], '70.00');
    } finally {
      await place.stop();
    }
    assert.match(place.ok('doctor').out, /0 findings/);
  });
});

describe('an undoing that meets a full disk', aboutFile, () => {
  const FILE = ['account,number,invoiced_on,amount', ...Array.from({ length: 2_000 }, (_, at) => `D${(at % 2) + 1},F${at},2025-05-10,${(at % 90) + 1}.00`)];

  /** What is taken back by now, which the import counts in the transactions that did it. */
  const counted = (place: Place, run: string): number => place.do('import_run_get', { import_run: run }, ...today)['undone'];

  const standing = (place: Place): number => place.do('list_totals', { list: 'invoice', filter: 'status ne reversed and number has "F"' }, ...today)['count'];

  test('stops and says so, at whatever write it is, and goes on when there is room', () => {
    const place = books();
    const before = told(place);
    const run = imported(place, 'invoices', FILE);
    let done = 0;
    let stops = 0;
    for (let write = 1; ; write += 1 + below(write + 2)) {
      const ran = place.run(['import', '--undo', run, ...today], '', { GUANXI_FAULT: `write:${write}:full+` });
      assert.match(place.ok('doctor').out, /0 findings/);
      const now = counted(place, run);
      assert.equal(standing(place), FILE.length - 1 - now, 'what is counted is taken back, and nothing else');
      if (ran.code === 0) {
        assert.deepEqual(counts(lastLine(ran.out)), { undone: FILE.length - 1 - done, before: done, left: 0 });
        break;
      }
      assert.equal(ran.code, 3, `write ${write}: ${ran.out}${ran.err}`);
      assert.match(ran.err, /^ERR_STORE.*disk.*full.*Make room/m);
      assert.ok(now >= done);
      done = now;
      stops++;
    }
    assert.ok(stops > 2 && done > 0, `${stops} stops, ${done} before the last`);
    assert.deepEqual({ ...told(place), lists: null }, { ...before, lists: null });
  });

  test('of a server: what came before stays told, and it goes on from there', { timeout: 60_000 }, async () => {
    const place = books();
    place.ok('user', 'add', 'fred', '--role', 'finance');
    const token = place.ok('token', 'add', 'fred').out.trim();
    const run = imported(place, 'invoices', FILE);
    process.env['GUANXI_FAULT'] = `write:${5 + below(40)}:full+2`;
    const base = `${await place.serve(...today).finally(() => delete process.env['GUANXI_FAULT'])}/api/v1`;
    const undo = async (cursor: string | null) => {
      const path = `/imports/${run}/undo?limit=500${cursor === null ? '' : `&cursor=${cursor}`}`;
      const reply = await fetch(base + path, { method: 'POST', headers: { authorization: `Bearer ${token}` } });
      const lines: string[] = (await reply.text()).trim().split('\n');
      return { status: reply.status, lines, last: lines.at(-1)! };
    };
    let next: string | null = null;
    let refused = '';
    let undone = 0;
    for (let turn = 0; turn < 100; turn++) {
      const { status, lines, last } = await undo(next);
      undone += lines.filter((line) => line.includes('"outcome":"undone"')).length;
      if (/ERR_STORE/.test(last)) {
        refused = last;
        next = null; // it lost its place, and begins again
        await new Promise((resolve) => setTimeout(resolve, 300));
        continue;
      }
      assert.equal(status, 200, last);
      next = JSON.parse(last.slice(1)).next;
      if (next === null) break;
    }
    await place.stop();
    assert.match(refused, /disk.*full.*Make room/);
    assert.deepEqual([undone, counted(place, run), standing(place)], [FILE.length - 1, FILE.length - 1, 0]);
    assert.match(place.ok('doctor').out, /0 findings/);
  });
});

describe('an undoing that is killed', () => {
  test('and begun again takes each row back once', async () => {
    const place = books();
    const before = told(place);
    const file = Array.from({ length: 4_000 }, (_, at) => `D${(at % 2) + 1},K${at},2025-05-10,${(at % 90) + 1}.00`);
    const run = imported(place, 'invoices', ['account,number,invoiced_on,amount', ...file]);
    for (let kill = 0; kill < 4; kill++) {
      const running = spawn(program, ['import', '--undo', run, ...today], { cwd: place.dir, env: { ...process.env, ...place.env } });
      const ended = new Promise((resolve) => running.once('exit', resolve));
      await new Promise((resolve) => setTimeout(resolve, 60 + below(300)));
      running.kill('SIGKILL');
      await ended;
    }
    const said = undone(place, run);
    assert.equal(said['undone']! + said['before']!, file.length);
    assert.equal(said['left'], 0);
    assert.equal(place.do('import_run_get', { import_run: run }, ...today)['undone'], file.length);
    assert.deepEqual({ ...told(place), lists: null }, { ...before, lists: null });
    assert.match(place.ok('doctor').out, /0 findings/);
  });
});
