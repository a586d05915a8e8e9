// What was invoiced to an account, or to all accounts of a partner, month by month: a picture, and its figures beneath.

import { call } from '../api/client';
import { dso_report, type DsoMonth, type DsoTotal } from '../api/types';
import { Load, useLoaded } from '../kit/load';
import { Empty } from '../kit/notice';
import { Table, type Column } from '../kit/table';
import { monthOf } from '../words/days';
import { money, moneyIn, monthName, size } from '../words/format';
import { lang } from '../words/words';
import { t } from './words';

const MONTHS = 24;
const WIDE = 720;
const HIGH = 190;
const TOP = 26;
const BASE = HIGH - 30;
const GAP = 0.28;
/** Every half year has its name beneath. */
const NAMED = ['01', '07'];

type Of = { account: string } | { partner: string };

function nameOf(month: DsoMonth): string {
  return monthName(monthOf(month.month ?? ''), lang.value, 'short');
}

/** The present month is not over: it is drawn lighter, and says so. */
function told(month: DsoMonth, isLast: boolean): string {
  return isLast ? t('sellin.so_far', { month: nameOf(month) }) : nameOf(month);
}

function MonthName({ month, at }: { month: DsoMonth; at: number }) {
  const anchor = at < WIDE / 8 ? 'start' : at > WIDE * 7 / 8 ? 'end' : 'middle';
  return <text class="chart-month" x={at} y={HIGH - 6} text-anchor={anchor}>{nameOf(month)}</text>;
}

/** A month in which more was taken back than invoiced hangs below the line. */
function Chart({ total, label }: { total: DsoTotal; label: string }) {
  const sizes = total.months.map((one) => size(one.invoiced));
  const most = Math.max(...sizes, 0);
  const least = Math.min(...sizes, 0);
  const scale = (BASE - TOP) / (most - least || 1);
  const zero = TOP + most * scale;
  const step = WIDE / MONTHS;
  const largest = total.months.find((one) => size(one.invoiced) === most);
  return (
    <svg class="chart" viewBox={`0 0 ${WIDE} ${HIGH}`} role="img" aria-label={label}>
      {most > 0 && <line x1="0" x2={WIDE} y1={TOP} y2={TOP} class="chart-most" />}
      {most > 0 && <text class="chart-month" x="0" y={TOP - 7}>{moneyIn(largest?.invoiced, total.currency)}</text>}
      {total.months.map((one, i) => {
        const high = Math.abs(sizes[i] ?? 0) * scale;
        const isLast = i === total.months.length - 1;
        return (
          <g key={one.month}>
            {high > 0 && (
              <rect class={isLast ? 'sold sold-so-far' : 'sold'} x={i * step + step * GAP / 2} width={step * (1 - GAP)} y={(sizes[i] ?? 0) > 0 ? zero - high : zero} height={high}>
                <title>{`${told(one, isLast)}: ${moneyIn(one.invoiced, total.currency)}`}</title>
              </rect>
            )}
            {NAMED.includes((one.month ?? '').slice(5, 7)) && <MonthName month={one} at={i * step + step / 2} />}
          </g>
        );
      })}
      <line x1="0" x2={WIDE} y1={zero} y2={zero} class="chart-base" />
    </svg>
  );
}

function columns(last: DsoMonth | undefined): Column<DsoMonth>[] {
  return [
    { key: 'month', label: t('sellin.month'), lead: true, cell: (m) => told(m, m === last) },
    { key: 'invoiced', label: t('sellin.invoiced'), figure: true, cell: (m) => money(m.invoiced) },
    { key: 'receivable', label: t('sellin.owed'), figure: true, cell: (m) => money(m.receivable) },
  ];
}

function Total({ total }: { total: DsoTotal }) {
  const first = total.months.findIndex((m) => size(m.invoiced) !== 0);
  const label = t('sellin.chart', { currency: total.currency ?? '' });
  return (
    <section class="sellin" aria-label={label}>
      <div class="card sellin-card">
        <h3>{label}</h3>
        <Chart total={total} label={label} />
      </div>
      <Table label={label} columns={columns(total.months.at(-1))} rows={total.months.slice(first).reverse()} rowKey={(m) => m.month ?? ''} />
    </section>
  );
}

export function SellIn({ of }: { of: Of }) {
  const key = 'account' in of ? `account ${of.account}` : `partner ${of.partner}`;
  const found = useLoaded(`sell-in ${key}`, () => call(dso_report, { ...of, months: MONTHS, window: 1, limit: 1 }));
  return (
    <Load of={found} rows={4}>
      {(report) => {
        const sold = report.totals.filter((one) => one.months.some((m) => size(m.invoiced) !== 0));
        return sold.length ? <>{sold.map((one) => <Total key={one.currency} total={one} />)}</> : <Empty title={t('sellin.empty')} hint={t('sellin.empty.hint')} />;
      }}
    </Load>
  );
}
