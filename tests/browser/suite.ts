// A group of journeys: one browser and one firm for all, and for each journey a copy of the firm with a server of its own.

import { after, afterEach, before, beforeEach, describe } from 'node:test';
import type { Browser } from 'playwright-core';
import { browserOpen, visitStart, type Look, type Visit } from './visit';
import { firmMake, firmRemove, worldOpen, type Firm, type World } from './world';

/** What every page is looked at in: both languages on a desk and on a phone, light and dark. */
export const LOOKS: readonly Look[] = [
  { lang: 'en', scheme: 'light', width: 1280 },
  { lang: 'zh', scheme: 'dark', width: 1280 },
  { lang: 'zh', scheme: 'light', width: 360 },
  { lang: 'en', scheme: 'dark', width: 360 },
];

export const MONTH_LATER = '2025-07-04';

export interface Suite {
  start: (look?: Look) => Promise<Visit>;
  world: () => World;
}

export function suite(name: string, tests: (suite: Suite) => void): void {
  describe(name, { timeout: 600_000 }, () => {
    let browser: Browser;
    let firm: Firm;
    let world: World;
    let visit: Visit | null;

    before(async () => {
      firm = firmMake();
      browser = await browserOpen();
    });
    after(async () => {
      await browser.close();
      firmRemove(firm);
    });
    beforeEach(async () => {
      world = await worldOpen(firm);
      visit = null;
    });
    afterEach(async () => {
      try {
        await visit?.end();
      } finally {
        await world.close();
      }
    });
    tests({
      start: async (look = {}) => {
        visit = await visitStart(browser, world, look);
        return visit;
      },
      world: () => world,
    });
  });
}
