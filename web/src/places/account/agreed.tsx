// What is agreed with an account (limits, terms, owner, state, releases in force, what waits for consent) and what is due.

import type { ComponentChildren } from 'preact';
import { call } from '../../api/client';
import { today } from '../../api/session';
import {
  approval_list, invoice_list, limit_list, promise_list, release_list,
  type AccountView, type ApprovalView, type InvoiceView, type Limit, type PromiseView, type ReleaseView,
} from '../../api/types';
import { Badge } from '../../kit/badge';
import { Link } from '../../kit/link';
import { Load, useLoaded } from '../../kit/load';
import { Table, type Column } from '../../kit/table';
import { ownNumber } from '../../words/called';
import { dayPlus, daysBetween } from '../../words/days';
import { day, limitText, money, moneyIn } from '../../words/format';
import { word } from '../../words/words';
import { itemsPath } from '../receivables/place';
import { sentence, t } from './words';

/** What the program writes as the reason of the limit that an account is opened with. */
const FIRST_REASON = 'given when the account was opened';

const MOST = 100;
const SOON_DAYS = 14;

interface Agreed {
  limits: Limit[];
  releases: ReleaseView[];
  approvals: ApprovalView[];
  invoices: InvoiceView[];
  promises: PromiseView[];
}

async function read(account: string): Promise<Agreed> {
  const [limits, releases, approvals, invoices, promises] = await Promise.all([
    call(limit_list, { account, sort: '-id', limit: MOST }),
    call(release_list, { account, status: 'active', limit: MOST }),
    call(approval_list, { account, status: 'pending', limit: MOST }),
    call(invoice_list, { account, status: 'open', sort: 'due_on', filter: `due_on le ${dayPlus(today(), SOON_DAYS)}`, limit: MOST }),
    call(promise_list, { account, status: 'open', sort: 'due_on', limit: MOST }),
  ]);
  return { limits: limits.items, releases: releases.items, approvals: approvals.items, invoices: invoices.items, promises: promises.items };
}

function Group({ title, none, has, children }: { title: string; none: string; has: boolean; children: ComponentChildren }) {
  return (
    <section class="agreed-group" aria-label={title}>
      <h3>{title}</h3>
      {has ? children : <p class="faint">{none}</p>}
    </section>
  );
}

function limitColumns(): Column<Limit>[] {
  return [
    { key: 'kind', label: t('agreed.kind'), lead: true, cell: (l) => sentence(`agreed.limit.${l.kind}`) ?? l.kind },
    { key: 'status', label: t('agreed.status'), corner: true, cell: (l) => <Badge group="status" value={l.status} /> },
    {
      key: 'amount', label: t('agreed.amount'), figure: true,
      cell: (l) => (
        <>
          <b>{limitText(l.amount)}</b>
          {l.steps.map((step) => <span key={step.from} class="faint agreed-step">{t('agreed.step', { day: day(step.from), amount: money(step.amount) })}</span>)}
        </>
      ),
    },
    { key: 'from', label: t('agreed.from'), date: true, cell: (l) => day(l.from) },
    { key: 'until', label: t('agreed.until'), date: true, cell: (l) => l.until ? day(l.until) : t('agreed.open_end') },
    { key: 'by', label: t('agreed.by'), cell: (l) => l.set_by ?? t('app.none') },
    { key: 'why', label: t('agreed.why'), wide: true, cell: (l) => l.reason === FIRST_REASON ? t('agreed.first') : l.reason ?? '' },
  ];
}

function releaseColumns(): Column<ReleaseView>[] {
  return [
    { key: 'order', label: t('orders.number'), lead: true, cell: (r) => ownNumber(r.order_number) || t('number.none') },
    { key: 'amount', label: t('agreed.covers'), figure: true, cell: (r) => moneyIn(r.amount_max, r.currency) },
    { key: 'used', label: t('agreed.used'), figure: true, cell: (r) => money(r.used) },
    { key: 'until', label: t('agreed.until'), date: true, cell: (r) => day(r.expires_on) },
    { key: 'by', label: t('agreed.given_by'), cell: (r) => r.given_by ?? t('app.none') },
    { key: 'why', label: t('agreed.why'), wide: true, cell: (r) => r.reason ?? '' },
  ];
}

function Terms({ account }: { account: AccountView }) {
  return (
    <dl class="agreed-terms card">
      <div><dt>{t('agreed.terms')}</dt><dd>{t('unit.days', { n: account.terms_days })}</dd></div>
      <div><dt>{t('agreed.owner')}</dt><dd>{account.owner ?? t('app.none')}</dd></div>
      <div><dt>{t('agreed.state')}</dt><dd>{word('state', account.state)}{account.state_since_on && <span class="faint"> {t('agreed.since', { day: day(account.state_since_on) })}</span>}</dd>{account.state_reason && <dd class="faint">{account.state_reason}</dd>}</div>
      <div><dt>{t('agreed.opened')}</dt><dd>{day(account.opened_on)}</dd></div>
    </dl>
  );
}

function Due({ invoices, promises, account }: { invoices: InvoiceView[]; promises: PromiseView[]; account: string }) {
  const late = (date: string | null) => daysBetween(date ?? today(), today()) > 0;
  return (
    <Group title={t('agreed.due')} none={t('agreed.due.none', { days: SOON_DAYS })} has={invoices.length + promises.length > 0}>
      <ul class="card agreed-due">
        {promises.map((p) => <li key={p.id}><span>{t('agreed.due.promise', { day: day(p.due_on) })}</span><b class={late(p.due_on) ? 'bad figure' : 'figure'}>{moneyIn(p.lacks, p.currency)}</b></li>)}
        {invoices.map((i) => <li key={i.id}><span>{t('agreed.due.invoice', { number: i.number ?? '', day: day(i.due_on) })}</span><b class={late(i.due_on) ? 'bad figure' : 'figure'}>{moneyIn(i.open, i.currency)}</b></li>)}
        <li><Link to={itemsPath('open', account)}>{t('agreed.all_open')}</Link></li>
      </ul>
    </Group>
  );
}

export function AgreedAndDue({ account }: { account: AccountView }) {
  const code = account.code ?? '';
  const found = useLoaded(`agreed ${code}`, () => read(code));
  return (
    <div class="agreed">
      <Terms account={account} />
      <Load of={found} rows={4}>
        {({ limits, releases, approvals, invoices, promises }) => (
          <>
            <Due invoices={invoices} promises={promises} account={code} />
            <Group title={t('agreed.limits')} none={t('agreed.limits.none')} has={limits.length > 0}>
              <Table label={t('agreed.limits')} columns={limitColumns()} rows={limits} rowKey={(l) => l.id ?? ''} />
            </Group>
            <Group title={t('agreed.releases')} none={t('agreed.releases.none')} has={releases.length > 0}>
              <Table label={t('agreed.releases')} columns={releaseColumns()} rows={releases} rowKey={(r) => r.id ?? ''} />
            </Group>
            <Group title={t('agreed.waiting')} none={t('agreed.waiting.none')} has={approvals.length > 0}>
              <ul class="card agreed-due">
                {approvals.map((a) => <li key={a.id}><span>{word('asked', a.what)} {t('agreed.asked', { name: a.requested_by ?? '', day: day(a.requested_on) })}</span><b class="figure">{a.amount ? moneyIn(a.amount, a.currency) : ''}</b></li>)}
              </ul>
            </Group>
          </>
        )}
      </Load>
    </div>
  );
}
