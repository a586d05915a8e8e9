// Measures the interface from outside: measure first|scroll URL ROWS. See bench/web/run.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, CDPSession, Page } from 'playwright-core';
import { browserOpen } from '../../tests/browser/visit';
import { PASSWORD } from '../../tests/browser/world';

const SLOWER = 4;
const TURNS = 5;
const SCROLL_MS = 6000;
const SETTLE_MS = 1500;
/** What others do on the machine is not counted. */
const THREAD_TIME = { timeDomain: 'threadTicks' } as const;
const VIEW = { viewport: { width: 1280, height: 860 }, locale: 'en-GB' };

type State = Awaited<ReturnType<BrowserContext['storageState']>>;

function middle(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN;
}

async function signedIn(browser: Browser, url: string): Promise<State> {
  const context = await browser.newContext({ ...VIEW, serviceWorkers: 'block' });
  const page = await context.newPage();
  await page.goto(`${url}/`);
  await page.fill('[name=username]', 'bench');
  await page.fill('[name=password]', PASSWORD);
  await page.press('[name=password]', 'Enter');
  await page.waitForSelector('.rail');
  const state = await context.storageState();
  await context.close();
  return state;
}

// ---- How soon a page shows what it is for

/** Tells when the first of what is waited for was painted. Runs before the page. */
function watchFor(selector: string): void {
  const seen = () => {
    if (!document.querySelector(selector)) return;
    watcher.disconnect();
    requestAnimationFrame(() => setTimeout(() => {
      console.log(`shown ${performance.now()}`);
    }));
  };
  const watcher = new MutationObserver(seen);
  watcher.observe(document, { childList: true, subtree: true });
}

const FIRST: readonly (readonly [name: string, path: string, shows: string])[] = [
  ['today', '/', 'main .item-line'],
  ['accounts', '/accounts', '.list-row .list-value'],
  ['a partner', '/partners/D01', 'main .happening-what'],
];

interface Shown {
  at: number;
  requests: number;
  /** Milliseconds of the page's own thread. */
  busy: number;
}

async function metrics(session: CDPSession): Promise<Map<string, number>> {
  const { metrics: list } = await session.send('Performance.getMetrics');
  return new Map(list.map(({ name, value }) => [name, value]));
}

async function firstOnce(browser: Browser, state: State, url: string, shows: string, profile: string | null): Promise<Shown> {
  const context = await browser.newContext({ ...VIEW, storageState: state, serviceWorkers: 'block' });
  const page = await context.newPage();
  await page.addInitScript(watchFor, shows);
  const session = await context.newCDPSession(page);
  await session.send('Performance.enable', THREAD_TIME);
  await session.send('Network.enable');
  await session.send('Network.setCacheDisabled', { cacheDisabled: true });
  await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
  let requests = 0;
  page.on('request', () => requests++);
  if (profile) {
    await session.send('Profiler.enable');
    await session.send('Profiler.start');
  }
  // Not by waiting for a function, which is work of the page's own thread.
  const said = page.waitForEvent('console', (message) => message.text().startsWith('shown '));
  await page.goto(url, { waitUntil: 'commit' });
  const at = Number((await said).text().split(' ')[1]);
  const found = await metrics(session);
  if (profile) writeFileSync(profile, JSON.stringify((await session.send('Profiler.stop')).profile));
  const shown = { at, requests, busy: (found.get('TaskDuration') ?? 0) * 1000 };
  await context.close();
  return shown;
}

async function first(browser: Browser, url: string): Promise<void> {
  const state = await signedIn(browser, url);
  const folder = process.env.PROFILE;
  if (folder) mkdirSync(folder, { recursive: true });
  for (const [name, path, shows] of FIRST) {
    const turns: Shown[] = [];
    for (let turn = 0; turn < TURNS; turn++) turns.push(await firstOnce(browser, state, url + path, shows, null));
    if (folder) await firstOnce(browser, state, url + path, shows, join(folder, `first-${name.replaceAll(' ', '-')}.cpuprofile`));
    const times = turns.map((turn) => turn.at);
    console.log(`${name}: shown after ${middle(times).toFixed(0)} ms (${Math.min(...times).toFixed(0)} to ${Math.max(...times).toFixed(0)}),`
      + ` the page's thread busy for ${middle(turns.map((turn) => turn.busy)).toFixed(0)} ms, ${middle(turns.map((turn) => turn.requests))} requests;`
      + ` processor slowed ${SLOWER} times, nothing cached`);
  }
}

// ---- How a long list scrolls

interface Frames {
  rate: number;
  late: number;
  /** Milliseconds of the main thread for each frame. */
  busy: number;
  scripted: number;
  styled: number;
  long: number;
  waiting: number;
}

