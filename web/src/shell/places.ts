// All places there are. A new one is a folder in places/ with its place.ts, named here.

import { session } from '../api/session';
import type { Session } from '../api/types';
import { account } from '../places/account/place';
import { accounts } from '../places/accounts/place';
import { held } from '../places/held/place';
import { kit } from '../places/kit/place';
import { lists } from '../places/lists/place';
import { order } from '../places/order/place';
import { orders } from '../places/orders/place';
import { partner } from '../places/partner/place';
import { partners } from '../places/partners/place';
import { policy } from '../places/policy/place';
import { receivables } from '../places/receivables/place';
import { settings } from '../places/settings/place';
import { today } from '../places/today/place';
import { visit } from '../places/visit/place';
import { match, type Place } from './place';

export const places: readonly Place[] = [today, partners, accounts, account, order, orders, visit, held, receivables, partner, lists, policy, settings, ...(DEV ? [kit] : [])];

/** The place that an address leads to, with the parts it names. */
export function placeAt(pathname: string): { place: Place; parts: Record<string, string | null> } | null {
  for (const place of places) {
    const parts = match(place.path, pathname === '/' ? home() : pathname);
    if (parts) return { place, parts };
  }
  return null;
}

/** Where a person begins: with what waits, or, of a partner, with its accounts. */
export function homeOf(who: Session | null | undefined): string {
  return who?.permissions.includes('READ') ? today.path : accounts.path;
}

export function home(): string {
  return homeOf(session.value);
}
