// All places there are. A new one is a folder in places/ with its place.ts, named here.

import { account } from '../places/account/place';
import { accounts } from '../places/accounts/place';
import { aging } from '../places/aging/place';
import { held } from '../places/held/place';
import { order } from '../places/order/place';
import { match, type Place } from './place';

export const places: readonly Place[] = [accounts, account, order, held, aging];

/** The place that an address leads to, with the parts it names. */
export function placeAt(pathname: string): { place: Place; parts: Record<string, string | null> } | null {
  for (const place of places) {
    const parts = match(place.path, pathname === '/' ? HOME : pathname);
    if (parts) return { place, parts };
  }
  return null;
}

/** Where a person begins. */
export const HOME = accounts.path;
