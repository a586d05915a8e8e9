// On a phone: the main tasks within three taps, and a visit note that is written without a network and sent once.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { LOOKS, MONTH_LATER, suite } from './suite';

const PHONE = { width: 360 } as const;

interface ListSeen {
  items: { note: string; partner: string; kind: string; amount: string; status: string }[];
}

/** Taps one after the other, and says how many. */
async function taps(page: Page, ...targets: string[]): Promise<number> {
  for (const target of targets) await page.tap(target);
  return targets.length;
}

suite('phone', ({ start, world }) => {
  const listOf = async (path: string) => (await world().get(path) as ListSeen).items;

  test('the exposure of an account and an approval are at most three taps away', async () => {
    const { page, signIn, check } = await start(PHONE);
    await world().send('wang', 'POST', '/orders/SO-102/release-request', { reason: 'Season stock', reason_code: 'season' });
    await signIn('zhao');
    await page.waitForSelector('.items');
    assert.ok(await taps(page, '.nav-link:has-text("Accounts")', '.list-row a:has-text("Harbour")') <= 3);
    await page.waitForSelector('.position :text("26,000.00")');
    await page.tap('.nav-link:has-text("Today")');
    assert.ok(await taps(page, '.item-approval >> text=Approve', '.item-form .chip >> nth=0', '.item-form [type=submit]') <= 3);
    await page.waitForSelector('.toast:has-text("Approved.")');
    await page.waitForSelector('.nav-thumb:has-text("Receivables")');
    await page.tap('.nav-more button');
    await page.waitForSelector('.menu-item:has-text("Policy")');
    assert.equal(await page.locator('.menu-item:has-text("Receivables")').count(), 0, 'it is at the thumb');
    await check('phone-menu');
  });

  test('five places are at the thumb, and what has no room there is in the menu', async () => {
    const { page, signIn } = await start(PHONE);
    await signIn('wang');
    await page.waitForSelector('.nav-thumb');
    assert.equal(await page.locator('.nav-thumb').count(), 5);
    await page.tap('.nav-more button');
    await page.waitForSelector('.menu-item:has-text("Receivables")');
  });

  test('a collector logs a call and takes a promise within three taps each', async () => {
    const { page, signIn, check } = await start(PHONE);
    await signIn('lin');
    await page.waitForSelector('.item-overdue');
    assert.ok(await taps(page, '.item-overdue >> text=Log a call', '.item-form .chip >> nth=0', '.item-form [type=submit]') <= 3);
    await page.waitForSelector('.toast:has-text("call is logged")');
    const [logged] = await listOf('/activities?sort=-id');
    assert.deepEqual([logged?.note, logged?.kind], ['Will pay this week', 'collection']);
    assert.ok(await taps(page, '.item-overdue >> text=Take a promise') <= 1);
    assert.equal(await page.inputValue('.item-form [type=date]'), '2025-06-16', 'a day is proposed, so that one tap more records it');
    assert.equal(await page.inputValue('.item-form .number'), '25,000.00', 'the open amount is proposed');
    await page.fill('.item-form .number', '15,000');
    await page.fill('.item-form [type=date]', MONTH_LATER);
    await check('today-promise');
    await page.tap('.item-form [type=submit]');
    await page.waitForSelector('.toast:has-text("15,000")');
    const [made] = await listOf('/promises?account=D02&sort=-id');
    assert.deepEqual([made?.amount, made?.status], ['15000.00', 'open']);
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
    assert.deepEqual((await listOf('/activities')).map((one) => [one.partner, one.note]), [['P03', 'Stock is low, they ask for 40 boxes 😀 <b>']]);
  });

  test('a note whose answer is lost on the way is sent again, and is there once', async () => {
    const { page, signIn, expectLost } = await start(PHONE);
    await signIn('wang');
    await page.goto(`${world().url}/visit/P03`);
    await page.waitForSelector('.visit form');
    const keys: string[] = [];
    page.on('request', (request) => request.method() === 'POST' && request.url().endsWith('/activities') && keys.push(request.headers()['idempotency-key'] ?? ''));
    await page.route('**/api/v1/activities', async (route) => {
      // The server has it, and the browser never hears of that.
      await route.fetch();
      await route.abort('connectionreset');
    });
    expectLost();
    await page.fill('textarea', 'Asked for 40 boxes');
    await page.tap('.form-foot [type=submit]');
    // Kept before it is sent, and told so once the answer is lost.
    await page.waitForSelector('.toast:has-text("kept here")');
    await page.unroute('**/api/v1/activities');
    // As the browser tells that the network is back; it may have gone by itself before.
    await page.evaluate(() => dispatchEvent(new Event('online')));
    await page.waitForSelector('.waiting', { state: 'detached' });
    assert.ok(keys.length > 1 && keys[0] !== '' && keys.every((key) => key === keys[0]), 'it is the same note each time');
    assert.deepEqual((await listOf('/activities')).map((one) => one.note), ['Asked for 40 boxes']);
  });

  test('it can be installed', async () => {
    const { page, signIn } = await start({ ...PHONE, worker: true });
    await signIn('wang');
    await page.evaluate(async () => void await navigator.serviceWorker.ready);
    const browser = await page.context().newCDPSession(page);
    const { errors } = await browser.send('Page.getAppManifest');
    assert.deepEqual(errors, []);
    const { installabilityErrors } = await browser.send('Page.getInstallabilityErrors');
    assert.deepEqual(installabilityErrors.map((one) => one.errorId).filter((id) => id !== 'in-incognito'), []);
  });

  for (const [lang, said] of [['en', 'There is no partner'], ['zh', '没有伙伴']] as const) {
    test(`a note that the server refuses stays in its form, with the reason at the field, ${lang}`, async () => {
      const { page, signIn, expectStatus, check } = await start({ ...PHONE, lang });
      await signIn('wang');
      await page.goto(`${world().url}/visit/NOBODY`);
      await page.fill('textarea', 'Asked for 40 boxes');
      expectStatus(404);
      expectStatus(422);
      await page.tap('.form-foot [type=submit]');
      await page.waitForSelector(`.lookup .field-error:has-text("${said}")`);
      assert.equal(await page.inputValue('textarea'), 'Asked for 40 boxes');
      assert.equal(await page.locator('.waiting').count(), 0);
      await check('visit-refused');
      await page.fill('[name=partner]', 'lake');
      await page.tap('.lookup-choice:has-text("Lakeside")');
      await page.tap('.form-foot [type=submit]');
      await page.waitForSelector('.toast-undo');
      assert.deepEqual((await listOf('/activities')).map((one) => [one.partner, one.note]), [['P03', 'Asked for 40 boxes']]);
    });
  }
});