/** Counts frames and tasks that take long, until told to end. */
function countStart(): void {
  const told = { times: [] as number[], long: 0, waiting: 0, isOn: true };
  (window as { counted?: typeof told }).counted = told;
  new PerformanceObserver((list) => { told.long += list.getEntries().length; }).observe({ entryTypes: ['longtask'] });
  const step = (now: number) => {
    told.times.push(now);
    if (told.times.length % 10 === 0 && document.querySelector('.list-waiting')) told.waiting++;
    if (told.isOn) requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
}

async function counted(page: Page, session: CDPSession, act: () => Promise<void>): Promise<Frames> {
  await page.evaluate(countStart);
  const before = await metrics(session);
  await act();
  const after = await metrics(session);
  const told = await page.evaluate(() => {
    const found = (window as unknown as { counted: { times: number[]; long: number; waiting: number; isOn: boolean } }).counted;
    found.isOn = false;
    return found;
  });
  const gaps = told.times.slice(1).map((time, i) => time - (told.times[i] ?? 0)).sort((a, b) => a - b);
  const took = (told.times.at(-1) ?? 0) - (told.times[0] ?? 0);
  const each = (...names: string[]) => names.reduce((sum, name) => sum + (after.get(name) ?? 0) - (before.get(name) ?? 0), 0) * 1000 / gaps.length;
  return {
    rate: gaps.length * 1000 / took,
    late: gaps[Math.floor(gaps.length * 0.95)] ?? 0,
    busy: each('TaskDuration'),
    scripted: each('ScriptDuration'),
    styled: each('LayoutDuration', 'RecalcStyleDuration'),
    long: told.long,
    waiting: Math.min(told.waiting * 10 / gaps.length, 1),
  };
}

async function wheel(session: CDPSession, deltaY: number): Promise<void> {
  const until = Date.now() + SCROLL_MS;
  while (Date.now() < until) {
    await session.send('Input.dispatchMouseEvent', { type: 'mouseWheel', x: 600, y: 500, deltaX: 0, deltaY });
    await new Promise((done) => setTimeout(done, 12));
  }
}

/** As a hand on the scrollbar does: through the whole list and back, a place for each frame. */
async function drag(page: Page): Promise<void> {
  await page.evaluate(async (ms) => {
    const frame = document.querySelector('.list-frame') as HTMLElement;
    const start = performance.now();
    for (let now = start; now - start < ms;) {
      now = await new Promise<number>((done) => requestAnimationFrame(done));
      frame.scrollTop = (frame.scrollHeight - frame.clientHeight) * Math.abs(Math.sin((now - start) / ms * Math.PI));
    }
  }, SCROLL_MS);
}

async function jumps(page: Page, rows: number): Promise<void> {
  const times: number[] = [];
  for (const share of [0.5, 0.97, 0.21, 0.73, 0.38, 0.88, 0.11, 0.62]) {
    times.push(await page.evaluate(async ([part, all]) => {
      const frame = document.querySelector('.list-frame') as HTMLElement;
      const start = performance.now();
      frame.scrollTop = (frame.scrollHeight - frame.clientHeight) * part;
      const isThere = () => {
        const row = document.querySelector('.list-row:not(.list-waiting)');
        return !document.querySelector('.list-waiting') && row && Math.abs(Number(row.getAttribute('aria-rowindex')) - all * part) < 100;
      };
      do await new Promise((done) => requestAnimationFrame(done)); while (!isThere());
      return performance.now() - start;
    }, [share, rows] as const));
  }
  console.log(`jumps to places that were not read: ${middle(times).toFixed(0)} ms until the rows are there (${Math.min(...times).toFixed(0)} to ${Math.max(...times).toFixed(0)})`);
}

function tell(what: string, of: Frames): void {
  console.log(`${what}: ${of.rate.toFixed(1)} frames a second, 95 % within ${of.late.toFixed(1)} ms; for each the main thread`
    + ` is busy ${of.busy.toFixed(1)} ms, ${of.scripted.toFixed(1)} of them scripts and ${of.styled.toFixed(1)} styles and layout;`
    + ` ${of.long} tasks of more than 50 ms; rows still to come in ${(of.waiting * 100).toFixed(0)} % of frames`);
}

async function profiled(session: CDPSession, name: string, act: () => Promise<void>): Promise<void> {
  const folder = process.env.PROFILE;
  if (!folder) return act();
  mkdirSync(folder, { recursive: true });
  await session.send('Profiler.enable');
  await session.send('Profiler.start');
  await act();
  writeFileSync(join(folder, `${name}.cpuprofile`), JSON.stringify((await session.send('Profiler.stop')).profile));
}

async function scroll(browser: Browser, url: string, rows: number): Promise<void> {
  const state = await signedIn(browser, url);
  for (const path of ['/accounts', '/partners']) {
    const context = await browser.newContext({ ...VIEW, storageState: state, serviceWorkers: 'block' });
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    await session.send('Performance.enable', THREAD_TIME);
    await page.goto(url + path);
    await page.waitForSelector('.list-row .list-value');
    await page.waitForFunction((all) => Number(document.querySelector('.list-frame')?.getAttribute('aria-rowcount')) >= all, rows);
    await page.waitForTimeout(SETTLE_MS);
    tell(`${path}, at rest`, await counted(page, session, () => page.waitForTimeout(SETTLE_MS)));
    await profiled(session, `wheel${path.replace('/', '-')}`, async () => tell(`${path}, by wheel`, await counted(page, session, () => wheel(session, 240))));
    await profiled(session, `drag${path.replace('/', '-')}`, async () => tell(`${path}, by the scrollbar`, await counted(page, session, () => drag(page))));
    await page.waitForTimeout(SETTLE_MS);
    await page.reload();
    await page.waitForSelector('.list-row .list-value');
    await page.waitForTimeout(SETTLE_MS);
    await jumps(page, rows);
    await context.close();
  }
}

async function main(): Promise<void> {
  const [what, url, rows] = process.argv.slice(2);
  const browser = await browserOpen();
  try {
    if (what === 'first') await first(browser, url ?? '');
    else await scroll(browser, url ?? '', Number(rows));
  } finally {
    await browser.close();
  }
}

void main();
