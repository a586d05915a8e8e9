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

  test('who may only read is not told that anything needs them', async () => {
    const { page, signIn } = await start();
    await signIn('gast');
    await page.waitForSelector('.item-held_order');
    assert.match(await page.innerText('main'), /things wait for others/);
    assert.equal(await page.locator('.item button.button').count(), 0);
  });

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

  for (const look of [LOOKS[0]!, LOOKS[2]!]) {
    test(`alerts stand above what is a day late, and calls, promises and notes are made in place, ${look.lang}`, async () => {
      const { page, signIn, check } = await start(look);
      const isDesk = look.lang === 'en';
      const [broken, late, call, promise, act] = isDesk
        ? ['A promise was broken', 'Overdue for long', 'Log a call', 'Take a promise', 'Note what was done'] as const
        : ['承诺失信', '长期逾期', '记录通话', '登记承诺', '记录处理'] as const;
      await world().restart('2025-06-26');
      await world().send('admin', 'POST', '/day-close', { on: '2025-06-25' });
      await signIn('lin');
      const alert = (about: string) => page.locator('.item-alert').filter({ hasText: about });
      const told = async (text: string) => {
        await page.waitForSelector(`.toast:has-text("${text}")`);
        await page.click('.toast .icon-button');
        await page.waitForSelector('.toast', { state: 'detached' });
      };
      await page.waitForSelector('.item:first-child.item-alert .item-critical');
      await check('today-alerts');
      await alert(broken).getByRole('button', { name: promise }).click();
      assert.equal((await page.inputValue('.item-form .number')).replaceAll(',', ''), '10000.00', 'what was not paid is proposed');
      await page.fill('.item-form [type=date]', '2025-07-10');
      await page.click('.item-form [type=submit]');
      await told('10,000');
      await alert(broken).waitFor({ state: 'detached' });
      const { items } = await world().get('/promises?account=D02&sort=-id') as { items: { status: string; amount: string }[] };
      assert.deepEqual(items.map((one) => [one.status, one.amount]), [['open', '10000.00'], ['broken', '10000.00']]);
      await alert(late).getByRole('button', { name: isDesk ? call : act }).click();
      await page.click('.item-form .chip >> nth=0');
      await page.click('.item-form [type=submit]');
      await told(isDesk ? 'The call is logged' : '已记录');
      await alert(late).waitFor({ state: 'detached' });
      const { items: logged } = await world().get('/activities') as { items: { kind: string; partner: string }[] };
      assert.deepEqual(logged.map((one) => [one.kind, one.partner]), isDesk ? [['collection', 'P02']] : []);
      const { items: acted } = await world().get('/alerts?account=D02') as { items: { first_action_on: string | null }[] };
      assert.deepEqual(acted.map((one) => one.first_action_on), ['2025-06-26', '2025-06-26']);
    });
  }

  test('a promise that is due is called about, and another one takes its place, where it stands', async () => {
    const { page, signIn, check } = await start();
    await world().restart('2025-06-20');
    await signIn('lin');
    const due = page.locator('.item-promise_due');
    await due.waitFor();
    await check('today-promise-due');
    await due.getByRole('button', { name: 'Log a call' }).click();
    await page.click('.item-form .chip >> nth=0');
    await page.click('.item-form [type=submit]');
    await page.waitForSelector('.toast:has-text("The call is logged")');
    const { items: logged } = await world().get('/activities') as { items: { kind: string; partner: string }[] };
    assert.deepEqual(logged.map((one) => [one.kind, one.partner]), [['collection', 'P02']]);
    await due.getByRole('button', { name: 'Take a promise' }).click();
    assert.equal((await page.inputValue('.item-form .number')).replaceAll(',', ''), '10000.00');
    await page.waitForSelector('.item-form .field-hint:has-text("A later date")');
    await page.fill('.item-form [type=date]', '2025-06-27');
    await page.click('.item-form [type=submit]');
    await page.waitForSelector('.toast:has-text("10,000")');
    await due.waitFor({ state: 'detached' });
    const { items } = await world().get('/promises?account=D02&sort=-id') as { items: { status: string; due_on: string }[] };
    assert.deepEqual(items.map((one) => [one.status, one.due_on]), [['open', '2025-06-27'], ['broken', '2025-06-20']], 'a later day is a promise that was not kept');
  });

  for (const look of [LOOKS[0]!, LOOKS[2]!]) {
    test(`what was agreed at a visit stands in today's list on its day, and is done there, ${look.lang}`, async () => {
      const { page, signIn, check } = await start(look);
      await signIn('wang');
      await page.goto(`${world().url}/visit/P03`);
      await page.fill('[type=date] >> nth=0', '2025-06-09');
      await page.fill('textarea', 'They have room for a second shelf');
      await page.fill('.field:has-text("Next step") input[type=text], .field:has-text("下一步") input[type=text]', 'Bring the samples');
      await page.fill('[type=date] >> nth=1', '2025-06-09');
      await page.click('form [type=submit]');
      await page.waitForSelector('.toast-undo');
      await page.goto(`${world().url}/today?kind=step_due`);
      const step = page.locator('.item-step_due').filter({ hasText: 'Bring the samples' });
      await step.waitFor();
      await check('today-step');
      const activities = async () => (await world().get('/activities?sort=id') as { items: { id: string; follows: string | null; note: string; next_on: string | null }[] }).items;
      const done = async () => {
        await step.locator('.button-primary').click();
        await page.click('.item-form .chip >> nth=0');
      };
      await done();
      await check('today-step-form');
      await page.click('.item-form [type=submit]');
      await page.waitForSelector('.item-step_due', { state: 'detached' });
      const [first, second] = await activities();
      assert.equal(second?.follows, first?.id);
      // Taken back it is to be done again, and what follows may agree on the next.
      await page.click('.toast-undo');
      await step.waitFor();
      await done();
      await page.fill('.item-form [type=date]', '2025-06-30');
      await page.click('.item-form [type=submit]');
      await page.waitForSelector('.item-step_due', { state: 'detached' });
      const third = (await activities())[2];
      assert.deepEqual([third?.follows, third?.next_on], [first?.id, '2025-06-30']);
    });
  }

  test('a release is asked for by the key, a visit and a promise are written down by keys alone', async () => {
    const { page, signIn } = await start();
    await signIn('wang');
    await page.keyboard.press('g');
    await page.keyboard.press('h');
    await page.waitForSelector('.case h2:has-text("SO-102")');
    await page.waitForSelector('.acts');
    await page.keyboard.press('a');
    await page.waitForSelector('.act-form textarea:focus, .act-form select:focus');
    await page.focus('.act-form textarea');
    await page.keyboard.type('The season begins');
    await page.keyboard.press('Control+Enter');
    await page.waitForSelector('.toast:has-text("was sent")');
    assert.equal((await world().get('/approvals?status=pending') as { items: object[] }).items.length, 1);
    // The focus may stand in the page that is left.
    await page.keyboard.press('g');
    await page.keyboard.press('v');
    await page.waitForSelector('[name=partner]:focus');
    await page.keyboard.type('lake');
    await page.waitForSelector('.lookup-choice:has-text("Lakeside")');
    await page.keyboard.press('Enter');
    await page.focus('textarea');
    await page.keyboard.type('Stock is low');
    await page.waitForFunction(() => document.querySelector<HTMLInputElement>('[name=partner]')?.value === 'Lakeside Stores');
    await page.keyboard.press('Control+Enter');
    await page.waitForSelector('.toast:has-text("Lakeside")');
    const { items: [visit] } = await world().get('/activities') as { items: { partner: string; note: string }[] };
    assert.deepEqual([visit?.partner, visit?.note], ['P03', 'Stock is low']);
    await page.focus('h1');
    await page.keyboard.press('Control+k');
    await page.waitForSelector('.palette-field input:focus');
    await page.keyboard.type('promises');
    await page.waitForSelector('.palette-row:has-text("Promises")');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/receivables/promises');
    await page.focus('button:has-text("Take a promise")');
    await page.keyboard.press('Enter');
    await page.waitForSelector('dialog .lookup input:focus');
    await page.keyboard.type('D01');
    await page.waitForSelector('.lookup-choice');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.lookup-choice', { state: 'detached' });
    await page.focus('dialog .with-unit input');
    await page.keyboard.type('500');
    await page.fill('dialog [type=date]', '2025-06-20');
    await page.keyboard.press('Control+Enter');
    await page.waitForSelector('.toast:has-text("500.00")');
  });

  test('rows stand closer together for who wants that, and stay so', async () => {
    const { page, signIn, check } = await start();
    await signIn('zhao');
    await page.goto(`${world().url}/accounts`);
    await page.waitForSelector('.list-row .list-value');
    const high = () => page.$eval('.list-row', (row) => row.clientHeight);
    const before = await high();
    await page.click('.rail-foot .tool[aria-pressed]');
    await page.waitForSelector('.rail-foot .tool[aria-pressed=true]');
    await page.waitForFunction((was) => (document.querySelector('.list-row')?.clientHeight ?? was) < was, before);
    await page.reload();
    await page.waitForSelector('.list-row .list-value');
    assert.ok(await high() < before);
    await check('dense');
  });

  test('a case tells which exceptions and promises there were before, and every rule with its value and threshold', async () => {
    const { page, signIn } = await start();
    await world().send('zhao', 'POST', '/orders/SO-202/release', { reason: 'as agreed' });
    await world().send('wang', 'POST', '/orders', { account: 'D02', number: 'SO-203', lines: [{ product: 'TEA', quantity: '40' }] });
    await signIn('zhao');
    await page.goto(`${world().url}/held`);
    await page.click('.held-entry:has-text("SO-203")');
    await page.waitForSelector('.history li:has-text("SO-202"):has-text("zhao"):has-text("2,500.00")');
    await page.waitForSelector('.history li:has-text("10,000.00"):has-text("20 Jun 2025"):has-text("wang")');
    const { decision } = await world().get('/orders/SO-203') as { decision: { rules: object[] } };
    await page.click('.all-rules summary');
    await page.waitForSelector('.all-rules :text("30")');
    assert.equal(await page.locator('.all-rules tbody tr').count(), decision.rules.length);
  });
});
