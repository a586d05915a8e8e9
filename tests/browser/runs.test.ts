// Long work that is left and found again: it goes on across pages and a reload, can be stopped and taken back, and tells
// what became of each row.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { suite } from './suite';

const MANY = 40;
/** As many as are sent at once, and a few. */
const FIRST = 5;
const HELD_MS = 30_000;

/** Answers about one contact that wait until they are let through, as over a line that hangs: the server has done what was asked. */
interface Held {
  /** How many more are let through. */
  let: (count: number) => void;
  /** Resolves when so many are held. */
  held: (count: number) => Promise<void>;
}

async function holdAnswers(page: Page, method: 'GET' | 'PATCH'): Promise<Held> {
  let free = 0;
  const waiting: (() => void)[] = [];
  await page.route('**/api/v1/contacts/*', async (route) => {
    if (route.request().method() !== method) return route.fallback();
    const response = await route.fetch();
    if (free > 0) free--;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    // The page that asked may be gone.
    return route.fulfill({ response }).catch(() => undefined);
  });
  return {
    let: (count) => {
      const out = waiting.splice(0, count);
      free += count - out.length;
      for (const go of out) go();
    },
    held: async (count) => {
      for (const end = Date.now() + HELD_MS; waiting.length < count;) {
        assert.ok(Date.now() < end, `${waiting.length} of ${count} answers are held`);
        await page.waitForTimeout(20);
      }
    },
  };
}

