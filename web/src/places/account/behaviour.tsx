// How an account pays and buys: what fell due each month, split by how late it was paid, with the figures beneath.

import { call } from '../../api/client';
import { may, today } from '../../api/session';
import { invoice_list, payment_list, promise_list, type PromiseView } from '../../api/types';
import { Load, useLoaded } from '../../kit/load';
import { Empty } from '../../kit/notice';
import { Table, type Column } from '../../kit/table';
import { SellIn } from '../../partner/sellin';
import { day, money, monthName, percent, size } from '../../words/format';
import { lang } from '../../words/words';
import { dayPlus } from '../../words/days';
import { monthsOf, PARTS, summaryOf, type Month } from './behaviour-of';
import { t } from './words';

const YEAR_DAYS = 365;
const MOST = 500;
const MONTHS = 12;
const WIDE = 720;
const HIGH = 190;
const BASE = HIGH - 24;
const GAP = 0.28;

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

function Chart({ months }: { months: readonly Month[] }) {
  const most = Math.max(...months.map((one) => size(one.amount)), 1);
  const step = WIDE / Math.max(months.length, 6);
  return (
    <svg class="chart" viewBox={`0 0 ${WIDE} ${HIGH}`} role="img" aria-label={t('behaviour.chart')}>
      <line x1="0" x2={WIDE} y1={BASE} y2={BASE} class="chart-base" />
      {months.map((one, i) => {
        let at = BASE;
        return (
          <g key={one.month}>
            {PARTS.map((part) => {
              const high = size(one.parts[part]) / most * (BASE - 14);
              at -= high;
              return high > 0 && <rect key={part} class={`paid-${part}`} x={i * step + step * GAP / 2} width={step * (1 - GAP)} y={at} height={high} />;
            })}
            <text class="chart-month" x={i * step + step / 2} y={HIGH - 6} text-anchor="middle">{one.month.slice(5)}</text>
          </g>
        );
      })}
    </svg>
  );
}

function columns(): Column<Month>[] {
  const share = (month: Month, part: (typeof PARTS)[number]) => size(month.parts[part]) > 0 ? money(month.parts[part]) : <span class="faint">{t('app.none')}</span>;
  return [
    { key: 'month', label: t('behaviour.month'), lead: true, cell: (m) => monthName(m.month, lang.value, 'short') },
    { key: 'amount', label: t('behaviour.due'), figure: true, cell: (m) => money(m.amount) },
    ...PARTS.map((part): Column<Month> => ({ key: part, label: t(`behaviour.${part}`), figure: true, cell: (m) => share(m, part) })),
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

function Legend({ months }: { months: readonly Month[] }) {
  const whole = months.reduce((sum, one) => sum + size(one.amount), 0);
  const shareOf = (part: (typeof PARTS)[number]) => percent(months.reduce((sum, one) => sum + size(one.parts[part]), 0), whole);
  return (
    <ul class="legend">
      {PARTS.map((part) => <li key={part}><span class={`swatch swatch-${part}`} />{t(`behaviour.${part}`)}<b>{shareOf(part)}%</b></li>)}
    </ul>
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
            <Chart months={data.months} />
            <Legend months={data.months} />
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
