// Imports that put the rows of an account together do what they do row by row: random files, imported both ways,
// leave equal books and equal refusals. A column that such rows do not take keeps them apart. GROUPS_SEED repeats a
// run, GROUPS_COUNT says how many files.
import { spawn } from 'node:child_process';
import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { Place, type Reply, counts, lastLine, program } from './support';

const today = ['--today', '2025-06-30'];
const seed = Number(process.env['GROUPS_SEED'] ?? Date.now() % 1_000_000);
const files = Number(process.env['GROUPS_COUNT'] ?? 6);
let state = seed;

function below(bound: number): number {
  state = (state * 48271 + 11) % 2147483647;
  return state % bound;
}

function oneOf<T>(choices: readonly T[]): T {
  return choices[below(choices.length)]!;
}

/** Accounts of every kind: with advances, in a currency without a rate, with a limit, in a family. */
function books(): Place {
  const place = new Place();
  const accounts: [string, object][] = [
    ['D1', { limit: '1000.00' }], ['D2', { limit: 'unlimited' }], ['D3', { parent: 'D2' }], ['D4', { currency: 'USD' }], ['D5', {}],
  ];
  for (const [code, more] of accounts) {
    place.do('partner_create', { code, name: code, roles: ['distributor'] }, ...today);
    place.do('account_create', { code, partner: code, currency: 'CNY', terms_days: 30, ...more }, ...today);
  }
  place.do('payment_post', { account: 'D5', amount: '500.00', received_on: '2025-04-01' }, ...today);
  place.do('invoice_post', { account: 'D1', number: '3', amount: '10.00', invoiced_on: '2025-05-05' }, ...today);
  place.do('invoice_post', { account: 'D2', number: '4', amount: '10.00', invoiced_on: '2025-05-05' }, ...today);
  place.do('period_close', { until: '2025-03-31' }, ...today);
  return place;
}

/** Mostly good rows, of numbers that come again. */
function fileOf(rows: number, isNumbered: boolean, faults: number): string[][] {
  const wrong = (good: string, ...bad: string[]): string => (below(1000) < faults ? oneOf(bad) : good);
  return Array.from({ length: rows }, () => [
    wrong(oneOf(['D1', 'D2', 'D3', 'D5', 'N1', ' D1 ']), 'D4', 'nobody', '', 'D\u00011'),
    wrong(isNumbered || below(2) === 0 ? `${below(rows * 2)}` : '', 'x'.repeat(70), ' 3', 'é', ''),
    wrong(`2025-0${oneOf([4, 5, 6])}-1${below(10)}`, '2025-02-31', '2025-01-15', '2025-07-01', '1.5.2025', ''),
    wrong(oneOf(['', `2025-0${oneOf([6, 7, 9])}-20`]), '2025-01-01', 'soon'),
    wrong(`${below(300) + 1}.${below(10)}0`, '0', '-5', '1.234', '1,000.00', 'much', '', '1,00', '999999999999999'),
    wrong(oneOf(['', '', '0.10']), '-1', '99999', 'none'),
  ]);
}

function csv(rows: string[][], isApart: boolean): string {
  const head = ['account', 'number', 'invoiced_on', 'due_on', 'amount', 'tax'];
  const cell = (text: string): string => (text.includes(',') ? `"${text}"` : text);
  return [head, ...rows].map((row, at) => [...row.map(cell), ...(isApart ? [at === 0 ? 'order' : ''] : [])].join(',')).join('\n') + '\n';
}

/** What is in the books, without ids and times. */
function state_of(place: Place): Reply {
  const plain = ({ decision_id: _, version: __, decision: ___, ...rest }: Reply): Reply =>
    JSON.parse(JSON.stringify(rest).replace(/"([A-Z])0[0-9A-Z]{12}"/g, '"$1"'));
  const all = (operation: string, members: Reply): Reply[] => {
    const found: Reply[] = [];
    for (let cursor: string | null = null; ;) {
      const page = place.do(operation, { limit: 200, ...members, ...(cursor === null ? {} : { cursor }) }, ...today);
      found.push(...page['items'].map(plain));
      cursor = page['next'];
      if (cursor === null) {
        return found.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
      }
    }
  };
  const codes = all('account_list', {}).map((one) => one['code']);
  return {
    invoices: all('invoice_list', {}),
    accounts: all('account_list', {}),
    payments: all('payment_list', {}),
    // That a limit was nearly used is a sign that only single rows pass on their way beyond it.
    alerts: all('alert_list', {}).filter((one) => one['kind'] !== 'limit_use').map(({ kind, account, status }) => ({ kind, account, status })),
    entries: codes.map((account) => all('entry_list', { account })),
    exposures: codes.map((account) => place.do('exposure_get', { account }, ...today)),
  };
}

