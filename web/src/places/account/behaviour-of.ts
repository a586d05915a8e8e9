// How an account pays, from its invoices: when each was paid against when it was due, month by month.

import type { InvoiceView as Invoice } from '../../api/types';
import type { PaidMonth, PaidPart as Part } from '../../partner/paid';
import { daysBetween, monthAfter, monthOf } from '../../words/days';
import { plus, size } from '../../words/format';

export const SLOW_DAYS = 30;
export interface Month extends PaidMonth {
  /** Weighed by amount; of what is paid or overdue. */
  averageLate: number;
}

const NO_PARTS: Readonly<Record<Part, string>> = { on_time: '0', late: '0', very_late: '0', unpaid: '0' };

interface Paid {
  part: Part;
  late: number;
}

/** Null: not due yet, so that nothing can be said. */
function paidHow(invoice: Invoice, today: string): Paid | null {
  const due = invoice.due_on ?? today;
  const paid = invoice.settled_on;
  const late = daysBetween(due, paid ?? today);
  if (!paid) return late > 0 ? { part: 'unpaid', late } : null;
  return { part: late <= 0 ? 'on_time' : late <= SLOW_DAYS ? 'late' : 'very_late', late };
}

/** Ascending, without gaps between the first and the last month. */
export function monthsOf(invoices: readonly Invoice[], today: string): Month[] {
  const months = new Map<string, Month & { weight: number; days: number }>();
  for (const invoice of invoices) {
    if (invoice.status === 'reversed' || !invoice.due_on) continue;
    const how = paidHow(invoice, today);
    if (!how) continue;
    const key = monthOf(invoice.due_on);
    const month = months.get(key) ?? { month: key, amount: '0', parts: { ...NO_PARTS }, averageLate: 0, weight: 0, days: 0 };
    month.amount = plus(month.amount, invoice.amount);
    month.parts[how.part] = plus(month.parts[how.part], invoice.amount);
    month.weight += size(invoice.amount);
    month.days += size(invoice.amount) * Math.max(0, how.late);
    month.averageLate = month.weight > 0 ? month.days / month.weight : 0;
    months.set(key, month);
  }
  const known = [...months.keys()].sort();
  const all: Month[] = [];
  for (let month = known[0]; month !== undefined && month <= (known.at(-1) ?? ''); month = monthAfter(month)) {
    all.push(months.get(month) ?? { month, amount: '0', parts: NO_PARTS, averageLate: 0 });
  }
  return all;
}

export interface Summary {
  onTimePercent: number;
  averageLate: number;
}

export function summaryOf(months: readonly Month[]): Summary | null {
  const whole = months.reduce((sum, one) => sum + size(one.amount), 0);
  if (whole === 0) return null;
  return {
    onTimePercent: Math.round(months.reduce((sum, one) => sum + size(one.parts.on_time), 0) / whole * 100),
    averageLate: Math.round(months.reduce((sum, one) => sum + one.averageLate * size(one.amount), 0) / whole),
  };
}
