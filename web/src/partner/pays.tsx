// How all accounts of a partner pay, each currency by itself: what fell due in each month, by how late it was paid.

import { call } from '../api/client';
import { lateness_report, type LatenessMonth, type LatenessTotal } from '../api/types';
import { Load, useLoaded } from '../kit/load';
import { Empty } from '../kit/notice';
import { Table, type Column } from '../kit/table';
import { monthOf } from '../words/days';
import { size } from '../words/format';
import { PaidChart, paidColumns, PaidLegend, type PaidMonth } from './paid';
import { t } from './words';

const MONTHS = 12;

interface Month extends PaidMonth {
  lateShare: number | null | undefined;
}

function monthOfReport(one: LatenessMonth): Month {
  return {
    month: monthOf(one.month ?? ''), amount: one.due ?? '0', lateShare: one.late_share,
    parts: { on_time: one.on_time ?? '0', late: one.late ?? '0', very_late: one.very_late ?? '0', unpaid: one.unpaid ?? '0' },
  };
}

function columns(): Column<Month>[] {
  return [
    ...paidColumns<Month>(),
    { key: 'late_share', label: t('paid.late_share'), figure: true, cell: (m) => t('paid.share', { percent: m.lateShare ?? 0 }) },
  ];
}

function Total({ total }: { total: LatenessTotal }) {
  const label = t('paid.chart', { currency: total.currency ?? '' });
  const months = total.months.map(monthOfReport);
  return (
    <section class="pays" aria-label={label}>
      <div class="card sellin-card">
        <header class="row spread"><h3>{label}</h3><span class={total.late_share ? 'bad' : 'faint'}>{t('paid.share_of_all', { percent: total.late_share ?? 0 })}</span></header>
        <PaidChart months={months} label={label} />
        <PaidLegend months={months} />
      </div>
      <Table label={label} columns={columns()} rows={months.filter((m) => size(m.amount) > 0).reverse()} rowKey={(m) => m.month} />
    </section>
  );
}

export function Pays({ partner }: { partner: string }) {
  const found = useLoaded(`pays partner ${partner}`, () => call(lateness_report, { partner, months: MONTHS, limit: 1 }));
  return (
    <Load of={found} rows={4}>
      {(report) => report.totals.length
        ? <>{report.totals.map((one) => <Total key={one.currency} total={one} />)}</>
        : <Empty title={t('paid.empty')} hint={t('paid.empty.hint')} />}
    </Load>
  );
}
