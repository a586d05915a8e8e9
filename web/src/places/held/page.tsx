// The queue of held orders beside the case of the one chosen; on a phone, one after the other.

import { useEffect, useState } from 'preact/hooks';
import { call } from '../../api/client';
import { order_list, type OrderView as Order } from '../../api/types';
import { deciding, excessOf } from '../../decision/decision';
import { Link } from '../../kit/link';
import { Load, More, usePages } from '../../kit/load';
import { Empty, Notice } from '../../kit/notice';
import { Page } from '../../kit/page';
import type { At } from '../../shell/place';
import { go } from '../../shell/route';
import { HELD, heldPath, type HELD_PATH } from './place';
import { day, money, moneyIn } from '../../words/format';
import { t } from './words';
import { Case } from './case';
import { heldCount } from './count';
import type { Done } from './done';

const PAGE_ROWS = 100;

function Entry({ order, chosen }: { order: Order; chosen: boolean }) {
  const excess = order.decision && excessOf(order.decision);
  return (
    <li>
      <Link to={heldPath(order.id ?? '')} class="held-entry" current={chosen}>
        <span class="held-entry-what">
          <strong>{order.partner_name ?? order.account}</strong>
          <span class="faint">{order.number}</span>
          {order.decision && <span>{deciding(order.decision)}</span>}
        </span>
        <span class="held-entry-size">
          <b>{moneyIn(order.total, order.currency)}</b>
          <span class="faint">{day(order.ordered_on)}</span>
          {excess && <span class="bad">{t('held.over', { amount: money(excess) })}</span>}
        </span>
      </Link>
    </li>
  );
}

export default function HeldPage({ order }: At<typeof HELD_PATH>) {
  const pages = usePages('held', (cursor) => call(order_list, { status: 'held', limit: PAGE_ROWS, ...(cursor && { cursor }) }));
  const [done, setDone] = useState<Done | null>(null);
  const loaded = pages.data?.length ?? null;
  const count = loaded === null ? null : `${loaded}${pages.more ? '+' : ''}`;
  useEffect(() => {
    if (count !== null) heldCount.value = count;
  }, [count]);

  const onDone = (what: Done) => {
    setDone(what);
    pages.reload();
    if (what.leaves) go(HELD);
  };

  return (
    <Page title={t('held.title')} intro={loaded && count ? t('held.count', { count }) : t('held.intro')}>
      {done && <Notice tone={done.tone}>{done.text()}</Notice>}
      <Load of={pages}>
        {(orders) => !orders.length && !order ? <Empty title={t('held.empty')} hint={t('held.empty.hint')} /> : (
          <div class={`held${order ? ' held-open' : ''}`}>
            <div class="held-queue">
              <ul aria-label={t('held.title')}>{orders.map((o) => <Entry key={o.id} order={o} chosen={o.id === order} />)}</ul>
              <More of={pages} />
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
