// Reports of receivables as a server answers them, a page of 50 with the totals of all accounts, and the same from
// DuckDB on the same rows; bench/receivables.c makes them and says by which rule.
//   receivables duckdb INVOICES ACCOUNTS RUNS      prints for aging, dso and late the best milliseconds, and what
//                                                  came out
//   receivables server PORT TOKEN RUNS             the same of a server
import { Agent, request } from 'node:http';

const DAYS = 1826;
const MONTHS = 60;
const WINDOW = 3;
const PAGE = 500;
const DAY_MS = 86_400_000;
const FIRST = Date.UTC(2020, 5, 2);

function said(name: string, times: number[], worth: number | bigint): void {
  console.log(name, Math.min(...times).toFixed(2), String(worth));
}

// ---- DuckDB

/** Days of the months that count for each, the last one up to today. */
function calendar(): string {
  const rows = [];
  for (let month = 1; month <= MONTHS; month++) {
    const begin = Date.UTC(2020, 5 + month - WINDOW + 1, 1);
    const end = Math.min(Date.UTC(2020, 5 + month + 1, 0), FIRST + DAYS * DAY_MS);
    rows.push(`(${month}, ${(end - begin) / DAY_MS + 1})`);
  }
  return `CREATE TABLE calendar AS SELECT * FROM (VALUES ${rows.join()}) t(month, days)`;
}

const monthOf = (day: string) =>
  `((year(DATE '2020-06-02' + ${day}) - 2020) * 12 + month(DATE '2020-06-02' + ${day}) - 6)::INTEGER`;

function rows(invoices: number, accounts: number): string {
  return `CREATE TABLE invoice AS SELECT account::INTEGER AS account, amount::INTEGER AS amount,
    (CASE WHEN paid > ${DAYS} THEN amount ELSE 0 END)::INTEGER AS open, day::SMALLINT AS invoiced_on, due::SMALLINT AS due_on,
    (CASE WHEN paid > ${DAYS} THEN 0 ELSE paid END)::SMALLINT AS paid_on, ${monthOf('day::INTEGER')} AS invoiced_month,
    CASE WHEN paid > ${DAYS} THEN NULL ELSE ${monthOf('paid::INTEGER')} END AS paid_month
  FROM (SELECT *, CASE WHEN h3 % 100 < 60 THEN due - h3 % 10 WHEN h3 % 100 < 85 THEN due + 1 + h3 % 30
      WHEN h3 % 100 < 97 THEN due + 31 + h3 % 60 ELSE ${DAYS + 1} END AS paid
    FROM (SELECT i, h1 % ${accounts} AS account, 10000 + h2 % 990001 AS amount, i * ${DAYS} // ${invoices} AS day,
        i * ${DAYS} // ${invoices} + 30 + h1 % ${accounts} % 3 * 15 AS due, h3
      FROM (SELECT i, (i * 7919 + 12345) % 1000003 AS h1, (i * 104729 + 777) % 999983 AS h2,
          (i * 1299709 + 31) % 1000033 AS h3 FROM range(${invoices}) t(i))))`;
}

const age = (from: number, to: number) => `sum(CASE WHEN late > ${from} AND late <= ${to} THEN open ELSE 0 END)`;

function queries(accounts: number): [string, string][] {
  return [
    ['aging', `SELECT sum((account % 97 + 1) * (a0 + a1 * 2 + a2 * 3 + a3 * 4 + a4 * 5)) FROM (SELECT account,
      ${age(-99999, 0)} AS a0, ${age(0, 30)} AS a1, ${age(30, 60)} AS a2, ${age(60, 90)} AS a3, ${age(90, 99999)} AS a4
      FROM (SELECT account, open, ${DAYS} - due_on AS late FROM invoice WHERE open <> 0) GROUP BY account)`],
    ['dso', `WITH moved AS (SELECT account, month, sum(invoiced) AS invoiced, sum(moved) AS moved FROM (
        SELECT account, invoiced_month AS month, amount AS invoiced, amount AS moved FROM invoice
        UNION ALL SELECT account, paid_month, 0, -amount FROM invoice WHERE paid_on <> 0) GROUP BY account, month),
      whole AS (SELECT a.account, k.month, coalesce(invoiced, 0) AS invoiced, coalesce(moved, 0) AS moved
        FROM range(${accounts}) a(account) CROSS JOIN range(${MONTHS + 1}) k(month)
        LEFT JOIN moved m ON m.account = a.account AND m.month = k.month),
      told AS (SELECT account, month, sum(moved) OVER (PARTITION BY account ORDER BY month) AS receivable,
        sum(invoiced) OVER (PARTITION BY account ORDER BY month ROWS ${WINDOW - 1} PRECEDING) AS invoiced FROM whole)
      SELECT sum((account % 97 + 1) * CASE WHEN invoiced > 0 THEN (receivable * days * 20 + invoiced) // (2 * invoiced)
        ELSE 0 END) FROM told JOIN calendar USING (month)`],
    ['late', `SELECT sum((account % 97 + 1) * CASE WHEN due = 0 THEN 0 ELSE (late * 2000 + due) // (2 * due) END) FROM (
      SELECT account, sum(CASE WHEN paid_on <> 0 OR due_on < ${DAYS} THEN amount ELSE 0 END) AS due,
        sum(CASE WHEN (paid_on <> 0 AND paid_on > due_on) OR (paid_on = 0 AND due_on < ${DAYS}) THEN amount ELSE 0 END) AS late
      FROM invoice GROUP BY account)`],
  ];
}

