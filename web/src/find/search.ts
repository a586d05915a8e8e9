// What the palette finds among the records. Where it looks is behind an interface: today the lists of partners, accounts
// and orders.

import { call } from '../api/client';
import { account_list, order_list, type OrderView } from '../api/types';
import { accountPath } from '../places/account/place';
import { heldPath } from '../places/held/place';
import { hasText } from './refs';

export interface Hit {
  kind: 'account' | 'order';
  /** Where it leads. */
  to: string;
  label: string;
  hint: string;
}

export interface SearchProvider {
  find: (text: string, abort: AbortSignal) => Promise<readonly Hit[]>;
}

const MOST = 6;

function orderTo(order: OrderView): string {
  return order.status === 'held' ? heldPath(order.id ?? '') : accountPath(order.account ?? '', 'orders');
}

export const listSearch: SearchProvider = {
  find: async (text, abort) => {
    const accounts = hasText(['code', 'partner_name'], text);
    const orders = hasText(['number'], text);
    if (!accounts || !orders) return [];
    const [foundAccounts, foundOrders] = await Promise.all([
      call(account_list, { limit: MOST, sort: 'code', filter: accounts }, { abort }),
      call(order_list, { limit: MOST, sort: '-id', filter: orders }, { abort }),
    ]);
    return [
      ...foundAccounts.items.map((a): Hit => ({ kind: 'account', to: accountPath(a.code ?? ''), label: a.partner_name ?? a.code ?? '', hint: `${a.code} · ${a.currency}` })),
      ...foundOrders.items.map((o): Hit => ({ kind: 'order', to: orderTo(o), label: o.number ?? '', hint: o.partner_name ?? o.account ?? '' })),
    ];
  },
};
