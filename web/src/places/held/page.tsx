// The queue of held orders beside the case of the one chosen; on a phone, one after the other.

import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { call } from '../../api/client';
import { stored, storedSet } from '../../api/stored';
import { order_list, type OrderView as Order } from '../../api/types';
import { deciding, excessOf } from '../../decision/decision';
import { Field } from '../../kit/field';
import { Link } from '../../kit/link';
import { useKeys } from '../../kit/keys';
import { Load, More, useLivePages } from '../../kit/load';
import { Empty } from '../../kit/notice';
import { Page } from '../../kit/page';
import { tell } from '../../kit/toast';
import type { At } from '../../shell/place';
import { go, goInstead, querySet } from '../../shell/route';
import { HELD, heldPath, type HELD_PATH } from './place';
import { ownNumber } from '../../words/called';
import { day, moneyIn, plus } from '../../words/format';
import { t } from './words';
import { Case } from './case';
import { heldCount } from './count';
import type { Done } from './done';
import { heldText, Whole } from './part';

const STORED = 'guanxi.held';
/** How the queue stands: as the orders came, or the largest first; kept in this browser. */
const SORTS = { age: '', amount: '-total' } as const;
type By = keyof typeof SORTS;

const by = signal<By>(stored(STORED) === 'amount' ? 'amount' : 'age');

function byChoose(typed: string): void {
  by.value = typed === 'amount' ? 'amount' : 'age';
  storedSet(STORED, by.value === 'age' ? null : by.value);
}

const PAGE_ROWS = 100;
/** Where the queue stands beside a case, which would otherwise be empty; as in the sheet. */
const BESIDE = '(min-width: 1001px)';

function Entry({ order, chosen }: { order: Order; chosen: boolean }) {
  const excess = order.decision && excessOf(order.decision);
  return (
    <li>
      <Link to={heldPath(order.id ?? '')} class="held-entry" current={chosen} intoView>
        <span class="held-entry-what">
          <strong>{order.partner_name ?? order.account}</strong>
          <span class="faint" title={order.id}>{ownNumber(order.number) || t('number.none')}</span>
          {order.decision && <span>{deciding(order.decision)}</span>}
        </span>
        <span class="held-entry-size">
          <b>{heldText(order)}</b>
          <Whole order={order} />
          <span class="faint">{day(order.ordered_on)}</span>
          {excess && <span class="bad">{t('held.over', { amount: moneyIn(excess, order.currency) })}</span>}
        </span>
      </Link>
    </li>
  );
}

/** The address may have its id or its number. */
function isAt(order: Order, chosen: string | null): boolean {
  return chosen !== null && (order.id === chosen || order.number === chosen);
}

/** What waits, each currency apart. */
function amountsOf(orders: readonly Order[]): string {
  const sums = new Map<string, string>();
  for (const { currency, held_amount, total } of orders) sums.set(currency ?? '', plus(sums.get(currency ?? '') ?? '0', held_amount ?? total));
  return [...sums].map(([currency, sum]) => moneyIn(sum, currency)).join(' + ');
}

function introOf(orders: readonly Order[], count: string | null, isMore: boolean): string {
  if (!orders.length || !count) return t('held.intro');
  return isMore ? t('held.count', { count }) : t('held.waits', { count, amounts: amountsOf(orders) });
}

/** The address of the order after or before the one chosen; of the first when none is. */
function besideOf(orders: readonly Order[], chosen: string | null, by: 1 | -1): string | null {
  const at = orders.findIndex((one) => isAt(one, chosen));
  const beside = at < 0 ? orders[0] : orders[at + by];
  return beside?.id ? heldPath(beside.id) : null;
}

export default function HeldPage({ order }: At<typeof HELD_PATH>) {
  const sort = SORTS[by.value];
  const pages = useLivePages(`held ${by.value}`, (cursor) => call(order_list, { status: 'held', limit: PAGE_ROWS, ...(sort && { sort }), ...(cursor && { cursor }) }));
  const loaded = pages.data?.length ?? null;
  const count = loaded === null ? null : `${loaded}${pages.more ? '+' : ''}`;
  useEffect(() => {
    if (count !== null) heldCount.value = count;
  }, [count]);

  const onDone = (what: Done) => {
    tell({ ...what, undone: pages.reload });
    if (what.leaves) go(besideOf(pages.data ?? [], order, 1) ?? besideOf(pages.data ?? [], order, -1) ?? HELD);
    else querySet({ act: null });
    pages.reload();
  };
  const step = (by: 1 | -1) => {
    const to = besideOf(pages.data ?? [], order, by);
    if (to) go(to);
  };
  useKeys(t('held.keys'), [
    { keys: ['j', 'ArrowDown'], does: t('held.key.next'), run: () => step(1) },
    { keys: ['k', 'ArrowUp'], does: t('held.key.back'), run: () => step(-1) },
    { keys: ['Escape'], does: t('held.key.queue'), run: () => go(HELD) },
  ]);

  const first = pages.data?.[0]?.id;
  useEffect(() => {
    if (!order && first && matchMedia(BESIDE).matches) goInstead(heldPath(first));
  }, [order, first]);

  return (
    <Page title={t('held.title')} intro={introOf(pages.data ?? [], count, pages.more !== null)}
      aside={<Field label={t('held.by')} hideLabel value={by.value} onInput={byChoose} options={[{ value: 'age', label: t('held.by.age') }, { value: 'amount', label: t('held.by.amount') }]} />}>
      <Load of={pages}>
        {(orders) => !orders.length && !order ? <Empty title={t('held.empty')} hint={t('held.empty.hint')} /> : (
          <div class={`held${order ? ' held-open' : ''}`}>
            <div class="held-queue">
              <ul aria-label={t('held.title')}>{orders.map((o) => <Entry key={o.id} order={o} chosen={isAt(o, order)} />)}</ul>
              <More of={pages} />
              <p class="held-tip">{t('held.tip')}</p>
            </div>
            <div class="held-case">
              {order ? <Case key={order} order={order} onDone={onDone} /> : <p class="held-pick">{t('held.pick')}</p>}
            </div>
          </div>
        )}
      </Load>
    </Page>
  );
}
