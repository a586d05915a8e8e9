// What of an order a hold stops, where part of it went out or was billed before.

import type { OrderView as Order } from '../../api/types';
import { money, moneyIn, size } from '../../words/format';
import { t } from './words';

export function heldText(order: Order): string {
  return moneyIn(order.held_amount ?? order.total, order.currency);
}

/** Nothing where all of it is held. */
export function Whole({ order }: { order: Order }) {
  const isPart = order.held_amount !== null && size(order.held_amount) < size(order.total);
  return isPart ? <span class="part-of">{t('held.of', { amount: money(order.total) })}</span> : null;
}
