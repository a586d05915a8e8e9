// The address bar as a signal. Every place has an address that can be sent on; what is chosen within a place, such as a
// view or a filter, stands in the query.

import { signal } from '@preact/signals';

export const path = signal(location.pathname);
export const query = signal(location.search);

function follow(): void {
  path.value = location.pathname;
  query.value = location.search;
}

addEventListener('popstate', follow);

/** `to` may carry a query. */
export function go(to: string): void {
  if (to === location.pathname + location.search) return;
  history.pushState(null, '', to);
  follow();
  scrollTo(0, 0);
}

/** As go(), without a step in the browser's history. */
export function goInstead(to: string): void {
  history.replaceState(null, '', to);
  follow();
}

export function queryGet(name: string): string | null {
  return new URLSearchParams(query.value).get(name);
}

/** Null takes a name out of the address; no step in the browser's history. */
export function querySet(values: Readonly<Record<string, string | null>>): void {
  const next = new URLSearchParams(query.value);
  for (const [name, value] of Object.entries(values)) {
    if (value === null || value === '') next.delete(name);
    else next.set(name, value);
  }
  const text = next.toString();
  goInstead(path.value + (text ? `?${text}` : ''));
}
