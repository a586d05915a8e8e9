// One visitor in Debian's Chromium: fails its journey on anything the console says is wrong, on requests that
// fail unasked, and on serious findings of axe.

import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { PASSWORD, type World } from './world';

// The last flag of a name counts, so the features that playwright-core turns off are named again; the two that begin with
// WebUI are pages behind the address bar, which Chromium builds for each window, at the cost of a third of a second of the processor.
const OFF = ['AvoidUnnecessaryBeforeUnloadCheckSync', 'BoundaryEventDispatchTracksNodeRemoval', 'DestroyProfileOnBrowserClose',
  'DialMediaRouteProvider', 'GlobalMediaControls', 'HttpsUpgrades', 'LensOverlay', 'MediaRouter', 'PaintHolding',
  'ThirdPartyStoragePartitioning', 'Translate', 'AutoDeElevate', 'RenderDocument', 'OptimizationHints',
  'WebUIOmniboxPopup', 'WebUIOmniboxAimPopup'];
const FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync', `--disable-features=${OFF.join()}`];
const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const WAIT_MS = 30_000;
const QUIET_MS = 300;
const STEP_MS = 50;

export interface Look {
  lang?: 'en' | 'zh';
  scheme?: 'light' | 'dark';
  width?: number;
  /** With the service worker, which otherwise would keep what a test counts on being fetched. */
  worker?: boolean;
}

export interface Visit {
  page: Page;
  /** The next replies with this status are part of the journey. */
  expectStatus: (status: number) => void;
  /** From here on requests may get no answer. */
  expectLost: () => void;
  signIn: (name: string, url?: string) => Promise<void>;
  /** When all that was asked is answered: what still comes in after the session has ended is refused, rightly. */
  signOut: () => Promise<void>;
  check: (name: string) => Promise<void>;
  /** check() without a picture and axe, which take seconds on a long page. */
  fits: (name: string) => Promise<void>;
  end: () => Promise<void>;
}

interface AxeResult {
  id: string;
  impact: string | null;
  nodes: { target: string[]; failureSummary?: string }[];
}

export async function browserOpen(): Promise<Browser> {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS });
}

function watch(page: Page, expected: Set<number>, lost: () => boolean, wrong: string[]): void {
  page.setDefaultTimeout(WAIT_MS);
  page.on('pageerror', (error) => wrong.push(`page error: ${error.message}`));
  page.on('requestfailed', (request) => {
    const why = request.failure()?.errorText ?? '';
    // What the visitor left before it had come is no fault.
    if (why !== 'net::ERR_ABORTED' && !lost()) wrong.push(`request failed: ${request.url()} ${why}`);
  });
  page.on('response', (reply) => {
    if (reply.status() >= 400 && !expected.has(reply.status())) wrong.push(`${reply.status()} ${reply.url()}`);
  });
  page.on('console', (message) => {
    const isReply = message.text().startsWith('Failed to load resource');
    const isBlocked = message.text().startsWith('Service Worker registration blocked by Playwright');
    if (['error', 'warning'].includes(message.type()) && !isReply && !isBlocked) wrong.push(`console: ${message.text()}`);
  });
}

/** By the protocol, not by a script tag: the page's own policy forbids those. */
async function axe(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const found = await page.evaluate('axe.run(document, { resultTypes: ["violations"] })') as { violations: AxeResult[] };
  return found.violations
    .filter((v) => v.impact === 'serious' || v.impact === 'critical')
    .flatMap((v) => v.nodes.map((n) => `${v.id} ${n.target.join(' ')}: ${n.failureSummary ?? ''}`));
}

/** Requests on their way, but for the one that waits for news as long as the page is open, and those of a page that was
 *  left: of one that was under way then, the browser need not tell the end. */
function counted(page: Page): () => string[] {
  const open = new Map<object, string>();
  page.on('request', (request) => {
    if (request.isNavigationRequest() && request.frame() === page.mainFrame()) open.clear();
    if (!request.url().includes('/api/v1/news')) open.set(request, request.url());
  });
  page.on('requestfinished', (request) => open.delete(request));
  page.on('requestfailed', (request) => open.delete(request));
  return () => [...open.values()];
}

/** Nothing comes any more, and nothing moves. */
async function still(page: Page, open: () => string[]): Promise<void> {
  for (let quiet = 0, waited = 0; quiet < QUIET_MS; waited += STEP_MS) {
    assert.ok(waited < WAIT_MS, `not answered: ${open().join(' ')}`);
    await page.waitForTimeout(STEP_MS);
    quiet = open().length > 0 ? 0 : quiet + STEP_MS;
  }
  await page.waitForFunction(() => document.getAnimations().length === 0 && !document.querySelector('.skeleton'));
}

/** What stands beyond the edge, from without to within. */
async function widest(page: Page): Promise<string> {
  return page.evaluate(() => [...document.querySelectorAll('body *')].filter((one) => one.getBoundingClientRect().right > innerWidth + 1)
    .slice(0, 8).map((one) => `${one.tagName.toLowerCase()}.${one.getAttribute('class') ?? ''}`).join(' '));
}

async function contextOpen(browser: Browser, look: Look): Promise<BrowserContext> {
  const { lang = 'en', scheme = 'light', width = 1280 } = look;
  return browser.newContext({
    viewport: { width, height: width < 500 ? 780 : 860 },
    colorScheme: scheme,
    locale: lang === 'zh' ? 'zh-CN' : 'en-GB',
    hasTouch: width < 500,
    serviceWorkers: look.worker ? 'allow' : 'block',
  });
}

export async function visitStart(browser: Browser, world: World, look: Look = {}): Promise<Visit> {
  const context = await contextOpen(browser, look);
  const page = await context.newPage();
  const expected = new Set<number>();
  const wrong: string[] = [];
  let isLost = false;
  watch(page, expected, () => isLost, wrong);
  const open = counted(page);
  const shots = process.env.SHOTS;
  const tag = `${look.width ?? 1280}-${look.scheme ?? 'light'}-${look.lang ?? 'en'}`;

  const fits = async (name: string) => {
    await still(page, open);
    const beyond = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(beyond <= 0, `${name} is ${beyond} px wider than the screen: ${beyond > 0 ? await widest(page) : ''}`);
    assert.deepEqual(wrong, [], `on ${name}`);
  };
  const check = async (name: string) => {
    await fits(name);
    if (shots) {
      mkdirSync(shots, { recursive: true });
      await page.screenshot({ path: join(shots, `${name}-${tag}.png`) });
    }
    assert.deepEqual(await axe(page), [], `axe on ${name}`);
    assert.deepEqual(wrong, [], `on ${name}`);
  };
  const signIn = async (name: string, url = world.url) => {
    await page.goto(`${url}/`);
    await page.fill('[name=username]', name);
    await page.fill('[name=password]', PASSWORD);
    await page.press('[name=password]', 'Enter');
    await page.waitForSelector('main h1');
    await page.waitForSelector('.rail');
  };
  const signOut = async () => {
    await still(page, open);
    await page.click('.rail-foot [aria-label="Sign out"]');
    await page.waitForSelector('[name=username]');
  };
  const end = async () => {
    await context.close();
    assert.deepEqual(wrong, []);
  };
  return { page, expectStatus: (status) => void expected.add(status), expectLost: () => void (isLost = true), signIn, signOut, check, fits, end };
}
