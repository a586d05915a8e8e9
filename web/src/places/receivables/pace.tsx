// How fast we are paid: for how many days' sales is owed, month by month, and what of what fell due was late.

import { call } from '../../api/client';
import { dso_report, lateness_report, type DsoItem, type DsoMonth, type DsoOut as Dso, type DsoTotal, type LatenessItem, type LatenessOut as Lateness, type LatenessTotal } from '../../api/types';
import { StackedBar } from '../../kit/bar';
import { Link } from '../../kit/link';
import { Load, More, useLiveLoaded, useLivePages } from '../../kit/load';
import { Empty } from '../../kit/notice';
import { Page } from '../../kit/page';
import { Table, type Column } from '../../kit/table';
import { monthName, money, moneyIn, size } from '../../words/format';
import { lang } from '../../words/words';
import { accountPath } from '../account/place';
import { t } from './words';

const PAGE_ROWS = 50;
/** Drawn like the ages of the aging that they resemble. */
const PARTS = { on_time: 'not_due', late: 'd1_30', very_late: 'd61_90', unpaid: 'd91_plus' } as const;
type Part = keyof typeof PARTS;
const NAMES = Object.keys(PARTS) as Part[];

type Paid = LatenessItem | LatenessTotal;

function days(dso: string | null | undefined) {
  return dso ? t('pace.days', { days: Math.round(size(dso)) }) : t('app.none');
}

function share(row: Paid): string {
  return t('pace.share', { percent: row.late_share ?? 0 });
}

function PaidBar({ row }: { row: Paid }) {
  return <StackedBar label={share(row)} parts={NAMES.map((name) => ({ name: PARTS[name], amount: row[name] }))} />;
}

function monthColumns(): Column<DsoMonth>[] {
  return [
    { key: 'month', label: t('pace.month'), lead: true, cell: (m) => monthName((m.month ?? '').slice(0, 7), lang.value, 'short') },
    { key: 'invoiced', label: t('pace.invoiced'), figure: true, cell: (m) => money(m.invoiced) },
    { key: 'receivable', label: t('pace.receivable'), figure: true, cell: (m) => money(m.receivable) },
    { key: 'dso', label: t('pace.dso'), figure: true, corner: true, cell: (m) => <b>{days(m.dso)}</b> },
  ];
}

/** The latest first, from the first in which there was anything. */
function monthsOf(total: DsoTotal): DsoMonth[] {
  const first = total.months.findIndex((m) => size(m.receivable) !== 0 || size(m.invoiced) !== 0);
  return total.months.slice(first).reverse();
}

function Sum({ dso, paid }: { dso: DsoTotal; paid: LatenessTotal | undefined }) {
  return (
    <section class="card aging-sum" aria-label={`${t('aging.sum')} ${dso.currency}`}>
      <header>
        <p class="aging-total"><span class="faint">{dso.currency}</span> {t('pace.dso')} {days(dso.dso)}</p>
        {paid && <p class={paid.late_share ? 'bad' : 'faint'}>{share(paid)}</p>}
      </header>
      {paid && <PaidBar row={paid} />}
      {paid && (
        <ul class="legend">
          {NAMES.map((name) => <li key={name}><span class={`swatch part-${PARTS[name]}`} />{t(`pace.${name}`)}<b>{money(paid[name])}</b></li>)}
        </ul>
      )}
      <Table label={t('pace.months')} columns={monthColumns()} rows={monthsOf(dso)} rowKey={(m) => m.month ?? ''} brief />
    </section>
  );
}

function Who({ row }: { row: DsoItem | LatenessItem }) {
  return <Link to={accountPath(row.account ?? '', 'behaviour')} class="row-link"><strong>{row.partner_name}</strong><span class="faint">{row.account}</span></Link>;
}

function lateColumns(): Column<LatenessItem>[] {
  return [
    { key: 'account', label: t('rec.account'), lead: true, cell: (i) => <Who row={i} /> },
    { key: 'spread', label: t('pace.spread'), wide: true, cell: (i) => <PaidBar row={i} /> },
    { key: 'due', label: t('pace.due'), figure: true, cell: (i) => moneyIn(i.due, i.currency) },
    { key: 'unpaid', label: t('pace.unpaid'), figure: true, cell: (i) => money(i.unpaid) },
    { key: 'share', label: t('pace.late_share'), figure: true, corner: true, cell: (i) => <b>{i.late_share ?? 0}%</b> },
  ];
}

/** The DSO of the last month of the list, and of those before it. */
function before(item: DsoItem, months: number) {
  return days(item.months[item.months.length - 1 - months]?.dso);
}

function dsoColumns(): Column<DsoItem>[] {
  return [
    { key: 'account', label: t('rec.account'), lead: true, cell: (i) => <Who row={i} /> },
    { key: 'receivable', label: t('pace.receivable'), figure: true, cell: (i) => moneyIn(i.receivable, i.currency) },
    { key: 'invoiced', label: t('pace.invoiced_3'), figure: true, cell: (i) => money(i.invoiced) },
    { key: 'before', label: t('pace.before'), figure: true, cell: (i) => before(i, 3) },
    { key: 'dso', label: t('pace.dso'), figure: true, corner: true, cell: (i) => <b>{days(i.dso)}</b> },
  ];
}

interface Sums {
  dso: Dso;
  late: Lateness;
}

async function sumsRead(): Promise<Sums> {
  const [dso, late] = await Promise.all([call(dso_report, { limit: 1 }), call(lateness_report, { limit: 1 })]);
  return { dso, late };
}

function Accounts() {
  const late = useLivePages('pace late', (cursor) => call(lateness_report, { limit: PAGE_ROWS, ...(cursor && { cursor }) }));
  const slow = useLivePages('pace dso', (cursor) => call(dso_report, { limit: PAGE_ROWS, months: 4, ...(cursor && { cursor }) }));
  return (
    <>
      <h2 class="rec-head">{t('pace.late_accounts')}</h2>
      <Load of={late}>
        {(rows) => rows.length
          ? <Table label={t('pace.late_accounts')} columns={lateColumns()} rows={rows} rowKey={(i) => i.account ?? ''} brief />
          : <Empty title={t('pace.late_empty')} hint={t('pace.late_empty.hint')} />}
      </Load>
      <More of={late} />
      <h2 class="rec-head">{t('pace.dso_accounts')}</h2>
      <Load of={slow}>{(rows) => <Table label={t('pace.dso_accounts')} columns={dsoColumns()} rows={rows} rowKey={(i) => i.account ?? ''} brief />}</Load>
      <More of={slow} />
    </>
  );
}

export function Pace() {
  const sums = useLiveLoaded('pace', sumsRead);
  return (
    <Page title={t('pace.title')} intro={t('pace.intro')}>
      <Load of={sums}>
        {({ dso, late }) => dso.totals.length ? (
          <>
            {dso.totals.map((total) => <Sum key={total.currency} dso={total} paid={late.totals.find((one) => one.currency === total.currency)} />)}
            <Accounts />
          </>
        ) : <Empty title={t('pace.empty')} hint={t('pace.empty.hint')} />}
      </Load>
    </Page>
  );
}
