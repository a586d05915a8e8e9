// What goes wrong around a page: each is said plainly, keeps what was typed, and leads back to work.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { suite } from './suite';
import { PASSWORD } from './world';

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
    const { page, signIn, expectLost, expectStatus } = await start();
    await signIn('zhao');
    await page.goto(`${world().url}/held`);
    await page.waitForSelector('main :text("SO-301")');
    expectLost();
    expectStatus(503); // one that stops says so
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

  test('a page is shown to whoever was here last while the server is asked, and nothing is sent in that name before it answers', async () => {
    const { page, signIn } = await start();
    await signIn('wang');
    const note = { partner: 'P01', kind: 'planning', on: '2025-06-09', note: 'Kept from the road' };
    await page.evaluate((kept) => localStorage.setItem('guanxi.own.wang.outbox', JSON.stringify([kept])),
      { key: 'kept-from-the-road', note, partner_name: 'Harbour Trading', written_at: '2025-06-10T08:00:00Z' });
    let answer = () => undefined as void;
    const asked = new Promise<void>((done) => (answer = done));
    await page.route('**/api/v1/sessions/current', async (route) => {
      await asked;
      await route.continue();
    });
    const sent: string[] = [];
    page.on('request', (request) => request.method() !== 'GET' && sent.push(request.url()));
    await page.goto(`${world().url}/accounts`);
    await page.waitForSelector('main :text("Harbour Trading")');
    assert.deepEqual(sent, []);
    const coming = page.waitForRequest((request) => request.method() === 'POST' && request.url().endsWith('/activities'));
    answer();
    await coming;
  });

  test('a session that ended while nobody looked leads to the sign-in, and back to the page', async () => {
    const { page, signIn, expectStatus } = await start();
    await signIn('wang');
    await page.goto(`${world().url}/accounts`);
    await page.waitForSelector('main :text("Harbour Trading")');
    expectStatus(401);
    await page.context().clearCookies();
    await page.reload();
    await page.waitForSelector('[name=username]');
    assert.equal(await page.locator('.rail').count(), 0);
    assert.equal(await page.locator('dialog').count(), 0);
    await page.fill('[name=username]', 'wang');
    await page.fill('[name=password]', PASSWORD);
    await page.press('[name=password]', 'Enter');
    await page.waitForSelector('main :text("Harbour Trading")');
  });

  test('somebody else has signed in since: the page is theirs', async () => {
    const { page, signIn, signOut } = await start();
    await signIn('wang');
    const last = await page.evaluate(() => localStorage.getItem('guanxi.session'));
    await signOut();
    await signIn('zhao');
    await page.evaluate((kept) => localStorage.setItem('guanxi.session', kept ?? ''), last);
    await page.goto(`${world().url}/accounts`);
    await page.waitForSelector('.who-name:text-is("zhao")');
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
      // There, and of a territory that is not wang's.
      await world().send('admin', 'POST', '/territories', { code: 'WEST', name: 'West' });
      await world().send('admin', 'POST', '/territories', { code: 'EAST', name: 'East' });
      await world().send('admin', 'PATCH', '/partners/P01', { territory: 'WEST' });
      await world().send('admin', 'PATCH', '/users/wang', { territories: ['EAST'] });
      const told = async (code: string, path: string) => {
        await page.goto(`${world().url}${path}`);
        await page.waitForSelector('main h1');
        await page.waitForFunction(() => !document.querySelector('.skeleton'));
        const text = await page.innerText('main');
        assert.ok(await page.locator('main a').count(), `${path} leads back`);
        assert.ok(!text.includes('Harbour'), `${path} tells nothing of it`);
        return text.replaceAll(code, '…');
      };
      for (const [absent, unseen] of [['/accounts/NOPE', '/accounts/D01'], ['/partners/NOPE', '/partners/P01'], ['/orders/NOPE', '/orders/SO-101'],
        ['/held/NOPE', '/held/SO-102'], ['/receivables/statement/NOPE', '/receivables/statement/D01'], ['/receivables/payments/NOPE', null], ['/nowhere', null]] as const) {
        const text = await told('NOPE', absent);
        assert.match(text, look.lang === 'en' ? /There is no|does not exist|not there/ : /没有|不存在/, absent);
        await check(`not-there${absent.replaceAll('/', '-')}`);
        if (unseen) assert.equal(await told(unseen.split('/').at(-1) ?? '', unseen), text, `${unseen} says no more than ${absent}`);
      }
    });
  }
});
