// Two people on one record: who comes second sees both values and says which stays.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { suite } from './suite';

suite('two people on one record', ({ start, world }) => {
  for (const look of [{ lang: 'en', width: 1280 }, { lang: 'zh', scheme: 'dark', width: 360 }] as const) {
    test(`mine is kept in one field and theirs taken in another, ${look.lang}`, async () => {
      const { page, signIn, check, expectStatus } = await start(look);
      await world().send('admin', 'POST', '/territories', { code: 'EAST', name: 'East', owner: 'chen' });
      await signIn('admin');
      await page.goto(`${world().url}/settings/territories`);
      await page.click('tr:has-text("EAST") button');
      await page.click('[role=menuitem] >> nth=0');
      await page.waitForSelector('dialog input:focus');
      await page.fill('dialog input >> nth=0', 'EAST-1');
      await page.fill('dialog input >> nth=1', 'Mine');
      await world().send('admin', 'PATCH', '/territories/EAST', { code: 'EAST-2', name: 'Theirs', owner: 'wang' });
      expectStatus(412);
      await page.click('dialog [type=submit]');
      await page.waitForSelector('.conflict fieldset:nth-of-type(3)');
      await check('conflict');
      const fields = await page.locator('.conflict fieldset').allTextContents();
      for (const [i, both] of [['EAST-1', 'EAST-2'], ['Mine', 'Theirs'], ['chen', 'wang']].entries()) {
        for (const text of both) assert.ok(fields[i]?.includes(text), `${fields[i]} shows ${text}`);
      }
      await page.click('.conflict fieldset >> nth=1 >> label >> nth=1');
      assert.equal(await page.inputValue('dialog .form-row input >> nth=1'), 'Theirs');
      await page.click('dialog [type=submit]');
      await page.waitForSelector('dialog', { state: 'detached' });
      const { items } = await world().get('/territories') as { items: { code: string; name: string; owner: string }[] };
      assert.deepEqual(items.map(({ code, name, owner }) => [code, name, owner]), [['EAST-1', 'Theirs', 'wang']], 'what was left alone is theirs');
    });
  }

  test('a user whom two change', async () => {
    const { page, signIn, expectStatus } = await start();
    await signIn('admin');
    await page.goto(`${world().url}/settings/users`);
    await page.click('button[aria-label="What can be done with gast"]');
    await page.click('[role=menuitem] >> nth=0');
    await page.selectOption('dialog select', 'sales');
    await world().send('admin', 'PATCH', '/users/gast', { role: 'finance' });
    expectStatus(412);
    await page.click('dialog [type=submit]');
    await page.waitForSelector('.conflict fieldset:has-text("Finance")');
    await page.click('dialog [type=submit]');
    await page.waitForSelector('dialog', { state: 'detached' });
    const { role } = await world().get('/users/gast') as { role: string };
    assert.equal(role, 'sales');
  });
});
