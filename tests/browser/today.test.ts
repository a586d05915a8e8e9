// What needs a person today, done where it stands; the queue of held orders by the keyboard; the palette and the help.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LOOKS, suite } from './suite';

interface OrderSeen {
  status: string;
}

suite('today', ({ start, world }) => {
  const statusOf = async (order: string) => (await world().get(`/orders/${order}`) as OrderSeen).status;

  for (const look of LOOKS) {
    test(`what waits, ${look.lang}, ${look.scheme}, ${look.width} px`, async () => {
      const { page, signIn, check } = await start(look);
      await signIn('zhao');
      await page.waitForSelector('.item-held_order');
      await check('today');
      await page.click('.item-held_order .button-primary');
      await page.waitForSelector('.item-form');
      await check('today-release');
      if (look.width === 1280) {
        await page.keyboard.press('Escape');
        await page.keyboard.press('?');
        await page.waitForSelector('.help');
        await check('help');
        await page.keyboard.press('Escape');
      }
      await page.click('.find');
      await page.waitForSelector('.palette-row');
      await check('palette');
    });
  }

  test('a request is approved and an order released without leaving the page', async () => {
    const { page, signIn } = await start();
    await world().send('wang', 'POST', '/orders/SO-202/release-request', { reason: 'Season stock', reason_code: 'season' });
    await signIn('zhao');
    await page.waitForSelector('.item:first-child.item-approval:has-text("SO-202")');
    await page.click('.item-approval >> text=Approve');
    await page.waitForSelector('.item-asked:has-text("Asked by wang: Season stock")');
    await page.click('.item-form .chip >> nth=0');
    await page.click('.item-form [type=submit]');
    await page.waitForSelector('.toast:has-text("Approved.")');
    assert.equal(await statusOf('SO-202'), 'approved');

    await page.click('.item-held_order:has-text("SO-301") .button-primary');
    await page.keyboard.type('New customer, small order');
    await page.click('.item-form [type=submit]');
    await page.waitForSelector('.toast:has-text("SO-301 is released")');
    assert.equal(await statusOf('SO-301'), 'approved');
  });

  test('the key on a button presses that button, and from a chosen line the next stop is what may be done with it', async () => {
    const { page, signIn } = await start();
    await signIn('lin');
    await page.waitForSelector('.item-overdue');
    await page.focus('.item-overdue >> text=Take a promise');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.item-form .number:focus');
    await page.click('.item-form >> text=Cancel');
    await page.waitForSelector('.item-form', { state: 'detached' });
    await page.keyboard.press('j');
    await page.waitForSelector('.item-chosen:focus');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.item-chosen .item-form');
    await page.click('.item-form >> text=Cancel');
    await page.focus('.nav-link:has-text("Accounts")');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/accounts');
  });

  test('held orders are gone through by the keyboard', async () => {
    const { page, signIn } = await start();
    await signIn('zhao');
    await page.keyboard.press('g');
    await page.keyboard.press('h');
    // The first is open beside the queue.
    await page.waitForSelector('.case h2:has-text("SO-102")');
    await page.waitForSelector('.acts');
    await page.keyboard.press('j');
    await page.waitForSelector('.case h2:has-text("SO-202")');
    await page.keyboard.press('k');
    await page.waitForSelector('.case h2:has-text("SO-102")');
    await page.waitForSelector('.who-may li:has-text("You"):has-text("May release")');
    await page.waitForSelector('.acts');
    await page.keyboard.press('r');
    await page.waitForSelector('.act-form textarea:focus');
    await page.keyboard.type('jk are only letters here');
    await page.keyboard.press('Control+Enter');
    await page.waitForSelector('.toast:has-text("SO-102 is released")');
    await page.waitForSelector('.case h2:has-text("SO-202")');
    await page.waitForSelector('.acts');
    await page.keyboard.press('x');
    await page.waitForSelector('.act-form textarea:focus');
    await page.keyboard.type('Too late again');
    await page.keyboard.press('Control+Enter');
    await page.waitForSelector('.toast:has-text("SO-202 is refused")');
    await page.waitForSelector('.case h2:has-text("SO-301")');
    assert.equal(await statusOf('SO-102'), 'approved');
    assert.equal(await statusOf('SO-202'), 'cancelled');
  });

  test('who may release it, and why the one at work may not', async () => {
    const { page, signIn, check } = await start();
    await signIn('wang');
    await page.goto(`${world().url}/held`);
    await page.click('.held-entry:has-text("SO-102")');
    await page.waitForSelector('.case-bar:has-text("someone else must approve")');
    await page.waitForSelector('.who-may li:has-text("zhao"):has-text("May release")');
    await page.waitForSelector('.who-may li:has-text("You"):has-text("placed or changed the order")');
    await check('held-barred');
  });

  test('the palette finds places, actions and records', async () => {
    const { page, signIn } = await start();
    await signIn('zhao');
    await page.waitForSelector('.items');
    await page.keyboard.press('Control+k');
    await page.waitForSelector('.palette-field input:focus');
    await page.keyboard.type('明远');
    await page.waitForSelector('.palette-row:has-text("杭州明远")');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/accounts/D02');
    for (const [typed, found] of [['hzmy', '杭州明远'], ['mingyuan', '杭州明远'], ['inv-201', 'INV-201'], ['lights whole', 'Northern Lights'], ['bank', 'bank 88']] as const) {
      await page.keyboard.press('Control+k');
      await page.waitForSelector('.palette-field input:focus');
      await page.keyboard.type(typed);
      await page.waitForSelector(`.palette-row:has-text("${found}")`);
      await page.keyboard.press('Escape');
      await page.waitForSelector('.palette-row', { state: 'detached' });
    }
    await page.keyboard.press('Control+k');
    await page.waitForSelector('.palette-field input:focus');
    await page.keyboard.type('SO-10');
    await page.waitForSelector('.palette-row:has-text("SO-102")');
    await page.keyboard.press('Escape');
    await page.waitForSelector('.palette-row', { state: 'detached' });
    await page.keyboard.press('Control+k');
    await page.waitForSelector('.palette-field input:focus');
    await page.keyboard.type('aging');
    await page.waitForSelector('.palette-row:has-text("Aging")');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.aging-sum');
    await page.keyboard.press('Control+K');
    await page.fill('.palette-field input', 'green');
    await page.waitForSelector('.palette-row:has-text("Green tea"):has-text("TEA")');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/lists\/product\?find=TEA$/);
    await page.waitForSelector('.list-row:has-text("Green tea")');
  });

  test('what holds an order stands in its line, and what no release gets past is told before a reason is typed', async () => {
    const { page, signIn, check } = await start();
    await world().send('wang', 'POST', '/orders', { account: 'D01', number: 'SO-109', lines: [{ product: 'TEA', quantity: '1000' }] });
    await signIn('zhao');
    await page.waitForSelector('.item-held_order:has-text("SO-202"):has-text("Overdue for 62 days")');
    await page.click('.item-held_order:has-text("SO-109") .button-primary');
    await page.waitForSelector('.item-open .notice:has-text("refuses a release"):has-text("The excess is")');
    await page.goto(`${world().url}/held`);
    await page.click('.held-entry:has-text("SO-109")');
    await page.waitForSelector('.case .notice:has-text("refuses a release"):has-text("The excess is")');
    assert.equal(await page.locator('.case .button-primary').count(), 0, 'nothing is urged that is refused');
    assert.equal(await page.locator('text=May release').count(), 0);
    await check('held-refused');
  });

  test('the queue of held orders can have the largest first', async () => {
    const { page, signIn } = await start();
    await signIn('zhao');
    await page.goto(`${world().url}/held`);
    await page.waitForSelector('li:first-child .held-entry:has-text("SO-102")');
    await page.selectOption('.page-aside select', 'amount');
    await world().send('wang', 'POST', '/orders', { account: 'D01', number: 'SO-110', lines: [{ product: 'TEA', quantity: '900' }] });
    await page.waitForSelector('li:first-child .held-entry:has-text("SO-110")');
    await page.reload();
    await page.waitForSelector('li:first-child .held-entry:has-text("SO-110")');
  });
});
