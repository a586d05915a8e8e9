// How a sum is spread over open invoices: oldest due first as the server does it, or as typed by hand.

import type { AllocationAskIn, InvoiceView as Invoice } from '../../api/types';
import { less, moneyTyped, plus, size } from '../../words/format';

/** Invoice id to the amount as typed. */
export type Parts = Readonly<Record<string, string>>;

export const NO_PARTS: Parts = {};

/** Money earmarked for an order does not pay another one's invoices. */
function payable(invoice: Invoice, order: string): boolean {
  return !order || !invoice.order || invoice.order === order || invoice.order_number === order;
}

/** What the server will do with a payment whose allocations are left to it. `invoices` come oldest due first. */
export function oldestFirst(invoices: readonly Invoice[], amount: string, order: string): Parts {
  const parts: Record<string, string> = {};
  let left = moneyTyped(amount);
  if (!/^\d+(\.\d+)?$/.test(left)) return parts;
  for (const invoice of invoices) {
    if (size(left) <= 0) break;
    if (!payable(invoice, order)) continue;
    const open = invoice.open ?? '0';
    const part = size(less(left, open)) >= 0 ? open : left;
    parts[invoice.id ?? ''] = part;
    left = less(left, part);
  }
  return parts;
}

/** With the decimals that the invoices have, also of nothing. */
export function sumOf(parts: Parts, invoices: readonly Invoice[]): string {
  const open = invoices[0]?.open;
  return Object.values(parts).map(moneyTyped).filter((one) => /^\d+(\.\d+)?$/.test(one)).reduce((sum, one) => plus(sum, one), less(open, open));
}

/** Nothing is left out but nothing: what is no figure goes along, for the server to refuse where it was typed. */
export function isAsked(amount: string): boolean {
  const typed = moneyTyped(amount);
  return typed !== '' && !/^0*(\.0*)?$/.test(typed);
}

export function asked(parts: Parts): AllocationAskIn[] {
  return Object.entries(parts).filter(([, amount]) => isAsked(amount))
    .map(([invoice, amount]) => ({ invoice, amount: moneyTyped(amount) }));
}
