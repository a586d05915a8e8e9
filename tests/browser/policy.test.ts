// The credit policy: read as sentences, changed, tried on what was decided, proposed, and seen among the proposals.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LOOKS, suite } from './suite';

interface PolicySeen {
  version: number;
}
interface Approvals {
  items: { what: string; status: string; input: { rules: { kind: string; threshold: unknown }[] } }[];
}

suite('policy', ({ start, world }) => {
  for (const look of LOOKS) {
    test(`the page, ${look.lang}, ${look.scheme}, ${look.width} px`, async () => {
      const { page, signIn, check } = await start(look);
      await signIn('zhao');
      await page.goto(`${world().url}/policy`);
      await page.waitForSelector('.rule-row');
      await check('policy');
      await page.fill('.rule-row .rule-threshold input >> nth=0', '50');
      await page.click('.trial .button');
      await page.waitForSelector('.trial-sums');
      await page.locator('.trial').scrollIntoViewIfNeeded();
      await check('policy-trial');
    });
  }

  for (const lang of ['en', 'zh'] as const) {
    test(`a rule fills one row of a desk, ${lang}`, async () => {
      const { page, signIn } = await start({ lang, width: 1280 });
      await signIn('zhao');
      await page.goto(`${world().url}/policy`);
      await page.waitForSelector('.rule-row');
      const tall = await page.locator('.rule-row').evaluateAll((all) => all.filter((one) => one.getBoundingClientRect().height > 60).map((one) => one.getAttribute('aria-label')));
      assert.deepEqual(tall, []);
    });
  }

  test('what differs is told by sentence: words that changed, what is new and what went', async () => {
    const { page, signIn, check } = await start();
    await signIn('zhao');
    await page.goto(`${world().url}/policy`);
    const broken = page.locator('.rule-row:has-text("promises were broken")');
    await broken.first().locator('.rule-threshold input').fill('1');
    await broken.last().locator('select >> nth=0').selectOption('refuse');
    await page.locator('.rule-row:has-text("is used")').locator('.rule-remove').click();
    await page.fill('.policy-figures .field:has-text("conflict of interest") input', '44');
    await page.fill('.step-row .field input >> nth=0', '6000');
    await page.selectOption('.policy-part select[aria-label], .policy-part > .row select', 'order_amount');
    await page.click('.policy-part > .row .button >> nth=0');
    await page.fill('.rule-row:last-child .rule-threshold input', '5,000');
    await page.waitForSelector('.diff-come:has-text("the order is larger than 5,000")');
    const told = (await page.locator('.diff li').allTextContents()).map((text) => text.replace(/^\w+: /, ''));
    assert.ok(told.includes('Warn the order when more than 0 → 1 promises were broken in a year'), told.join('\n'));
    assert.ok(told.includes('Hold → Refuse the order when more than 2 promises were broken in a year'), told.join('\n'));
    assert.ok(told.some((text) => /^A conflict of interest lasts \d+ → 44 days\.$/.test(text)), told.join('\n'));
    assert.ok(told.some((text) => /^Up to [\d,.]+ → 6000: consent of/.test(text) || /^Up to [\d,.]+ → 6,000(\.00)?: consent of/.test(text)), told.join('\n'));
    assert.equal(await page.locator('.diff-gone').count(), 1);
    assert.equal(await page.locator('.diff-come').count(), 1);
    await check('policy-diff');
  });

  test('a milder rule is tried, proposed and waits for a second person', async () => {
    const { page, signIn, check } = await start();
    await signIn('zhao');
    await page.goto(`${world().url}/policy`);
    await page.waitForSelector('.diff, .policy-part .faint:has-text("Nothing differs")');
    const overdue = page.locator('.rule-row:has-text("the oldest invoice")');
    await overdue.locator('.rule-threshold input').fill('90');
    await page.waitForSelector('.diff li:only-child:has-text("the oldest invoice is more than 30 → 90 days overdue")');
    await page.click('.trial .button');
    await page.waitForSelector('.trial-passed dd:text-is("1")');
    await page.waitForSelector('.trial tr:has-text("SO-202"):has-text("CNY 2,500.00")');
    await check('policy-milder');
    await page.click('.policy-form .form-foot [type=submit]');
    await page.waitForSelector('.notice-good:has-text("proposed")');
    assert.equal((await world().get('/policy') as PolicySeen).version, 1, 'what was in force still is');
    const [asked] = (await world().get('/approvals?what=policy_set') as Approvals).items;
    assert.equal(asked?.status, 'pending');
    assert.equal(asked?.input.rules.find((rule) => rule.kind === 'overdue_days')?.threshold, 90);
    await page.waitForSelector('.proposal .diff-turned:has-text("more than 30 → 90 days overdue")');
    await check('policy-proposed');
  });

  for (const look of [{ lang: 'en', width: 1280 }, { lang: 'zh', scheme: 'dark', width: 360 }] as const) {
    test(`a policy that came into force meanwhile is shown beside the draft, ${look.lang}`, async () => {
      const { page, signIn, check, expectStatus } = await start(look);
      await signIn('zhao');
      await page.goto(`${world().url}/policy`);
      await page.fill('.rule-row .rule-threshold input >> nth=0', '50');
      const policy = await world().get('/policy') as { conflict_days: number; rules: { kind: string; threshold: unknown }[] };
      const theirs = { ...policy, version: undefined, conflict_days: 44 };
      const { approval } = await world().send('zhao', 'PUT', '/policy', theirs) as { approval: string };
      await world().send('admin', 'POST', '/users', { name: 'chu', role: 'credit' });
      const { token } = await world().send('admin', 'POST', '/tokens', { user: 'chu' }) as { token: string };
      const consent = `/approvals/${approval}/approve`;
      await world().send('admin', 'POST', consent, { reason: 'as agreed' });
      await fetch(`${world().url}/api/v1${consent}`, {
        method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body: JSON.stringify({ reason: 'as agreed' }),
      });
      assert.equal((await world().get('/policy') as PolicySeen).version, 2);
      expectStatus(412);
      await page.click('.policy-form .form-foot [type=submit]');

      await page.waitForSelector('.conflict fieldset:nth-of-type(2)');
      await check('policy-conflict');
      const fields = await page.locator('.conflict fieldset').allTextContents();
      assert.match(fields[0] ?? '', /50/);
      assert.match(fields[1] ?? '', /44/);
      await page.click('.policy-form .form-foot [type=submit]');
      await page.waitForSelector('.notice-good');
      const { items: [asked] } = await world().get('/approvals?what=policy_set&status=pending') as { items: { input: typeof policy }[] };
      assert.equal(asked?.input.conflict_days, 44, 'what was left alone is theirs');
      assert.ok(asked?.input.rules.some((rule) => String(rule.threshold) === '50'), 'what was changed is mine');
    });
  }

  test('what cannot be is refused at its figure, by the trial and by the proposal', async () => {
    const { page, expectStatus, signIn, check } = await start();
    await signIn('zhao');
    expectStatus(422);
    await page.goto(`${world().url}/policy`);
    const overdue = page.locator('.rule-row:has-text("the oldest invoice")');
    await overdue.locator('.rule-threshold input').fill('-5');
    await page.click('.trial .button');
    await overdue.locator('.field-error').waitFor();
    await page.click('.policy-form .form-foot [type=submit]');
    await page.waitForSelector('.policy-form > [role=alert]');
    await overdue.locator('.field-error').waitFor();
    assert.equal(await overdue.locator('.rule-threshold input').inputValue(), '-5');
    await check('policy-refused');
    await overdue.locator('.rule-threshold input').fill('5');
    for (const days of ['0', 'a week', '']) {
      await page.fill('.trial-days input', days);
      await page.click('.trial .button');
      await page.waitForSelector('.trial [role=alert]');
    }
    await page.fill('.trial-days input', '7');
    await page.click('.trial .button');
    await page.waitForSelector('.trial-sums');
    assert.equal(await page.locator('.trial [role=alert]').count(), 0);
    await page.waitForSelector('.trial-outcome:has-text("since 2 Jun 2025")');
  });

  test('rules and steps are added and removed', async () => {
    const { page, signIn } = await start();
    await signIn('zhao');
    await page.goto(`${world().url}/policy`);
    await page.waitForSelector('.rule-row');
    const before = await page.locator('.rule-row').count();
    await page.selectOption('.policy-part select >> nth=-1', 'order_amount');
    await page.click('button:has-text("Add the rule")');
    await page.fill('.rule-row >> nth=-1 >> .rule-threshold input', '5000');
    await page.waitForSelector('.diff-come:has-text("the order is larger than 5,000")');
    assert.equal(await page.locator('.rule-row').count(), before + 1);
    await page.click('.rule-row >> nth=-1 >> .rule-remove');
    await page.waitForSelector('.policy-part .faint:has-text("Nothing differs")');
    await page.click('button:has-text("Add a step")');
    await page.fill('.step-row >> nth=0 >> input[type=text]', '10000');
    await page.waitForSelector('.diff-come:has-text("Up to 10,000: consent of Credit control")');
  });

  test('who may not change it reads it', async () => {
    const { page, signIn, check } = await start();
    await signIn('wang');
    await page.goto(`${world().url}/policy`);
    await page.waitForSelector('.policy-told li:has-text("the oldest invoice is more than 30 days overdue")');
    assert.equal(await page.locator('.rule-row').count(), 0);
    await check('policy-read');
  });
});
