// The documents of one account, a section each.

import { useState } from 'preact/hooks';
import { call } from '../../api/client';
import {
  decision_get, decision_list, invoice_list, order_list, promise_list, shipment_list,
  type DecisionRecord, type InvoiceView as Invoice, type OrderView as Order, type PromiseView, type ShipmentView,
} from '../../api/types';
import { AllRules, DecisionFigures, Reasons, ReasonsShort } from '../../decision/decision';
import { Badge } from '../../kit/badge';
import { Check } from '../../kit/field';
import { Link } from '../../kit/link';
import { Load, More, useLivePages, useLoaded } from '../../kit/load';
import { Empty } from '../../kit/notice';
import { Table, type Column } from '../../kit/table';
import { orderPath } from '../orders/place';
import { queryGet, querySet } from '../../shell/route';
import type { Section } from './place';
import { calledAlone, ownNumber } from '../../words/called';
import { day, money, size } from '../../words/format';
import { word } from '../../words/words';
import { t } from './words';

const PAGE_ROWS = 50;

type DocumentSection = Extract<Section, 'orders' | 'shipments' | 'invoices' | 'decisions' | 'promises'>;

interface Of {
  account: string;
}

function listIn(account: string, cursor: string | undefined) {
  return { account, limit: PAGE_ROWS, sort: '-id', ...(cursor && { cursor }) };
}

function orderColumns(): Column<Order>[] {
  return [
    {
      key: 'number', label: t('orders.number'), lead: true,
      cell: (o) => <Link to={orderPath(o.id ?? '', o.status)}>{calledAlone({ ...o, on: o.ordered_on, amount: o.total })}</Link>,
    },
    { key: 'on', date: true, label: t('orders.on'), cell: (o) => day(o.ordered_on) },
    { key: 'wanted', date: true, label: t('orders.wanted'), cell: (o) => day(o.wanted_on) },
    { key: 'status', label: t('orders.status'), corner: true, cell: (o) => <Badge group="status" value={o.status} /> },
    { key: 'why', label: t('orders.why'), wide: true, cell: (o) => <ReasonsShort decision={o.decision} /> },
    { key: 'total', label: t('orders.total'), figure: true, cell: (o) => money(o.total) },
  ];
}

function Orders({ account }: Of) {
  const openOnly = queryGet('open') === '1';
  const pages = useLivePages(`orders ${account} ${openOnly}`, (cursor) => call(order_list, {
    ...listIn(account, cursor), ...(openOnly && { filter: 'status eq approved or status eq held or status eq shipped' }),
  }), account);
  return (
    <>
      <OpenOnly />
      <Load of={pages}>
        {(orders) => orders.length
          ? <Table label={t('account.orders')} columns={orderColumns()} rows={orders} rowKey={(o) => o.id ?? ''} />
          : <Empty title={t('orders.empty')} hint={t('orders.empty.hint')} />}
      </Load>
      <More of={pages} />
    </>
  );
}

/** Open and partly paid are one status to the server, and two to whoever collects. */
function invoiceStatus(invoice: Invoice): string | null {
  const isPart = invoice.status === 'open' && size(invoice.open) < size(invoice.amount);
  return isPart ? 'part_paid' : invoice.status;
}

function invoiceColumns(): Column<Invoice>[] {
  return [
    { key: 'number', label: t('invoices.number'), lead: true, cell: (i) => i.number },
    { key: 'on', date: true, label: t('invoices.on'), cell: (i) => day(i.invoiced_on) },
    { key: 'due', date: true, label: t('invoices.due'), cell: (i) => day(i.due_on) },
    { key: 'status', label: t('invoices.status'), corner: true, cell: (i) => <Badge group="status" value={invoiceStatus(i)} /> },
    { key: 'amount', label: t('invoices.amount'), figure: true, cell: (i) => money(i.amount) },
    { key: 'open', label: t('invoices.open'), figure: true, cell: (i) => size(i.open) > 0 ? <b>{money(i.open)}</b> : <span class="faint">{money(i.open)}</span> },
  ];
}

function Invoices({ account }: Of) {
  const pages = useLivePages(`invoices ${account}`, (cursor) => call(invoice_list, listIn(account, cursor)), account);
  return (
    <>
      <Load of={pages}>
        {(invoices) => invoices.length
          ? <Table label={t('account.invoices')} columns={invoiceColumns()} rows={invoices} rowKey={(i) => i.id ?? ''} />
          : <Empty title={t('invoices.empty')} hint={t('invoices.empty.hint')} />}
      </Load>
      <More of={pages} />
    </>
  );
}

function DecisionBody({ id }: { id: string }) {
  const found = useLoaded(`decision ${id}`, () => call(decision_get, { decision: id }));
  return (
    <Load of={found} rows={2}>
      {(decision) => (
        <div class="decision-body">
          <DecisionFigures decision={decision} />
          <Reasons decision={decision} account={decision.account} />
          <AllRules rules={decision.rules} account={decision.account} />
        </div>
      )}
    </Load>
  );
}

