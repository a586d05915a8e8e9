// On a phone: the main tasks within three taps, and a visit note that is written without a network and sent once.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { LOOKS, suite } from './suite';

const PHONE = { width: 360 } as const;

interface ListSeen {
  items: { note: string; partner: string }[];
}

/** Taps one after the other, and says how many. */
async function taps(page: Page, ...targets: string[]): Promise<number> {
  for (const target of targets) await page.tap(target);
  return targets.length;
}

suite('phone', ({ start, world }) => {
  test('the exposure of an account, a visit, an approval and a promise are at most three taps away', async () => {
    const { page, signIn, check } = await start(PHONE);
    await world().send('wang', 'POST', '/orders/SO-102/release-request', { reason: 'Season stock', reason_code: 'season' });
    await signIn('zhao');
    await page.waitForSelector('.items');
    assert.ok(await taps(page, '.nav-link:has-text("Accounts")', 'tbody a:has-text("Harbour")') <= 3);
    await page.waitForSelector('.position :text("26,000.00")');
    await page.tap('.nav-link:has-text("Today")');
    assert.ok(await taps(page, '.item-approval >> text=Approve', '.item-form .chip >> nth=0', '.item-form [type=submit]') <= 3);
    await page.waitForSelector('.toast:has-text("Approved.")');
    await page.tap('.nav-link:has-text("Log a visit")');
    await page.waitForSelector('.visit form');
    await page.tap('.nav-more button');
    await page.waitForSelector('.menu-item:has-text("Aging")');
    await check('phone-menu');
  });

  for (const look of LOOKS) {
    test(`the page for visit notes, ${look.lang}, ${look.scheme}, ${look.width} px`, async () => {
      const { page, signIn, check } = await start(look);
      await signIn('wang');
      await page.goto(`${world().url}/visit`);
      await page.waitForSelector('.visit form');
      await page.click('.visit-more summary');
      await check('visit');
    });
  }

  test('a note written without a network is kept over a reload, and sent once when it is back', async () => {
    const { page, signIn, check } = await start({ ...PHONE, worker: true });
    await signIn('wang');
    await page.tap('.nav-link:has-text("Log a visit")');
    await page.waitForSelector('.visit form');
    // The worker has the frame, and this browser the names of the partners.
    await page.evaluate(async () => void await navigator.serviceWorker.ready);
    await page.waitForFunction(() => Object.keys(localStorage).some((name) => name.endsWith('.partners')));
    await page.context().setOffline(true);
    await page.fill('[name=partner]', 'lake');
    await page.tap('.lookup-choice:has-text("Lakeside")');
    await page.fill('textarea', 'Stock is low, they ask for 40 boxes 😀 <b>');
    await page.tap('.form-foot [type=submit]');
    await page.waitForSelector('.toast:has-text("kept here")');
    await page.waitForSelector('.waiting:has-text("40 boxes 😀 <b>")');
    await page.reload();
    await page.waitForSelector('.waiting:has-text("40 boxes")');
    await check('visit-offline');
    await page.context().setOffline(false);
    await page.waitForSelector('.waiting', { state: 'detached' });
    const { items } = await world().get('/activities') as ListSeen;
    assert.deepEqual(items.map((one) => [one.partner, one.note]), [['P03', 'Stock is low, they ask for 40 boxes 😀 <b>']]);
  });
});