type Told = { counts: Record<string, number>; refused: string[][] };

function imported(place: Place, rows: string[][], isApart: boolean, ...options: string[]): Told {
  place.write('i.csv', csv(rows, isApart));
  const ran = place.run(['import', 'invoices', 'i.csv', ...today, ...options]);
  const refused = ran.code === 0 ? [] : place.read('i.csv.refused.csv').trimEnd().split('\n').slice(1)
    .map((line) => [/^\d+/.exec(line)![0], ...line.replace(/"[^"]*"/g, (text) => text.replaceAll(',', ';')).split(',').slice(isApart ? 8 : 7)]);
  return { counts: counts(lastLine(ran.out)), refused };
}

describe(`rows put together (GROUPS_SEED=${seed})`, () => {
  for (let i = 0; i < files; i++) {
    test(`file ${i} leaves the same books as row by row`, () => {
      const rows = fileOf(20 + below(120), i % 4 !== 3, oneOf([0, 5, 40]));
      const map = below(2) === 0 ? [] : ['--map', 'map.json'];
      const places = [books(), books()] as const;
      for (const round of ['first', 'again', 'changed']) {
        const told = places.map((place, at) => {
          place.write('map.json', JSON.stringify({ create: ['partner', 'account'], decimal: '.' }));
          return imported(place, rows, at === 1, ...map);
        });
        assert.deepEqual(told[0], told[1], `${round}, with ${map.join(' ')}: ${csv(rows, false)}`);
        if (round === 'again') {
          for (const row of rows) {
            row[4] = below(3) === 0 ? '77.70' : row[4]!;
          }
        }
      }
      assert.deepEqual(state_of(places[0]), state_of(places[1]), csv(rows, false));
      assert.match(places[0].ok('doctor').out, /0 findings/);
      assert.match(places[1].ok('doctor').out, /0 findings/);
    });
  }

  test('are each led to by a history that tells who and when', () => {
    const place = books();
    imported(place, [['D2', '11', '2025-05-10', '', '5.00', ''], ['D2', '12', '2025-05-11', '', '6.00', '']], false);
    for (const invoice of ['11', '12']) {
      const [line] = place.do('invoice_history', { invoice }, ...today)['items'];
      assert.deepEqual([line.what, line.by, line.on], ['invoice_import', 'system', '2025-06-30']);
    }
  });
});

describe('an import that is killed', () => {
  test('and run again brings each row once', async () => {
    const place = books();
    const rows = Array.from({ length: 30_000 }, (_, at) => [`D${(at % 3) + 1}`, `K${at}`, '2025-05-10', '', `${(at % 90) + 1}.00`, '']);
    place.write('k.csv', csv(rows, false));
    for (let kill = 0; kill < 6; kill++) {
      const running = spawn(program, ['import', 'invoices', 'k.csv', ...today], { cwd: place.dir, env: { ...process.env, ...place.env } });
      const ended = new Promise((resolve) => running.once('exit', resolve));
      await new Promise((resolve) => setTimeout(resolve, 60 + below(400)));
      running.kill('SIGKILL');
      await ended;
    }
    const said = counts(lastLine(place.run(['import', 'invoices', 'k.csv', ...today]).out));
    assert.equal(said['done']! + said['skipped']!, rows.length);
    assert.equal(said['refused'], 0);
    const sum = (code: number): string => `${rows.filter((row) => row[0] === `D${code}`).reduce((all, row) => all + Number(row[4]), 10)}.00`;
    assert.equal(place.do('exposure_get', { account: 'D1' }, ...today)['receivable'], sum(1));
    assert.equal(place.do('exposure_get', { account: 'D2' }, ...today)['receivable'], sum(2));
    assert.match(place.ok('doctor').out, /0 findings/);
  });
});
