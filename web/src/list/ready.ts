// Looks that come with a list, so that nobody has to make the first ones: what needs attention.

import type { ListName } from './fields';
import { lookRead, lookText } from './look';
import type { t } from './words';

interface Ready {
  name: Parameters<typeof t>[0] & `list.ready.${string}`;
  query: string;
}

const READY: Partial<Record<ListName, readonly Ready[]>> = {
  account: [
    { name: 'list.ready.used', query: 'sort=-limit_use' },
    { name: 'list.ready.overdue', query: 'filter=overdue gt 0&sort=-overdue' },
  ],
  order: [{ name: 'list.ready.held', query: 'filter=status eq held' }],
  invoice: [{ name: 'list.ready.overdue', query: 'filter=is_overdue eq true&sort=due_on' }],
  promise: [{ name: 'list.ready.open', query: 'filter=status eq open&sort=due_on' }],
  alert: [{ name: 'list.ready.open', query: 'filter=status eq open' }],
};

/** With the text that an address and a saved view have of each. */
export function readyOf(list: ListName): { name: Ready['name']; text: string }[] {
  return (READY[list] ?? []).map(({ name, query }) => ({ name, text: lookText(list, lookRead(list, query)) }));
}