/** The figures and rules of a decision are read when it is opened. */
function DecisionCard({ decision, opened }: { decision: DecisionRecord; opened: boolean }) {
  const [open, setOpen] = useState(opened);
  return (
    <li>
      <details class="card decision" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>
          <Badge group="outcome" value={decision.outcome} />
          <span class="decision-gate">{word('gate', decision.gate)}</span>
          <span>{ownNumber(decision.order_number)}</span>
          <span class="faint">{day(decision.on)}</span>
        </summary>
        {open && decision.id && <DecisionBody id={decision.id} />}
      </details>
    </li>
  );
}

function Decisions({ account }: Of) {
  const pages = useLivePages(`decisions ${account}`, (cursor) => call(decision_list, listIn(account, cursor)), account);
  return (
    <>
      <Load of={pages}>
        {(decisions) => decisions.length
          ? <ul class="cards">{decisions.map((d, i) => <DecisionCard key={d.id} decision={d} opened={i === 0} />)}</ul>
          : <Empty title={t('decisions.empty')} hint={t('decisions.empty.hint')} />}
      </Load>
      <More of={pages} />
    </>
  );
}

function promiseColumns(): Column<PromiseView>[] {
  return [
    { key: 'due', date: true, label: t('promises.due'), lead: true, cell: (p) => day(p.due_on) },
    { key: 'status', label: t('promises.status'), corner: true, cell: (p) => <Badge group="status" value={p.status} /> },
    { key: 'level', label: t('promises.level'), figure: true, cell: (p) => p.level },
    { key: 'vouched', label: t('promises.vouched'), cell: (p) => p.vouched_by ?? t('app.none') },
    { key: 'amount', label: t('promises.amount'), figure: true, cell: (p) => money(p.amount) },
  ];
}

function Promises({ account }: Of) {
  const pages = useLivePages(`promises ${account}`, (cursor) => call(promise_list, listIn(account, cursor)), account);
  return (
    <>
      <Load of={pages}>
        {(promises) => promises.length
          ? <Table label={t('account.promises')} columns={promiseColumns()} rows={promises} rowKey={(p) => p.id ?? ''} />
          : <Empty title={t('promises.empty')} hint={t('promises.empty.hint')} />}
      </Load>
      <More of={pages} />
    </>
  );
}

function shipmentColumns(): Column<ShipmentView>[] {
  return [
    { key: 'number', label: t('shipments.number'), lead: true, cell: (s) => ownNumber(s.number) || t('number.none') },
    { key: 'on', date: true, label: t('shipments.on'), cell: (s) => day(s.shipped_on) },
    { key: 'order', label: t('orders.number'), cell: (s) => s.order_number && <Link to={orderPath(s.order ?? s.order_number)}>{ownNumber(s.order_number) || word('kind', 'order')}</Link> },
    { key: 'status', label: t('orders.status'), corner: true, cell: (s) => <Badge group="status" value={s.status} /> },
    { key: 'amount', label: t('shipments.amount'), figure: true, cell: (s) => money(s.amount) },
    { key: 'invoiced', label: t('shipments.invoiced'), figure: true, cell: (s) => money(s.invoiced) },
    { key: 'returned', label: t('shipments.returned'), figure: true, cell: (s) => size(s.returned) > 0 ? money(s.returned) : <span class="faint">{t('app.none')}</span> },
  ];
}

/** Goods out of the house that no invoice covers yet. */
function isUnbilled(shipment: ShipmentView): boolean {
  return shipment.status === 'posted' && size(shipment.invoiced) + size(shipment.returned) < size(shipment.amount);
}

function OpenOnly() {
  return <Check label={t('documents.open_only')} checked={queryGet('open') === '1'} onChange={(on) => querySet({ open: on ? '1' : null })} />;
}

function Shipments({ account }: Of) {
  const openOnly = queryGet('open') === '1';
  const pages = useLivePages(`shipments ${account}`, (cursor) => call(shipment_list, listIn(account, cursor)), account);
  return (
    <>
      <OpenOnly />
      <Load of={pages}>
        {(all) => {
          const shipments = openOnly ? all.filter(isUnbilled) : all;
          return shipments.length
            ? <Table label={t('account.shipments')} columns={shipmentColumns()} rows={shipments} rowKey={(s) => s.id ?? ''} />
            : <Empty title={t('shipments.empty')} hint={t('shipments.empty.hint')} />;
        }}
      </Load>
      <More of={pages} />
    </>
  );
}

export function Documents({ account, section }: Of & { section: DocumentSection }) {
  switch (section) {
    case 'orders': return <Orders account={account} />;
    case 'shipments': return <Shipments account={account} />;
    case 'invoices': return <Invoices account={account} />;
    case 'decisions': return <Decisions account={account} />;
    case 'promises': return <Promises account={account} />;
  }
}
