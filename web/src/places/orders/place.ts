import { address, place } from '../../shell/place';
import { heldPath } from '../held/place';

export const ORDERS_PATH = '/orders/:order';

/** One order, whatever became of it; a held one has its case in the queue. */
export const orders = place({
  name: 'orders', path: ORDERS_PATH,
  title: { en: 'Order', zh: '订单' },
  load: () => import('./page'),
});

/** Where an order is looked at, by its id or its number: one that is held, in the queue. */
export function orderPath(order: string, status?: string | null): string {
  return status === 'held' ? heldPath(order) : address(ORDERS_PATH, { order });
}
