// A small firm to try the interface on: the real program serving a database of its own, filled through its
// own command line. Every test gets a copy of its own, so no test depends on what another has done.

import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export const TODAY = '2025-06-09';
export const PASSWORD = 'harbour lantern seventeen';

const USERS = [
  ['admin', 'admin'],
  ['zhao', 'credit'],
  ['chen', 'manager'],
  ['wang', 'sales'],
  ['fang', 'finance'],
  ['lin', 'collections'],
  ['gast', 'viewer'],
] as const;

const PARTNERS = [
  ['P01', 'Harbour Trading'],
  ['P02', '杭州明远贸易有限公司'],
  ['P03', 'Lakeside Stores'],
  ['P04', 'Old Mill Supplies'],
  ['P05', 'Northern Lights Wholesale Company of the Greater River Delta'],
] as const;

interface Line {
  do: string;
  on: string;
  as?: string;
  in: object;
  expect?: object;
}

function order(on: string, account: string, number: string, quantity: string, outcome: string): Line {
  return {
    do: 'order_place', on, as: 'wang',
    in: { account, number, lines: [{ product: 'TEA', quantity }] },
    expect: { status: outcome },
  };
}

/** D01 nearly full with an order too many, D02 late, D03 without a limit, D04 unlimited, D05 quiet. */
const STORY: readonly Line[] = [
  ...PARTNERS.map(([code, name]): Line => ({ do: 'partner_create', on: '2025-01-02', in: { code, name, roles: ['distributor'] } })),
  ...([['D01', '50000.00'], ['D02', '100000.00'], ['D03', null], ['D04', 'unlimited'], ['D05', '80000.00']] as const).map(([code, limit]): Line => ({
    do: 'account_create', on: '2025-01-02', in: { code, partner: code.replace('D', 'P'), currency: 'CNY', terms_days: 30, limit },
  })),
  { do: 'product_create', on: '2025-01-02', in: { code: 'TEA', name: 'Green tea, 500 g', unit_price: '62.50' } },
  order('2025-03-03', 'D02', 'SO-201', '400', 'approved'),
  { do: 'shipment_post', on: '2025-03-05', as: 'wang', in: { order: 'SO-201' } },
  { do: 'invoice_post', on: '2025-03-06', as: 'fang', in: { account: 'D02', order: 'SO-201', number: 'INV-201', amount: '25000.00', invoiced_on: '2025-03-06' } },
  order('2025-05-12', 'D01', 'SO-101', '480', 'approved'),
  { do: 'shipment_post', on: '2025-05-14', as: 'wang', in: { order: 'SO-101' } },
  { do: 'invoice_post', on: '2025-05-15', as: 'fang', in: { account: 'D01', order: 'SO-101', number: 'INV-101', amount: '30000.00', invoiced_on: '2025-05-15' } },
  { do: 'payment_post', on: '2025-05-30', as: 'fang', in: { account: 'D01', amount: '4000.00', received_on: '2025-05-30', reference: 'bank 88' } },
  { do: 'promise_make', on: '2025-06-02', as: 'wang', in: { account: 'D02', amount: '10000.00', due_on: '2025-06-20' } },
  order('2025-06-04', 'D05', 'SO-501', '100', 'approved'),
  order('2025-06-05', 'D01', 'SO-102', '480', 'held'),
  order('2025-06-06', 'D02', 'SO-202', '40', 'held'),
  order('2025-06-09', 'D03', 'SO-301', '16', 'held'),
];

export interface World {
  url: string;
  /** A fresh look through the API, past the page. */
  get: (path: string) => Promise<unknown>;
  /** What somebody else does meanwhile. */
  send: (who: string, method: string, path: string, body: object) => Promise<unknown>;
  /** As send(), and a refusal is an answer. */
  ask: (who: string, method: string, path: string, body?: object) => Promise<{ status: number; body: Record<string, unknown> }>;
  /** The server ends and comes back at the same address, on another day if one is told. */
  restart: (today?: string) => Promise<void>;
  close: () => Promise<void>;
}

export function program(): string {
  const path = process.env.GUANXI;
  if (!path) throw new Error('GUANXI names the program to try');
  return path;
}

export interface Firm {
  folder: string;
  db: string;
  /** By user. */
  tokens: Readonly<Record<string, string>>;
}

export function firmMake(): Firm {
  const folder = mkdtempSync(join(tmpdir(), 'guanxi-browser-'));
  const db = join(folder, 'firm.db');
  const password = join(folder, 'password');
  const guanxi = (...rest: string[]) => execFileSync(program(), ['--db', db, '--today', TODAY, ...rest], { encoding: 'utf8' });
  writeFileSync(password, `${PASSWORD}\n`);
  guanxi('init', '--currency', 'CNY', '--timezone', 'Asia/Shanghai');
  for (const [name, role] of USERS) guanxi('user', 'add', name, '--role', role, '--password-file', password);
  writeFileSync(join(folder, 'story.ndjson'), STORY.map((line) => JSON.stringify(line)).join('\n'));
  guanxi('journal', join(folder, 'story.ndjson'));
  return { folder, db, tokens: Object.fromEntries(['admin', 'wang', 'fang', 'zhao'].map((name) => [name, guanxi('token', 'add', name).trim()])) };
}

async function serve(db: string, listen = '127.0.0.1:0', today = TODAY): Promise<{ server: ChildProcess; url: string }> {
  const server = spawn(program(), ['--db', db, '--today', today, 'serve', '--listen', listen], { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface({ input: server.stdout })) {
    const ready = /listening on (http:\S+)/.exec(line);
    if (ready?.[1]) return { server, url: ready[1] };
  }
  throw new Error('the server ended before it listened');
}

export function firmRemove(firm: Firm): void {
  rmSync(firm.folder, { recursive: true, force: true });
}

export async function worldOpen({ folder, db, tokens }: Firm): Promise<World> {
  const own = join(mkdtempSync(join(folder, 'copy-')), 'firm.db');
  copyFileSync(db, own);
  let { server, url } = await serve(own);
  const end = async () => {
    const ended = new Promise((resolve) => server.once('exit', resolve));
    server.kill('SIGTERM');
    await ended;
  };
  const ask = async (who: string, method: string, path: string, body?: object) => {
    const headers = { authorization: `Bearer ${tokens[who]}`, ...(body && { 'content-type': 'application/json' }) };
    const reply = await fetch(`${url}/api/v1${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) });
    const text = await reply.text();
    return { status: reply.status, body: (text ? JSON.parse(text) : {}) as Record<string, unknown> };
  };
  const send = async (who: string, method: string, path: string, body?: object): Promise<unknown> => {
    const reply = await ask(who, method, path, body);
    if (reply.status >= 300) throw new Error(`${method} ${path}: ${reply.status} ${JSON.stringify(reply.body)}`);
    return reply.body;
  };
  return {
    url,
    get: (path) => send('admin', 'GET', path),
    send,
    ask,
    restart: async (today) => {
      await end();
      ({ server, url } = await serve(own, new URL(url).host, today));
    },
    close: end,
  };
}
