// What others do shows on a page that is open, without anybody asking for it.
import { test } from 'node:test';
import { suite } from './suite';

suite('live', ({ start, world }) => {
  test('an order that somebody else places, and a payment that somebody else takes, come by themselves', async () => {
    const { page, signIn, check } = await start();
    await signIn('zhao');
    await page.goto(`${world().url}/held`);
    await page.waitForSelector('main :text("SO-301")');
    await world().send('wang', 'POST', '/orders', { account: 'D03', number: 'SO-302', lines: [{ product: 'TEA', quantity: '20' }] });
    await page.waitForSelector('main :text("SO-302")', { timeout: 10_000 });
    await page.goto(`${world().url}/accounts/D01`);
    await page.waitForSelector('.position :text("26,000.00")');
    await world().send('fang', 'POST', '/payments', { account: 'D01', amount: '6000.00', received_on: '2025-06-09', reference: 'bank 99' });
    await page.waitForSelector('.position :text("20,000.00")', { timeout: 10_000 });
    await page.waitForSelector('main :text("6,000.00")', { timeout: 10_000 });
    await check('account-live');
  });
});