async function duckdb(invoices: number, accounts: number, runs: number): Promise<void> {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run(calendar());
  await connection.run(rows(invoices, accounts));
  for (const [name, query] of queries(accounts)) {
    const times: number[] = [];
    let worth: bigint = 0n;
    for (let run = 0; run < runs; run++) {
      const began = performance.now();
      const reader = await connection.runAndReadAll(query);
      worth = BigInt(String(reader.getRows()[0]?.[0] ?? 0));
      times.push(performance.now() - began);
    }
    said(name, times, worth);
  }
}

// ---- the server

interface Item { account: string; [member: string]: unknown }
interface Answer { items: Item[]; next: string | null }

const agent = new Agent({ keepAlive: true, maxSockets: 1 });

function get(port: string, token: string, path: string): Promise<string> {
  return new Promise((done, failed) => {
    request({ agent, port, host: '127.0.0.1', path: `/api/v1/reports/${path}`, headers: { authorization: `Bearer ${token}` } }, (reply) => {
      const parts: Buffer[] = [];
      reply.on('data', (part: Buffer) => parts.push(part));
      reply.on('end', () => (reply.statusCode === 200 ? done(Buffer.concat(parts).toString()) : failed(new Error(Buffer.concat(parts).toString()))));
    }).on('error', failed).end();
  });
}

const minor = (item: Item, member: string) => Number(String(item[member]).replace('.', ''));

function dsoWorth(item: Item): number {
  return (item['months'] as { dso: string | null }[]).reduce((sum, one) => sum + (one.dso === null ? 0 : Number(one.dso.replace('.', ''))), 0);
}

const reports: [string, string, (item: Item) => number][] = [
  ['aging', 'aging?', (i) => ['not_due', 'd1_30', 'd31_60', 'd61_90', 'd91_plus'].reduce((sum, age, at) => sum + minor(i, age) * (at + 1), 0)],
  ['dso', `dso?months=${MONTHS}&window=${WINDOW}&`, dsoWorth],
  ['late', `lateness?months=${MONTHS}&`, (i) => Math.round((i['late_share'] as number) * 10)],
];

async function server(port: string, token: string, runs: number): Promise<void> {
  for (const [name, path, worthOf] of reports) {
    let worth = 0;
    for (let cursor: string | null = ''; cursor !== null;) {
      const answer = JSON.parse(await get(port, token, `${path}sort=account&limit=${PAGE}${cursor && `&cursor=${cursor}`}`)) as Answer;
      for (const item of answer.items) worth += (Number(item.account.slice(1)) % 97 + 1) * worthOf(item);
      cursor = answer.next;
    }
    const times: number[] = [];
    for (let run = 0; run < runs; run++) {
      const began = performance.now();
      await get(port, token, `${path}sort=${{ aging: 'overdue', dso: 'dso', late: 'late_share' }[name]}&limit=50`);
      times.push(performance.now() - began);
    }
    said(name, times, worth);
  }
  agent.destroy();
}

const [what, ...given] = process.argv.slice(2);
if (what === 'duckdb') {
  await duckdb(Number(given[0]), Number(given[1]), Number(given[2]));
} else {
  await server(given[0] ?? '', given[1] ?? '', Number(given[2]));
}
