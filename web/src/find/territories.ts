// What territories are called: records and answers hold their codes, people know their names.

import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { call } from '../api/client';
import { may } from '../api/session';
import { territory_list } from '../api/types';

const PAGE_ROWS = 500;

const names = signal<ReadonlyMap<string, string>>(new Map());

async function read(): Promise<void> {
  try {
    const { items } = await call(territory_list, { limit: PAGE_ROWS, sort: 'code' });
    names.value = new Map(items.map((one) => [one.code, one.name]));
  } catch {
    // Their codes tell as much to who set them up.
  }
}

/** For a page that shows them: read again whenever it is opened. */
export function useTerritoryNames(wanted = true): void {
  useEffect(() => void (wanted && may('READ') && read()), [wanted]);
}

/** The code itself of one that is not known. */
export function territoryName(code: string): string {
  return names.value.get(code) ?? code;
}