suite('runs', ({ start, world }) => {
  const people = async () => (await world().get('/contacts?limit=500') as { items: { id: string; name: string; title: string | null; version: number }[] }).items;
  const hire = async (count: number) => {
    for (let i = 0; i < count; i++) await world().send('admin', 'POST', '/contacts', { partner: 'P01', name: `Person ${String(i).padStart(2, '0')}`, title: 'Clerk' });
  };
  const change = async (page: Page, value: string) => {
    await page.check('.list-head .list-check input');
    await page.click('.list-selected-bar .button >> nth=0');
    await page.selectOption('dialog select >> nth=0', 'title');
    await page.fill('dialog input', value);
    await page.click('dialog [type=submit]');
  };

  for (const look of [{ lang: 'en', width: 1280 }, { lang: 'zh', scheme: 'dark', width: 360 }] as const) {
    test(`left, walked away from, found in the tray and taken back, ${look.lang}`, async () => {
      const { page, signIn, check } = await start(look);
      await hire(6);
      await signIn('admin');
      await page.goto(`${world().url}/lists/contact`);
      await page.waitForSelector('.list-row .list-value');
      // On a phone rows are ticked one by one.
      if (look.width > 500) await page.check('.list-head .list-check input');
      else for (let i = 0; i < 6; i++) await page.check(`.list-row:nth-child(${i + 1}) .list-check input`);
      await page.click('.list-selected-bar .button:has-text("…") >> nth=0');
      await page.selectOption('dialog select >> nth=0', 'title');
      await page.fill('dialog input', 'Head');
      await page.click('dialog [type=submit]');
      await page.waitForSelector('dialog .run-results');
      await page.click('dialog .button-primary');
      await page.goto(`${world().url}/accounts`);
      await page.click('.runs');
      await page.waitForSelector('dialog .run .notice-good');
      await check('runs');
      assert.deepEqual((await people()).map((one) => one.title), Array(6).fill('Head'));
      await page.click('dialog .run .form-foot .button >> nth=0');
      await page.waitForSelector('dialog .run:nth-child(2)');
      await page.waitForSelector('dialog .run:nth-child(1) .notice-good');
      assert.deepEqual((await people()).map((one) => one.title), Array(6).fill('Clerk'));
    });
  }

  test('a change of many rows goes on across pages and a reload, and does each once', async () => {
    const { page, signIn } = await start();
    await hire(MANY);
    const answers = await holdAnswers(page, 'PATCH');
    await signIn('admin');
    await page.goto(`${world().url}/lists/contact`);
    await page.waitForSelector('.list-row .list-value');
    await change(page, 'Head');
    await page.waitForSelector('dialog [role=status]:has-text("of 40")');
    answers.let(FIRST);
    await page.click('text=Go on working');
    await page.click('.nav-link:has-text("Accounts")');
    await page.waitForSelector('.runs-busy');
    await answers.held(3);
    assert.equal((await people()).filter((one) => one.title === 'Head').length, FIRST + 3, 'it is not over, and three are done whose answers did not come');
    await page.reload();
    answers.let(3 + MANY);
    await page.waitForSelector('.runs:not(.runs-busy)');
    const after = await people();
    assert.ok(after.every((one) => one.title === 'Head'));
    assert.deepEqual(after.filter((one) => one.version > 2), []);
    await page.click('.runs');
    await page.waitForSelector('dialog .notice-good:has-text("40 done")');
  });

  test('it waits for a session, does not ask twice for one, and is stopped', async () => {
    const { page, signIn, expectStatus } = await start();
    await hire(MANY);
    const changed = await holdAnswers(page, 'PATCH');
    const read = await holdAnswers(page, 'GET');
    await signIn('admin');
    await page.goto(`${world().url}/lists/contact`);
    await page.waitForSelector('.list-row .list-value');
    await change(page, 'Head');
    await changed.held(3);
    expectStatus(401);
    await page.context().clearCookies();
    // Each is read again once it is changed, which nobody may any more. One is told so when somebody has signed in again.
    changed.let(3);
    await read.held(3);
    read.let(2);
    await page.waitForSelector('[name=password]');
    await page.fill('[name=password]', 'harbour lantern seventeen');
    await page.press('[name=password]', 'Enter');
    await page.waitForSelector('[name=password]', { state: 'detached' });
    read.let(MANY);
    await changed.held(3);
    assert.equal(await page.isVisible('[name=password]'), false);
    await page.click('text=Stop');
    changed.let(MANY);
    await page.waitForSelector('dialog .notice-warn:has-text("Stopped")');
    assert.match(await page.textContent('dialog .notice-warn') ?? '', /4 done.* 0 refused/);
    await page.click('dialog .button-primary');
    assert.equal((await people()).filter((one) => one.title === 'Head').length, 4);
  });

  test('it tells why a row was refused, and what was done is taken back', async () => {
    const { page, signIn, expectStatus } = await start();
    await signIn('admin');
    expectStatus(409);
    await page.goto(`${world().url}/lists/territory`);
    await world().send('admin', 'POST', '/territories', { code: 'E', name: 'East' });
    await world().send('admin', 'POST', '/territories', { code: 'W', name: 'West' });
    await world().send('admin', 'PATCH', '/partners/P01', { territory: 'E' });
    await page.waitForSelector('.list-row:has-text("West")');
    await page.check('.list-head .list-check input');
    await page.click('text=Remove…');
    await page.click('dialog .button-danger');
    await page.waitForSelector('dialog .notice-warn:has-text("1 done, 0 waiting for consent, 1 refused")');
    assert.match(await page.textContent('.run-table .bad') ?? '', /./);
    await page.click('dialog .button-primary');
    await page.click('.toast-undo');
    await page.waitForSelector('.toast:has-text("Taken back.")');
    const { items } = await world().get('/territories?sort=code') as { items: { code: string; name: string }[] };
    assert.deepEqual(items.map(({ code, name }) => [code, name]), [['E', 'East'], ['W', 'West']]);
  });

  test('an export and a day close are told of wherever one went', async () => {
    const { page, signIn, check } = await start();
    await signIn('admin');
    await page.goto(`${world().url}/settings/closes`);
    await page.click('.page-aside .button');
    await check('close-day');
    await page.click('dialog [type=submit]');
    await page.click('.nav-link:has-text("Partners")');
    await page.waitForSelector('.toast:has-text("Day close of 9 Jun 2025")', { timeout: 60_000 });
    const { items } = await world().get('/day-closes') as { items: { on: string }[] };
    assert.equal(items[0]?.on, '2025-06-09');
    await page.waitForSelector('.list-row .list-value');
    const [file] = await Promise.all([page.waitForEvent('download'), (async () => {
      await page.click('.list-tools >> text=Export');
      await page.click('.menu-item >> nth=0');
      await page.click('.nav-link:has-text("Accounts")');
    })()]);
    assert.match(file.suggestedFilename(), /Partners.*csv/);
    await page.click('.runs');
    await page.waitForSelector('dialog .run:nth-child(1):has-text("5 rows written")');
    await page.waitForSelector('dialog .run:nth-child(2):has-text("closed")');
    await page.click('dialog .run:nth-child(1) .button-quiet');
    await page.click('dialog .run:nth-child(1) .button-quiet');
    await page.waitForSelector('dialog .empty');
  });
});
