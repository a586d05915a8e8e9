// How an account pays and buys: what fell due each month, split by how late it was paid, with the figures beneath.

import { call } from '../../api/client';
import { may, today } from '../../api/session';
import { invoice_list, payment_list, promise_list, type PromiseView } from '../../api/types';
import { Load, useLoaded } from '../../kit/load';
import { Empty } from '../../kit/notice';
import { Table, type Column } from '../../kit/table';
import { PaidChart, paidColumns, PaidLegend } from '../../partner/paid';
import { SellIn } from '../../partner/sellin';
import { day, size } from '../../words/format';
import { dayPlus } from '../../words/days';
import { monthsOf, summaryOf, type Month } from './behaviour-of';
import { t } from './words';

const YEAR_DAYS = 365;
const MOST = 500;
const MONTHS = 12;

interface Read {
  months: Month[];
  promises: PromiseView[];
  lastPaid: string | null;
}

async function read(account: string): Promise<Read> {
  const since = dayPlus(today(), -YEAR_DAYS);
  const [invoices, promises, payments] = await Promise.all([
    call(invoice_list, { account, sort: '-id', filter: `due_on ge ${since}`, limit: MOST }),
    call(promise_list, { account, filter: `made_on ge ${since}`, limit: MOST }),
    call(payment_list, { account, sort: '-received_on', status: 'posted', limit: 1 }),
  ]);
  return { months: monthsOf(invoices.items, today()).slice(-MONTHS), promises: promises.items, lastPaid: payments.items[0]?.received_on ?? null };
}

function columns(): Column<Month>[] {
  return [
    ...paidColumns<Month>(),
    { key: 'average', label: t('behaviour.average'), figure: true, cell: (m) => t('unit.days', { n: Math.round(m.averageLate) }) },
  ];
}

function Figures({ read: { months, promises, lastPaid } }: { read: Read }) {
  const summary = summaryOf(months);
  const ended = promises.filter((one) => one.status !== 'open');
  const kept = ended.filter((one) => one.status === 'kept').length;
  return (
    <dl class="position-figures">
      <div><dt>{t('behaviour.on_time_share')}</dt><dd>{summary ? `${summary.onTimePercent}%` : t('app.none')}</dd></div>
      <div class={summary && summary.averageLate > 0 ? 'figure-bad' : undefined}><dt>{t('behaviour.average')}</dt><dd>{summary ? t('unit.days', { n: summary.averageLate }) : t('app.none')}</dd></div>
      <div><dt>{t('behaviour.promises')}</dt><dd>{ended.length ? t('behaviour.kept', { kept, all: ended.length }) : t('app.none')}</dd></div>
      <div><dt>{t('behaviour.last_paid')}</dt><dd>{day(lastPaid)}</dd></div>
    </dl>
  );
}

function Pays({ account }: { account: string }) {
  const found = useLoaded(`behaviour ${account}`, () => read(account));
  return (
    <Load of={found} rows={4}>
      {(data) => data.months.length ? (
        <>
          <section class="card position" aria-label={t('account.behaviour')}>
            <Figures read={data} />
            <PaidChart months={data.months} label={t('behaviour.chart')} />
            <PaidLegend months={data.months} />
          </section>
          <Table label={t('behaviour.chart')} columns={columns()} rows={data.months.filter((m) => size(m.amount) > 0).reverse()} rowKey={(m) => m.month} />
        </>
      ) : <Empty title={t('behaviour.empty')} hint={t('behaviour.empty.hint')} />}
    </Load>
  );
}

/** What a partner's own user sees of itself has no reports. */
export function Behaviour({ account }: { account: string }) {
  return (
    <div class="behaviour">
      <Pays account={account} />
      {may('READ') && <SellIn of={{ account }} />}
    </div>
  );
}
