// What stands behind a case: who may release it and why others may not, and what was released and promised before.

import { call } from '../../api/client';
import { session } from '../../api/session';
import { promise_list, release_list, type Approver, type ApproversOut, type OrderView as Order } from '../../api/types';
import { Badge } from '../../kit/badge';
import { Load, useLoaded } from '../../kit/load';
import { ownNumber } from '../../words/called';
import { day, money, moneyIn } from '../../words/format';
import { word } from '../../words/words';
import { sentence, t } from './words';

const MOST = 5;

function Standing({ of }: { of: Approver }) {
  if (of.has_consented) return <span class="badge badge-good">{t('who.consented')}</span>;
  if (of.may) return <span class="badge badge-good">{t('who.may')}</span>;
  return <span class="faint">{sentence(`who.${of.refusal}`) ?? of.refusal}</span>;
}

export function Approvers({ of }: { of: ApproversOut }) {
  const needs = of.needs.map((role) => word('role', role)).join(t('who.and'));
  return (
    <section class="who-may">
      <h3>{t('who.title')}</h3>
      <p class="faint">{t('who.needs', { roles: needs, amount: money(of.amount) })}</p>
      {of.items.length === 0 && <p class="bad">{t('who.nobody')}</p>}
      <ul>
        {of.items.map((one) => (
          <li key={one.user}>
            <span><b>{one.user === session.value?.name ? t('who.you') : one.user}</b> <span class="faint">{word('role', one.role)}</span></span>
            <Standing of={one} />
          </li>
        ))}
      </ul>
    </section>
  );
}

async function readHistory(account: string, order: string) {
  const [releases, promises] = await Promise.all([
    call(release_list, { account, sort: '-given_on', limit: MOST + 1 }),
    call(promise_list, { account, sort: '-id', limit: MOST }),
  ]);
  return { releases: releases.items.filter((one) => one.order !== order).slice(0, MOST), promises: promises.items };
}

export function History({ order }: { order: Order }) {
  const found = useLoaded(`history ${order.account} ${order.id}`, () => readHistory(order.account ?? '', order.id ?? ''));
  return (
    <section class="history">
      <h3>{t('history.title')}</h3>
      <Load of={found} rows={2}>
        {({ releases, promises }) => (
          <>
            {!releases.length && !promises.length && <p class="faint">{t('history.none')}</p>}
            <ul>
              {releases.map((one) => (
                <li key={one.id}>
                  <span>{t('history.release', { number: ownNumber(one.order_number) || t('history.order'), amount: moneyIn(one.amount_max, order.currency), by: one.given_by ?? '' })} <span class="faint history-by">{day(one.given_on)}</span></span>
                  <Badge group="status" value={one.status} />
                </li>
              ))}
              {promises.map((one) => (
                <li key={one.id}>
                  <span>{t('history.promise', { amount: moneyIn(one.amount, order.currency), day: day(one.due_on) })} {one.vouched_by && <span class="faint history-by">{t('history.by', { name: one.vouched_by })}</span>}</span>
                  <Badge group="status" value={one.status} />
                </li>
              ))}
            </ul>
          </>
        )}
      </Load>
    </section>
  );
}
