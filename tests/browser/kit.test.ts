// The page of living examples, in a development build beside a running program.

import assert from 'node:assert/strict';
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { test } from 'node:test';
import { createInterface } from 'node:readline';
import type { World } from './world';
import { LOOKS, suite } from './suite';

async function devServe(world: World): Promise<{ server: ChildProcess; url: string }> {
  const bundle = ['tools/dev.ts', '--bundle', '--platform=node', '--target=node18', '--packages=external', '--format=esm', '--outfile=node_modules/.cache/dev.mjs'];
  execFileSync('node_modules/.bin/esbuild', [...bundle, '--log-level=warning'], { cwd: 'web' });
  const server = spawn('node', ['node_modules/.cache/dev.mjs', '0', world.url], { cwd: 'web', stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface({ input: server.stdout })) {
    const ready = /listening on (http:\S+)/.exec(line);
    if (ready?.[1]) return { server, url: ready[1] };
  }
  throw new Error('the development server ended before it listened');
}

suite('kit', ({ start, world }) => {
  for (const look of LOOKS) {
    test(`living examples, ${look.lang}, ${look.scheme}, ${look.width} px`, async () => {
      const { server, url } = await devServe(world());
      try {
        const { page, signIn, check } = await start(look);
        await signIn('zhao', url);
        await page.goto(`${url}/kit`);
        await page.waitForSelector('.kit');
        // What breathes for ever would never be still.
        await page.evaluate(() => document.querySelector('.kit .skeleton')?.remove());
        await check('kit');
        await page.click('.kit [role=tab] >> nth=1');
        await page.waitForSelector('.virtual-row');
        assert.ok(await page.locator('.virtual-row').count() < 100, 'only the rows in sight are drawn');
        await page.evaluate(() => document.querySelector('.virtual')?.scrollTo(0, 1_000_000_000));
        await page.waitForSelector('.virtual-row[aria-posinset="100000"]');
        await page.click('.kit .menu button');
        await check('kit-long');
        await page.keyboard.press('Enter');
        await page.waitForSelector('.toast');
      } finally {
        server.kill();
      }
    });
  }
});
