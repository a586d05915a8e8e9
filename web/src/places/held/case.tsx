// The case of one held order: who, how much, why, who has asked, and what can be done.

import { answer, call } from '../../api/client';
import { may } from '../../api/session';
import { approval_list, order_approvers, order_change, order_get, type ApprovalView as Approval, type ApproversOut, type LineView as OrderLine, type OrderView as Order } from '../../api/types';
import { CustomCard } from '../../custom/card';
import { AllRules, DecisionFigures, Reasons } from '../../decision/decision';
import { Refusing } from '../../decision/refusing';
import { Badge } from '../../kit/badge';
import { Icon } from '../../kit/icon';
import { Link } from '../../kit/link';
import { Load, useLoaded } from '../../kit/load';
import { Notice } from '../../kit/notice';
import { Table, type Column } from '../../kit/table';
import { accountPath } from '../account/place';
import { HELD } from './place';
import { calledAlone, ownNumber } from '../../words/called';
import { day, money, moneyIn, size } from '../../words/format';
import { word } from '../../words/words';
import { t } from './words';
import { Actions, barOf } from './actions';
import { Approvers, History } from './background';
import type { Done } from './done';
import { heldText, Whole } from './part';

function lineColumns(): Column<OrderLine>[] {
  return [
    { key: 'product', label: t('held.product'), lead: true, cell: (l) => <>{l.product_name ?? l.product}{l.product_name && <span class="faint"> {l.product}</span>}</> },
    { key: 'quantity', label: t('held.quantity'), figure: true, cell: (l) => l.quantity },
    { key: 'open', label: t('held.line_open'), figure: true, cell: (l) => l.open },
    { key: 'price', label: t('held.price'), figure: true, cell: (l) => money(l.unit_price) },
    { key: 'amount', label: t('held.line_amount'), figure: true, cell: (l) => money(l.gross ?? l.net) },
  ];
}

/** The promise that comes with a request; what was asked is shown by the server as it was given. */
function promiseOf(approval: Approval): { amount: string; due_on: string } | null {
  const input = approval.input as { promise?: { amount?: string; due_on?: string } | null } | null;
  const { amount, due_on } = input?.promise ?? {};
  return amount && due_on ? { amount, due_on } : null;
}

function Request({ approval, currency }: { approval: Approval; currency: string | null }) {
  const promise = promiseOf(approval);
  return (
    <Notice tone="warn">
      <div>
        <strong>{t('held.asked', { name: approval.requested_by ?? '' })}</strong>
        {size(approval.amount) > 0 && <> {t('held.asked_amount', { amount: moneyIn(approval.amount, approval.currency) })}</>}
        {promise && <p>{t('held.asked_promise', { amount: moneyIn(promise.amount, currency), day: day(promise.due_on) })}</p>}
        {approval.reason && <p>{approval.reason}</p>}
      </div>
    </Notice>
  );
}

function Head({ order }: { order: Order }) {
  const number = ownNumber(order.number);
  return (
    <header class="case-head">
      <div>
        <p class="case-partner">{order.partner_name}</p>
        <h2>{calledAlone({ ...order, on: order.ordered_on, amount: order.total })} <Badge group="status" value={order.status} /></h2>
        <p class="facts">
          <Link to={accountPath(order.account ?? '')}>{t('held.open_account', { account: order.account ?? '' })}</Link>
          <span>{t('held.ordered_on')} {day(order.ordered_on)}</span>
          {!number && <span class="case-id">{order.id}</span>}
          {order.wanted_on && <span>{t('held.wanted_on')} {day(order.wanted_on)}</span>}
        </p>
      </div>
      <p class="case-total">{heldText(order)}<Whole order={order} /></p>
    </header>
  );
}

function requestsOf(order: Order): Promise<Approval[]> {
  return call(approval_list, { account: order.account ?? '', order: order.id ?? '', status: 'pending' }).then((page) => page.items);
}

/** Why the reader of the page may not release it, where there is a reason of person. */
function Bar({ approvers }: { approvers: ApproversOut | null }) {
  const bar = barOf(approvers);
  return bar && bar !== 'ERR_FORBIDDEN' ? <p class="case-bar">{word('problem', bar)}</p> : null;
}

interface CaseProps {
  order: string;
  /** Not beside the queue, and whether it is held or not. */
  isAlone?: boolean;
  onDone: (done: Done) => void;
}

export function Case({ order, isAlone = false, onDone }: CaseProps) {
  const found = useLoaded(`order ${order}`, async () => {
    const { out: record, version } = await answer(order_get, { order });
    const isHeld = record.status === 'held';
    // Who may not look at that is told by what is offered.
    const approvers = isHeld && may('READ') ? call(order_approvers, { order }).catch(() => null) : null;
    return { record, version: version ?? 0, requests: await requestsOf(record), approvers: await approvers };
  });
  const done = (what: Done) => {
    found.reload();
    onDone(what);
  };
  return (
    <section class="card case">
      {!isAlone && <Link to={HELD} class="back case-back"><Icon name="back" />{t('held.back')}</Link>}
      <Load of={found}>
        {({ record, version, requests, approvers }) => (
          <>
            <Head order={record} />
            {requests.map((a) => <Request key={a.id} approval={a} currency={record.currency} />)}
            {record.decision && <DecisionFigures decision={record.decision} />}
            {record.status === 'held' ? (
              <>
                <h3>{t('held.because')}</h3>
                {record.decision && <Reasons decision={record.decision} account={record.account} />}
                <Refusing rules={approvers?.refusing ?? []} account={record.account} />
                <Bar approvers={approvers} />
                <Actions order={record} approvers={approvers} onDone={done} />
              </>
            ) : !isAlone && <Notice tone="plain">{t('held.no_longer')}</Notice>}
            {approvers && !approvers.refusing.length && <Approvers of={approvers} />}
            {record.decision && <AllRules rules={record.decision.rules} account={record.account} />}
            <h3>{t('held.lines')}</h3>
            <Table label={t('held.lines')} columns={lineColumns()} rows={record.lines} rowKey={(l) => String(l.line)} />
            <CustomCard record="order" of={`order ${record.id}`} kept={{ fields: record.fields, version }} mayChange={may('ORDER_WRITE')} onDone={found.reload}
              send={(fields, match, key) => call(order_change, { order, fields }, { key, match })} read={() => answer(order_get, { order }).then((now) => ({ fields: now.out.fields, version: now.version ?? 0 }))} />
            <History order={record} />
          </>
        )}
      </Load>
    </section>
  );
}
