// Takes the pictures of the guides: shots URL FOLDER. See tools/shots.

import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync, inflateSync } from 'node:zlib';
import { chromium, type Page } from 'playwright-core';

/** Of the demonstration, told when it is made. */
const PASSWORD = 'a feast is no result';
const MOST_BYTES = 150 * 1024;

interface Shot {
  name: string;
  who: string;
  path: string;
  /** Stands there when the page does. */
  shows: string;
  height?: number;
  before?: (page: Page) => Promise<void>;
}

const SHOTS: readonly Shot[] = [
  { name: 'today', who: 'chen', path: '/', shows: '.item-line >> nth=4' },
  { name: 'accounts', who: 'chen', path: '/accounts?sort=-limit_use&cols=partner_name,state,exposure,limit_use,limit,overdue', shows: '.list-row >> nth=8' },
  { name: 'account', who: 'chen', path: '/accounts/D01', shows: '.happening-what >> nth=3' },
  { name: 'aging', who: 'sun', path: '/receivables/aging', shows: 'main .table tbody tr >> nth=5' },
  { name: 'board', who: 'chen', path: '/lists/promise?group=status&as=board', shows: '.board-card >> nth=4' },
  {
    name: 'held', who: 'chen', path: '/held', height: 860, shows: '.case-head',
    before: async (page) => {
      // The largest first; among the first is one above its limit, whose picture says more than that of broken promises alone.
      await page.selectOption('.page-aside select', 'amount');
      await page.click('.held-entry:has-text("Credit limit")');
      await page.waitForSelector('.held-entry[aria-current]:has-text("Credit limit")');
      await page.waitForSelector('.case-head + .decision, .case-head ~ * :text("Over the limit by")');
      await page.evaluate(() => scrollTo(0, 0));
    },
  },
  {
    name: 'order-entry', who: 'li', path: '/order/HA-019', height: 860, shows: '.order-line-product input',
    before: async (page) => {
      await page.fill('.order-line-product input', 'GT-500');
      await page.waitForSelector('.lookup-choice');
      await page.keyboard.press('Enter');
      await page.keyboard.type('480');
      await page.waitForSelector('.verdict-bad');
    },
  },
];

/** The sum that ends each chunk of a PNG. */
function crc(bytes: Buffer): number {
  let sum = ~0;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  }
  return ~sum >>> 0;
}

function chunk(name: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(data.length, 0);
  ends.writeUInt32BE(crc(named), 4);
  return Buffer.concat([ends.subarray(0, 4), named, ends.subarray(4)]);
}

interface Picture {
  width: number;
  height: number;
  /** Red, green and blue of each point, row by row. */
  points: Buffer;
}

/** What the byte before, the one above and the one before that foretell, by the number of a PNG's filter. */
function foretold(filter: number, left: number, up: number, before: number): number {
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return (left + up) >> 1;
  if (filter !== 4) return 0;
  const guess = left + up - before;
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - before)];
  return a <= b && a <= c ? left : b <= c ? up : before;
}

/** A picture of the browser: eight bits a channel, three or four channels. */
function unpacked(png: Buffer): Picture {
  const lines: Buffer[] = [];
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT') lines.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  }
  const width = png.readUInt32BE(16);
  const height = png.readUInt32BE(20);
  const channels = png[25] === 6 ? 4 : 3;
  const raw = inflateSync(Buffer.concat(lines));
  const stride = width * channels;
  const points = Buffer.alloc(width * height * 3);
  let above = Buffer.alloc(stride);
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (stride + 1)] ?? 0;
    const line = Buffer.from(raw.subarray(y * (stride + 1) + 1, (y + 1) * (stride + 1)));
    for (let x = 0; x < stride; x++) line[x] = (line[x] ?? 0) + foretold(filter, line[x - channels] ?? 0, above[x] ?? 0, above[x - channels] ?? 0);
    for (let x = 0; x < width; x++) line.copy(points, (y * width + x) * 3, x * channels, x * channels + 3);
    above = line;
  }
  return { width, height, points };
}

/** The 256 colours that are most of a picture stand for the rest, which are shades at the edges of letters. */
function packed({ width, height, points }: Picture): Buffer {
  const counts = new Map<number, number>();
  for (let at = 0; at < points.length; at += 3) {
    const colour = points.readUIntBE(at, 3);
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  const palette = [...counts].sort((a, b) => b[1] - a[1]).slice(0, 256).map(([colour]) => colour);
  const channel = (colour: number, shift: number) => (colour >> shift) & 255;
  const far = (a: number, b: number) => [0, 8, 16].reduce((sum, shift) => sum + (channel(a, shift) - channel(b, shift)) ** 2, 0);
  const nearest = new Map(palette.map((colour, i) => [colour, i]));
  for (const colour of counts.keys()) {
    if (!nearest.has(colour)) nearest.set(colour, palette.reduce((best, one, i) => (far(one, colour) < far(palette[best] ?? 0, colour) ? i : best), 0));
  }
  const lines = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) lines[y * (width + 1) + 1 + x] = nearest.get(points.readUIntBE((y * width + x) * 3, 3)) ?? 0;
  }
  const head = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 3, 0, 0, 0]);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  const colours = Buffer.from(palette.flatMap((colour) => [channel(colour, 16), channel(colour, 8), channel(colour, 0)]));
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', head), chunk('PLTE', colours), chunk('IDAT', deflateSync(lines, { level: 9, memLevel: 9 })), chunk('IEND', Buffer.alloc(0))]);
}

async function take(page: Page, url: string, folder: string, shot: Shot): Promise<void> {
  await page.setViewportSize({ width: 1240, height: shot.height ?? 780 });
  await page.goto(url + shot.path);
  await page.waitForSelector(shot.shows);
  await shot.before?.(page);
  await page.waitForFunction(() => document.getAnimations().length === 0 && !document.querySelector('.skeleton, .list-waiting'));
  const file = join(folder, `${shot.name}.png`);
  writeFileSync(file, packed(unpacked(await page.screenshot())));
  const { size } = statSync(file);
  console.log(`${file}: ${Math.round(size / 1024)} KiB`);
  if (size > MOST_BYTES) throw new Error(`${file} is larger than ${MOST_BYTES} bytes`);
}

async function main(): Promise<void> {
  const [url = '', folder = ''] = process.argv.slice(2);
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-lcd-text', '--lang=en-GB'] });
  try {
    for (const who of new Set(SHOTS.map((shot) => shot.who))) {
      const page = await (await browser.newContext({ locale: 'en-GB', colorScheme: 'light', serviceWorkers: 'block' })).newPage();
      await page.goto(`${url}/`);
      await page.fill('[name=username]', who);
      await page.fill('[name=password]', PASSWORD);
      await page.press('[name=password]', 'Enter');
      await page.waitForSelector('.rail');
      for (const shot of SHOTS.filter((one) => one.who === who)) await take(page, url, folder, shot);
    }
  } finally {
    await browser.close();
  }
}

void main();
