// What fell due each month, split by how late it was paid: a picture, what its colours are, and columns of a table beneath.

import type { Column } from '../kit/table';
import { money, monthName, percent, size } from '../words/format';
import { lang } from '../words/words';
import { t } from './words';

export const PAID_PARTS = ['on_time', 'late', 'very_late', 'unpaid'] as const;
export type PaidPart = (typeof PAID_PARTS)[number];

export interface PaidMonth {
  /** As 2026-03. */
  month: string;
  /** All that fell due in it. */
  amount: string;
  parts: Record<PaidPart, string>;
}

const WIDE = 720;
const HIGH = 190;
const BASE = HIGH - 30;
const TOP = 14;
const GAP = 0.28;
const FEWEST = 6;

function Stack({ month, at, step, scale }: { month: PaidMonth; at: number; step: number; scale: number }) {
  let y = BASE;
  return (
    <g>
      {PAID_PARTS.map((part) => {
        const high = size(month.parts[part]) * scale;
        y -= high;
        return high > 0 && (
          <rect key={part} class={`paid-${part}`} x={at + step * GAP / 2} width={step * (1 - GAP)} y={y} height={high}>
            <title>{`${monthName(month.month, lang.value, 'short')}, ${t(`paid.${part}`)}: ${money(month.parts[part])}`}</title>
          </rect>
        );
      })}
      <text class="chart-month" x={at + step / 2} y={HIGH - 6} text-anchor="middle">{month.month.slice(5)}</text>
    </g>
  );
}

export function PaidChart({ months, label }: { months: readonly PaidMonth[]; label: string }) {
  const most = Math.max(...months.map((one) => size(one.amount)), 1);
  const step = WIDE / Math.max(months.length, FEWEST);
  return (
    <svg class="chart" viewBox={`0 0 ${WIDE} ${HIGH}`} role="img" aria-label={label}>
      <line x1="0" x2={WIDE} y1={BASE} y2={BASE} class="chart-base" />
      {months.map((one, i) => <Stack key={one.month} month={one} at={i * step} step={step} scale={(BASE - TOP) / most} />)}
    </svg>
  );
}

export function PaidLegend({ months }: { months: readonly PaidMonth[] }) {
  const sum = (of: (month: PaidMonth) => string) => months.reduce((all, one) => all + size(of(one)), 0);
  const whole = sum((one) => one.amount);
  return (
    <ul class="legend">
      {PAID_PARTS.map((part) => <li key={part}><span class={`swatch swatch-${part}`} />{t(`paid.${part}`)}<b>{percent(sum((one) => one.parts[part]), whole)}%</b></li>)}
    </ul>
  );
}

export function paidColumns<M extends PaidMonth>(): Column<M>[] {
  return [
    { key: 'month', label: t('paid.month'), lead: true, cell: (m) => monthName(m.month, lang.value, 'short') },
    { key: 'amount', label: t('paid.due'), figure: true, cell: (m) => money(m.amount) },
    ...PAID_PARTS.map((part): Column<M> => ({
      key: part, label: t(`paid.${part}`), figure: true, cell: (m) => size(m.parts[part]) > 0 ? money(m.parts[part]) : <span class="faint">{t('app.none')}</span>,
    })),
  ];
}
