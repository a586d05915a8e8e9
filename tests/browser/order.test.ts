// Taking an order with the decision in sight, by the keyboard alone and by the thumb, and what follows when it is held.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { LOOKS, suite } from './suite';
import { PASSWORD } from './world';

interface OrdersSeen {
  items: { status: string; total: string; lines: { product: string; quantity: string }[] }[];
}

suite('order entry', ({ start, world }) => {
  const ordersOf = async (account: string) => (await world().get(`/orders?account=${account}&sort=-id`) as OrdersSeen).items;

  for (const look of LOOKS) {
    test(`the decision stands beside the lines, ${look.lang}, ${look.scheme}, ${look.width} px`, async () => {
      const { page, signIn, check } = await start(look);
      await signIn('wang');
      await page.goto(`${world().url}/order`);
      await page.waitForSelector('.judgement');
      await check('order-empty');
      await page.keyboard.type('harb');
      await page.waitForSelector('.lookup-choice');
      await check('order-lookup');
      await page.keyboard.press('Enter');
      await page.waitForSelector('.order-line-product input:focus');
      await page.keyboard.type('tea');
      await page.waitForSelector('.lookup-choice');
      await page.keyboard.press('Enter');
      await page.keyboard.type('480');
      await page.waitForSelector('.verdict-bad');
      await page.waitForSelector('.judgement .clears li:nth-child(2)');
      await check('order-held');
      await page.fill('.order-line-quantity input', '4');
      await page.waitForSelector('.verdict-good, .verdict-warn');
      await check('order-passes');
    });
  }

  test('an order of two lines is placed without a pointer', async () => {
    const { page, signIn } = await start();
    await signIn('wang');
    await page.keyboard.press('g');
    await page.keyboard.press('n');
    await page.waitForSelector('.order');
    await page.waitForFunction(() => document.activeElement?.getAttribute('role') === 'combobox');
    await page.keyboard.type('D05');
    await page.waitForSelector('.lookup-choice:has-text("Northern Lights")');
    await page.keyboard.press('Tab');
    await page.waitForSelector('.field-hint:text-is("D05")');
    await page.focus('.order-line-product input');
    for (const quantity of ['10', '12']) {
      await page.keyboard.type('TEA');
      await page.waitForSelector('.lookup-choice:has-text("Green tea")');
      await page.keyboard.press('Enter');
      await page.waitForFunction(() => document.activeElement?.closest('.order-line-quantity') !== null);
      await page.keyboard.type(quantity);
      await page.keyboard.press('Enter');
    }
    await page.waitForSelector('.verdict-good:has-text("1,375.00")');
    await page.keyboard.press('Control+Enter');
    await page.waitForSelector('.placed-approved:has-text("is approved")');
    const [made] = await ordersOf('D05');
    assert.deepEqual(made?.lines.map((line) => line.quantity), ['10', '12']);
    assert.equal(made?.total, '1375.00');
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Another order', 'the next step has the focus');
  });

  test('a held one leads to the request for its release, and what is typed outlives a reload and the session', async () => {
    const { page, signIn, expectStatus, check } = await start();
    await signIn('wang');
    await page.goto(`${world().url}/order/D01`);
    await page.waitForSelector('.field-hint:text-is("D01")');
    await page.fill('.order-line-product input', 'TEA');
    await page.waitForSelector('.lookup-choice');
    await page.keyboard.press('Enter');
    await page.keyboard.type('480');
    await page.waitForSelector('.verdict-bad');
    await page.reload();
    await page.waitForSelector('.form-kept');
    await page.waitForSelector('.verdict-bad');
    assert.equal(await page.inputValue('.order-line-quantity input'), '480');
    expectStatus(401);
    await page.context().clearCookies();
    await page.click('.form-foot [type=submit]');
    await page.waitForSelector('dialog [name=password]');
    await check('session-ended');
    await page.fill('dialog [name=password]', PASSWORD);
    await page.click('dialog [type=submit]');
    await page.waitForSelector('dialog', { state: 'detached' });
    assert.equal(await page.inputValue('.order-line-quantity input'), '480', 'the form is as it was');
    await page.click('.form-foot [type=submit]');
    await page.waitForSelector('.placed-held');
    await check('order-placed-held');
    assert.equal((await ordersOf('D01')).filter((order) => order.status === 'held').length, 2);
    await page.click('.placed .button-primary');
    await page.waitForSelector('.act-form:has-text("Ask for the release")');
  });

  for (const [lang, alone, none] of [['en', 'Order of 9 Jun 2025, CNY 1,000.00', 'No number'], ['zh', '2025年6月9日订单，CNY 1,000.00', '无单号']] as const) {
    test(`an order without a number of its own is called after its day and its amount, ${lang}`, async () => {
      const { page, signIn, check } = await start({ lang });
      const { id } = await world().send('wang', 'POST', '/orders', { account: 'D03', lines: [{ product: 'TEA', quantity: '16' }] }) as { id: string };
      await signIn('zhao');
      const shows = async (path: string, selector: string) => {
        await page.goto(world().url + path);
        await page.waitForSelector(selector);
        assert.ok(!(await page.locator('main :not(.case-id)').evaluateAll((all) => all.map((one) => (one.children.length ? '' : one.textContent)))).includes(id), path);
      };
      await shows('/accounts/D03', '.happening:has-text("CNY 1,000.00")');
      await shows('/accounts/D03/orders', `a:text-is("${alone}")`);
      await shows('/lists/order', `.list-row:has-text("${none}")`);
      await shows(`/held/${id}`, `.case h2:has-text("${alone}")`);
      await page.waitForSelector(`.held-entry:has-text("${none}")`);
      await page.waitForSelector(`.case-id:text-is("${id}")`);
      await check('held-unnumbered');
    });
  }

  test('what is wrong with a line stands at the line', async () => {
    const { page, signIn, expectStatus, check } = await start();
    await signIn('wang');
    expectStatus(404);
    expectStatus(422);
    await page.goto(`${world().url}/order/D05`);
    await page.waitForSelector('.field-hint:text-is("D05")');
    await page.fill('.order-line-product input', 'NOPE');
    await page.fill('.order-line-quantity input', '3');
    await page.waitForSelector('.order-line .field-error');
    await check('order-line-wrong');
    await page.fill('.order-line-product input', 'TEA');
    await page.waitForSelector('.lookup-choice');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.verdict-good');
    assert.equal(await page.locator('.order-line .field-error').count(), 0);
  });

  for (const [lang, said] of [['en', 'Choose one from the list'], ['zh', '请从列表中选择']] as const) {
    test(`what is missing is said to people, ${lang}`, async () => {
      const { page, signIn, expectStatus } = await start({ lang });
      await signIn('wang');
      expectStatus(422);
      await page.goto(`${world().url}/order`);
      await page.click('.form-foot [type=submit]');
      await page.waitForSelector(`.field-error:has-text("${said}")`);
      await page.waitForSelector(`.notice-bad:has-text("${said}")`);
    });
  }

  for (const look of [{ lang: 'en', width: 1280 }, { lang: 'zh', scheme: 'dark', width: 360 }] as const) {
    test(`an order that is too large is split: what passes now, and the rest after it, ${look.lang}`, async () => {
      const { page, signIn, check } = await start(look);
      const [split, back, rest] = look.lang === 'en' ? ['Split the order', 'Take it back in', 'Order the rest'] : ['拆分订单', '并回本单', '录入余下部分'];
      // D05 has 73,750 left of 80,000; 1,300 boxes come to 81,250.
      await signIn('wang');
      await page.goto(`${world().url}/order/D05`);
      await page.waitForSelector('.field-hint:text-is("D05")');
      await page.fill('.order-line-product input', 'TEA');
      await page.waitForSelector('.lookup-choice');
      await page.keyboard.press('Enter');
      await page.keyboard.type('1300');
      await page.waitForSelector('.verdict-bad');
      await page.waitForSelector('.clears li:has-text("73,750.00")');
      await page.click(`.clears button:has-text("${split}")`);
      await page.waitForSelector('.order-rest:has-text("120 × Green tea")');
      await page.waitForFunction(() => ['1,180', '1180'].includes(document.querySelector<HTMLInputElement>('.order-line-quantity input')?.value ?? ''));
      await page.waitForSelector('.verdict-good, .verdict-warn');
      await check('order-split');
      // Back in one, and in two again; both outlive a reload.
      await page.click(`.order-rest button:has-text("${back}")`);
      await page.waitForSelector('.verdict-bad');
      await page.click(`.clears button:has-text("${split}")`);
      await page.waitForSelector('.order-rest');
      await page.reload();
      await page.waitForSelector('.order-rest:has-text("120 ×")');
      await page.waitForSelector('.verdict-good, .verdict-warn');
      await page.click('.form-foot [type=submit]');
      await page.waitForSelector('.placed-approved');
      const [made] = await ordersOf('D05');
      assert.deepEqual([made?.status, made?.total], ['approved', '73750.00']);
      await page.click(`.placed button:has-text("${rest}")`);
      await page.waitForSelector('.field-hint:text-is("D05")');
      assert.equal(await page.inputValue('.order-line-quantity input'), '120');
      assert.equal(await page.locator('.order-rest').count(), 0);
      await page.waitForSelector('.verdict-bad:has-text("7,500.00")');
    });
  }

  /** Searches are answered when they are let. */
  const holdSearches = async (page: Page): Promise<() => Promise<void>> => {
    let go = () => undefined as void;
    const held = new Promise<void>((done) => (go = done));
    await page.route('**/api/v1/search?*', async (route) => {
      await held;
      await route.continue().catch(() => undefined);
    });
    return async () => {
      go();
      await page.unrouteAll({ behavior: 'ignoreErrors' });
    };
  };

  for (const key of ['Enter', 'Tab']) {
    test(`who types faster than the server finds gets what is found, by ${key}`, async () => {
      const { page, signIn } = await start();
      await signIn('wang');
      await page.goto(`${world().url}/order/D01`);
      await page.waitForSelector('.field-hint:text-is("D01")');
      const letSearches = await holdSearches(page);
      await page.focus('.order-line-product input');
      await page.keyboard.type('green');
      await page.keyboard.press(key);
      await page.keyboard.type('480');
      await letSearches();
      await page.waitForFunction(() => document.querySelector<HTMLInputElement>('.order-line-product input')?.value === 'Green tea, 500 g');
      assert.equal(await page.inputValue('.order-line-quantity input'), '480');
      assert.ok(await page.evaluate(() => document.activeElement?.closest('.order-line-quantity')), 'the focus stays where one is');
      await page.waitForSelector('.verdict-bad:has-text("30,000.00")');
    });
  }

  for (const key of ['Enter', 'Tab']) {
    test(`an order sent while its account is looked for waits for it, by ${key}`, async () => {
      const { page, signIn } = await start();
      await signIn('wang');
      await page.goto(`${world().url}/order/D01`);
      await page.waitForSelector('.field-hint:text-is("D01")');
      await page.focus('.order-line-product input');
      await page.keyboard.type('TEA');
      await page.waitForSelector('.lookup-choice:has-text("Green tea")');
      await page.keyboard.press('Enter');
      await page.keyboard.type('10');
      const account = page.locator('[role=combobox] >> nth=0');
      const before = [(await ordersOf('D01')).length, (await ordersOf('D05')).length];
      // A guess from a few letters stands there to be seen first.
      let letSearches = await holdSearches(page);
      await account.fill('northern');
      await account.press(key);
      await page.keyboard.press('Control+Enter');
      await page.waitForSelector('.form-foot [type=submit]:disabled');
      await letSearches();
      await page.waitForSelector('.field-hint:text-is("D05")');
      await page.waitForSelector('.form-foot [type=submit]:enabled');
      assert.ok(await account.evaluate((input) => input === document.activeElement), 'it is looked at where it stands');
      assert.deepEqual([(await ordersOf('D01')).length, (await ordersOf('D05')).length], before);
      // A code in full needs no second look.
      await page.goto(`${world().url}/order/D01`);
      await page.waitForSelector('.field-hint:text-is("D01")');
      letSearches = await holdSearches(page);
      await account.fill('d05');
      await account.press(key);
      await page.keyboard.press('Control+Enter');
      await letSearches();
      await page.waitForSelector('.placed-approved');
      assert.deepEqual([(await ordersOf('D01')).length, (await ordersOf('D05')).length], [before[0], (before[1] ?? 0) + 1]);
    });
  }

  test('what is typed again is not sent with what was sent before, and what nobody finds is refused at its field', async () => {
    const { page, signIn, expectStatus } = await start();
    await signIn('wang');
    await page.goto(`${world().url}/order/D01`);
    await page.waitForSelector('.field-hint:text-is("D01")');
    await page.focus('.order-line-product input');
    await page.keyboard.type('TEA');
    await page.waitForSelector('.lookup-choice:has-text("Green tea")');
    await page.keyboard.press('Enter');
    await page.keyboard.type('10');
    const account = page.locator('[role=combobox] >> nth=0');
    const before = (await ordersOf('D01')).length;
    const letSearches = await holdSearches(page);
    await account.fill('d05');
    await account.press('Enter');
    await page.keyboard.press('Control+Enter');
    await page.waitForSelector('.form-foot [type=submit]:disabled');
    await account.fill('nobody at all');
    await page.waitForSelector('.form-foot [type=submit]:enabled');
    await account.press('Enter');
    expectStatus(404);
    expectStatus(422);
    await page.click('.form-foot [type=submit]');
    await letSearches();
    await page.waitForSelector('.lookup .field-error');
    assert.equal(await account.inputValue(), 'nobody at all');
    assert.equal((await ordersOf('D01')).length, before);
  });
});
