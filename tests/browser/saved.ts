// Files that a page hands to its visitor.

import { readFileSync } from 'node:fs';
import { inflateRawSync } from 'node:zlib';
import type { Page } from 'playwright-core';

/** The parts of a workbook by name. */
export function unzipped(bytes: Buffer): Map<string, string> {
  const parts = new Map<string, string>();
  for (let at = 0; bytes.readUInt32LE(at) === 0x04034b50;) {
    const packed = bytes.readUInt32LE(at + 18);
    const name = bytes.readUInt16LE(at + 26);
    const from = at + 30 + name + bytes.readUInt16LE(at + 28);
    parts.set(bytes.toString('utf8', at + 30, at + 30 + name), inflateRawSync(bytes.subarray(from, from + packed)).toString('utf8'));
    at = from + packed;
  }
  return parts;
}

export async function saved(page: Page, press: () => Promise<void>): Promise<{ name: string; bytes: Buffer }> {
  const [file] = await Promise.all([page.waitForEvent('download'), press()]);
  return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) };
}
