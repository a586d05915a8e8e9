// The address bar as a signal, and which place it names. Every place has an address that can be sent on.

import { signal } from '@preact/signals';

export const path = signal(location.pathname);

addEventListener('popstate', () => {
  path.value = location.pathname;
});

export function go(to: string): void {
  if (to === location.pathname) return;
  history.pushState(null, '', to);
  path.value = to;
  scrollTo(0, 0);
}

/** As go(), without a step in the browser's history. */
export function goInstead(to: string): void {
  history.replaceState(null, '', to);
  path.value = to;
}

export type Section = 'orders' | 'invoices' | 'decisions' | 'promises';
export const SECTIONS: readonly Section[] = ['orders', 'invoices', 'decisions', 'promises'];

export type Place =
  | { name: 'accounts' }
  | { name: 'account'; account: string; section: Section }
  | { name: 'held'; order: string | null }
  | { name: 'aging' }
  | { name: 'unknown' };

export const ACCOUNTS = '/accounts';
export const HELD = '/held';
export const AGING = '/aging';

export function accountPath(account: string, section?: Section): string {
  return `${ACCOUNTS}/${encodeURIComponent(account)}${section ? `/${section}` : ''}`;
}

export function heldPath(order: string): string {
  return `${HELD}/${encodeURIComponent(order)}`;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export function placeOf(pathname: string): Place {
  const [top = '', id, third, ...rest] = pathname.split('/').filter(Boolean).map(decoded);
  if (rest.length) return { name: 'unknown' };
  if (top === '' || (top === 'accounts' && !id)) return { name: 'accounts' };
  if (top === 'accounts' && id) {
    const section = third === undefined ? 'orders' : SECTIONS.find((s) => s === third);
    return section ? { name: 'account', account: id, section } : { name: 'unknown' };
  }
  if (top === 'held' && !third) return { name: 'held', order: id ?? null };
  if (top === 'aging' && !id) return { name: 'aging' };
  return { name: 'unknown' };
}
