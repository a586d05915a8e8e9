// Held orders that a payment cleared the way for. Nothing approves them by itself: each is judged again in the queue.

import { call } from '../../api/client';
import { order_get, type OrderView } from '../../api/types';
import { Link } from '../../kit/link';
import { Load, useLoaded } from '../../kit/load';
import { heldPath } from '../held/place';
import { calledThere } from '../../words/called';
import { moneyIn } from '../../words/format';
import { t } from './words';

export function Unblocked({ orders }: { orders: readonly string[] }) {
  const found = useLoaded(`unblocked ${orders.join(' ')}`, () => Promise.all(orders.map((order) => call(order_get, { order }))));
  if (!orders.length) return <p class="faint">{t('unblocked.none')}</p>;
  return (
    <section class="unblocked">
      <h3>{t('unblocked.title', { count: orders.length })}</h3>
      <p class="faint">{t('unblocked.hint')}</p>
      <Load of={found} rows={orders.length}>
        {(records: OrderView[]) => (
          <ul>
            {records.map((o) => (
              <li key={o.id}>
                <Link to={heldPath(o.id ?? '')}>{t('unblocked.judge', { number: calledThere({ ...o, on: o.ordered_on, amount: o.total }) })}</Link>
                <span class="figure">{moneyIn(o.total, o.currency)}</span>
              </li>
            ))}
          </ul>
        )}
      </Load>
    </section>
  );
}
