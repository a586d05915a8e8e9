// What needs this person today, in the order of what it costs to leave it; each is done where it stands.

import { useEffect, useState } from 'preact/hooks';
import type { Decision } from '../../decision/decision';
import { useKeys } from '../../kit/keys';
import { Load, useLiveLoaded, useLoaded } from '../../kit/load';
import { Empty } from '../../kit/notice';
import { Page } from '../../kit/page';
import { tell, type Told } from '../../kit/toast';
import { queryGet, querySet } from '../../shell/route';
import { ACTS, type Act } from './act';
import { todayCount } from './count';
import { KINDS, readItems, readWhy, type Item, type Kind } from './item';
import { actsOf, ItemRow } from './row';
import { t } from './words';

function Kinds({ items, kind }: { items: readonly Item[]; kind: Kind | null }) {
  const counts = KINDS.map((one) => ({ kind: one, count: items.filter((item) => item.kind === one).length })).filter(({ count }) => count > 0);
  if (counts.length < 2) return null;
  return (
    <div class="kinds" role="group" aria-label={t('today.filter')}>
      <button type="button" class="chip" aria-pressed={kind === null} onClick={() => querySet({ kind: null })}>{t('kind.all')} <b>{items.length}</b></button>
      {counts.map((one) => (
        <button key={one.kind} type="button" class="chip" aria-pressed={kind === one.kind} onClick={() => querySet({ kind: one.kind })}>{t(`kind.${one.kind}`)} <b>{one.count}</b></button>
      ))}
    </div>
  );
}

interface ListProps {
  items: readonly Item[];
  onDone: (told: Told) => void;
}

/** Which form is open stands in the address: it is there again after a reload, with what was typed. */
function opened(): { key: string; act: Act } | null {
  const act = ACTS.find((one) => one === queryGet('act'));
  const key = queryGet('on');
  return act && key ? { key, act } : null;
}

const NO_WHY: ReadonlyMap<string, Decision | null> = new Map();

function List({ items, onDone }: ListProps) {
  const held = items.filter((item) => item.kind === 'held_order').map((item) => item.id).join(' ');
  const why = useLoaded(`today why ${held}`, () => held ? readWhy().catch(() => NO_WHY) : Promise.resolve(NO_WHY));
  const [at, setAt] = useState(-1);
  const open = opened();
  const setOpen = (item: Item, act: Act | null) => querySet({ act, on: act && item.key });
  const step = (by: number) => {
    const next = Math.min(Math.max(at + by, 0), items.length - 1);
    setAt(next);
    const row = document.querySelector<HTMLElement>(`.item:nth-child(${next + 1})`);
    // What may be done with it is next by the Tab key.
    row?.focus({ preventScroll: true });
    row?.scrollIntoView({ block: 'nearest' });
  };
  useKeys(t('keys.today'), [
    { keys: ['j', 'ArrowDown'], does: t('key.next'), run: () => step(1) },
    { keys: ['k', 'ArrowUp'], does: t('key.back'), run: () => step(-1) },
    {
      keys: ['o', 'Enter'], does: t('key.open'),
      run: () => {
        const item = items[at];
        const act = item && actsOf(item)[0];
        if (act) setOpen(item, act);
      },
    },
  ]);
  return (
    <ul class="items">
      {items.map((item, i) => (
        <ItemRow key={item.key} item={item} why={why.data?.get(item.id) ?? null} chosen={i === at} act={open?.key === item.key ? open.act : null} onAct={(act) => setOpen(item, act)} onDone={onDone} />
      ))}
    </ul>
  );
}

export default function TodayPage() {
  const items = useLiveLoaded('today', readItems);
  const count = items.data?.length ?? null;
  useEffect(() => {
    if (count !== null) todayCount.value = String(count);
  }, [count]);
  // Who may do nothing about any of it reads what the others are at.
  const isMine = items.data?.some((item) => actsOf(item).length) ?? true;
  const kind = KINDS.find((one) => one === queryGet('kind')) ?? null;
  const onDone = (told: Told) => {
    querySet({ act: null, on: null });
    tell({ ...told, undone: items.reload });
    items.reload();
  };
  return (
    <Page title={t('today.title')} intro={count ? t(isMine ? 'today.intro' : 'today.intro.read', { count }) : null}>
      <Load of={items} rows={6}>
        {(all) => {
          const shown = kind ? all.filter((item) => item.kind === kind) : all;
          if (!all.length) return <Empty title={t('today.empty')} hint={t('today.empty.hint')} />;
          return (
            <>
              <Kinds items={all} kind={kind} />
              {shown.length ? <List items={shown} onDone={onDone} /> : <Empty title={t('today.none_of_kind')} hint={t('today.none_of_kind.hint')} />}
            </>
          );
        }}
      </Load>
    </Page>
  );
}
