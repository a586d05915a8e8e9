// Every main page on paper: no frame, black on white whatever the screen shows, nothing cut at the edge, and lists whole.

import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { suite } from './suite';

/** A4 between its margins. */
const PAPER_PX = 703;
const MANY = 600;
const LONGER = 5200;

/** As the printer sees it, or the first page of it. */
async function onPaper(page: Page, name: string): Promise<string> {
  await page.setViewportSize({ width: PAPER_PX, height: 1000 });
  await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
  await page.emulateMedia({ media: 'print' });
  const shots = process.env.SHOTS;
  if (shots) {
    mkdirSync(shots, { recursive: true });
    await page.screenshot({ path: join(shots, `print-${name}.png`), fullPage: true });
    writeFileSync(join(shots, `print-${name}.pdf`), await page.pdf({ format: 'A4' }));
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
  }
  const told = await page.evaluate(() => {
    const shown = (selector: string) => [...document.querySelectorAll(selector)].some((one) => one.getClientRects().length > 0);
    const colour = (of: 'color' | 'backgroundColor', selector: string) => {
      const found = document.querySelector(selector);
      return found ? getComputedStyle(found)[of] : '';
    };
    return {
      frame: ['.rail', '.tabs', 'button:not(.list-said .chip)', 'input', '.skeleton', '.toasts *'].filter(shown),
      wide: document.documentElement.scrollWidth - innerWidth,
      beyond: [...document.querySelectorAll('main *')].filter((one) => one.getBoundingClientRect().right > innerWidth + 1).slice(0, 4)
        .map((one) => `${one.tagName.toLowerCase()}.${one.getAttribute('class') ?? ''}`),
      ink: colour('color', 'h1'),
      ground: colour('backgroundColor', 'body'),
      text: document.querySelector('main')?.innerText ?? '',
    };
  });
  assert.deepEqual(told.frame, [], `${name} shows what is pressed`);
  assert.ok(told.wide <= 0, `${name} is ${told.wide} px wider than the paper: ${told.beyond.join(' ')}`);
  assert.equal(told.ink, 'rgb(0, 0, 0)', name);
  assert.equal(told.ground, 'rgb(255, 255, 255)', name);
  return told.text;
}

async function onScreen(page: Page): Promise<void> {
  await page.evaluate(() => dispatchEvent(new Event('afterprint')));
  await page.emulateMedia({ media: null });
  await page.setViewportSize({ width: 1280, height: 860 });
}

suite('print', ({ start, world }) => {
  const PAGES: readonly (readonly [name: string, path: string, there: string])[] = [
    ['partner', '/partners/P02', '.happening-what'],
    ['account', '/accounts/D01', 'main .table, main .happening-what'],
    ['statement', '/receivables/statement/D01', '.statement-closing'],
    ['aging', '/receivables', 'main .table'],
    ['orders', '/accounts/D01/orders', 'main .table'],
    ['list', '/accounts', '.list-row .list-value'],
    ['groups', '/accounts?group=state', '.list-row .list-value'],
    ['board', '/accounts?group=state&as=board', '.board-card'],
    ['today', '/', '.item-line'],
  ];

  for (const look of [{ lang: 'en', scheme: 'dark' }, { lang: 'zh', scheme: 'light' }] as const) {
    test(`the main pages, ${look.lang}, from a ${look.scheme} screen`, async () => {
      const { page, signIn } = await start(look);
      await signIn('zhao');
      for (const [name, path, there] of PAGES) {
        await page.goto(world().url + path);
        await page.waitForSelector(there);
        await page.waitForFunction(() => !document.querySelector('.skeleton'));
        const text = await onPaper(page, `${name}-${look.lang}`);
        assert.match(text, look.lang === 'en' ? /Printed by zhao/ : /打印人：zhao/, name);
        await onScreen(page);
      }
      const { items } = await world().get('/orders?status=held') as { items: { id: string }[] };
      await page.goto(`${world().url}/held/${items[0]?.id}`);
      await page.waitForSelector('.case .table >> nth=-1');
      await page.waitForFunction(() => !document.querySelector('.skeleton'));
      await onPaper(page, `case-${look.lang}`);
      assert.equal(await page.locator('details:not([open])').count(), 0, 'what is folded is unfolded on paper');
      await onScreen(page);
      assert.equal(await page.locator('details[open]').count(), 0);
    });
  }

  test('a list is printed whole when it is asked for, and a long one says what is cut', async () => {
    const { page, signIn } = await start();
    let rows = MANY;
    await page.route('**/api/v1/lists/partner/totals*', (route) => route.fulfill({ json: { count: rows, sums: [], groups: [] } }));
    await page.route('**/api/v1/partners?*', async (route) => {
      const query = new URL(route.request().url()).searchParams;
      const from = Number(query.get('cursor') ?? 0) + Number(query.get('skip') ?? 0);
      const to = Math.min(from + Number(query.get('limit')), rows);
      const items = Array.from({ length: to - from }, (_, i) => ({
        id: `P${String(from + i).padStart(13, '0')}`, code: `P${from + i}`, name: `Partner ${from + i}`, roles: ['distributor'], territory: null, owner: null, tier: null, created_on: '2025-01-02', approval: null, version: 1,
      }));
      await route.fulfill({ json: { items, next: to < rows ? String(to) : null } });
    });
    const printed = async () => {
      await page.evaluate(() => {
        (window as { printed?: boolean }).printed = false;
        window.print = () => {
          dispatchEvent(new Event('beforeprint'));
          (window as { printed?: boolean }).printed = true;
        };
      });
      await page.keyboard.press('Control+p');
      await page.waitForFunction(() => (window as { printed?: boolean }).printed);
      return page.$$eval('.print-table tbody tr', (all) => all.length);
    };
    await signIn('zhao');
    await page.goto(`${world().url}/partners`);
    await page.waitForSelector('.list-row:has-text("P1")');
    // By the browser's own menu nothing can be waited for.
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
    await page.waitForSelector('.print-only >> text=/Only \\d+ of 600 rows/', { state: 'attached' });
    await page.evaluate(() => dispatchEvent(new Event('afterprint')));
    assert.equal(await printed(), MANY);
    assert.equal(await page.locator('.print-only >> text=Only').count(), 0);
    rows = LONGER;
    await page.goto(`${world().url}/partners`);
    await page.waitForSelector('.list-row:has-text("P1")');
    assert.equal(await printed(), 5000);
    await page.waitForSelector('.print-only >> text=Only 5,000 of 5,200 rows', { state: 'attached' });
  });
});
