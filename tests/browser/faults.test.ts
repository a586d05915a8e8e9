// What goes wrong around a page: each is said plainly, keeps what was typed, and leads back to work.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { suite } from './suite';

const SLOW_MS = 1_500;

suite('faults', ({ start, world }) => {
  test('the network goes and comes back, and the order that was typed is placed', async () => {
    const { page, signIn, expectLost } = await start();
    await signIn('wang');
    await page.goto(`${world().url}/order/D05`);
    await page.waitForSelector('.field-hint:text-is("D05")');
    await page.fill('.order-line-product input', 'TEA');
    await page.waitForSelector('.lookup-choice');
    await page.keyboard.press('Enter');
    await page.keyboard.type('4');
    await page.waitForSelector('.verdict-good');
    expectLost();
    await page.context().setOffline(true);
    await page.click('.form-foot [type=submit]');
    await page.waitForSelector('.away');
    await page.waitForSelector('form [role=alert]');
    assert.equal(await page.inputValue('.order-line-quantity input'), '4');
    await page.context().setOffline(false);
    await page.click('.form-foot [type=submit]');
    await page.waitForSelector('.placed-approved');
    await page.waitForSelector('.away', { state: 'detached' });
  });

  test('the server is restarted under a page that is open, and news come again', async () => {
    const { page, signIn, expectLost } = await start();
    await signIn('zhao');
    await page.goto(`${world().url}/held`);
    await page.waitForSelector('main :text("SO-301")');
    expectLost();
    await world().restart();
    await world().send('wang', 'POST', '/orders', { account: 'D03', number: 'SO-302', lines: [{ product: 'TEA', quantity: '20' }] });
    await page.waitForSelector('main :text("SO-302")', { timeout: 20_000 });
  });

  test('a slow server shows what will stand there, and the rest of the page answers', async () => {
    const { page, signIn } = await start();
    await signIn('wang');
    await page.route('**/api/v1/accounts?*', async (route) => {
      await new Promise((resolve) => setTimeout(resolve, SLOW_MS));
      await route.continue();
    });
    await page.goto(`${world().url}/accounts`);
    await page.waitForSelector('.skeleton');
    await page.keyboard.press('Control+K');
    await page.waitForSelector('dialog input:focus');
    await page.keyboard.press('Escape');
    assert.equal(await page.locator('.skeleton').count(), 1, 'nobody had to wait for the server');
    await page.waitForSelector('main :text("Harbour Trading")');
  });

  for (const look of [{ lang: 'en' }, { lang: 'zh', width: 360 }] as const) {
    test(`a role taken away while in use, ${look.lang}`, async () => {
      const { page, signIn, expectStatus, check } = await start(look);
      await signIn('wang');
      await page.goto(`${world().url}/order/D05`);
      await page.waitForSelector('.field-hint:text-is("D05")');
      await page.fill('.order-line-product input', 'TEA');
      await page.waitForSelector('.lookup-choice');
      await page.keyboard.press('Enter');
      await page.keyboard.type('4');
      await page.waitForSelector('.verdict-good');
      expectStatus(401);
      expectStatus(403);
      await world().send('admin', 'PATCH', '/users/wang', { role: 'viewer' });
      await page.click('.form-foot [type=submit]');
      await page.waitForSelector(look.lang === 'en' ? 'form [role=alert]:has-text("Your role may not do this")' : 'form [role=alert]:has-text("角色")');
      if (look.lang === 'en') await page.waitForSelector('.who-role:has-text("Viewer")');
      assert.ok(!(await page.textContent('form [role=alert]'))?.includes('ORDER_WRITE'), 'no words of the API');
      await check('role-taken');
      assert.equal(await page.inputValue('.order-line-quantity input'), '4');
    });

    test(`a record that is not there or may not be seen, ${look.lang}`, async () => {
      const { page, signIn, expectStatus, check } = await start(look);
      await signIn('wang');
      expectStatus(404);
      for (const path of ['/accounts/NOPE', '/partners/NOPE', '/held/NOPE', '/receivables/statement/NOPE', '/nowhere']) {
        await page.goto(`${world().url}${path}`);
        await page.waitForSelector('main h1');
        await check(`not-there${path.replaceAll('/', '-')}`);
        const text = await page.textContent('main');
        assert.ok(await page.locator('main a').count(), `${path} leads back`);
        assert.match(text ?? '', look.lang === 'en' ? /There is no|does not exist|not there/ : /没有|不存在/, path);
      }
    });
  }
});
