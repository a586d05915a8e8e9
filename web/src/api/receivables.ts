import type { Operation, Page } from './operation';

type Maybe = string | null;
export interface InvoiceView {
  id?: string; number: Maybe; account: Maybe; currency: Maybe; amount: Maybe; open: Maybe; invoiced_on: Maybe; due_on: Maybe; status: Maybe;
}
export interface AgingRow {
  not_due: Maybe; d1_30: Maybe; d31_60: Maybe; d61_90: Maybe; d91_plus: Maybe; cheque: Maybe; advance: Maybe; total: Maybe;
}
export interface AgingItem extends AgingRow { account: Maybe; currency: Maybe }
export interface AgingReport { as_of?: Maybe; items: AgingItem[]; total: unknown }
export const invoice_list: Operation<{ account?: string; limit?: number; sort?: string; cursor?: string }, Page<InvoiceView>> = { name: 'invoice_list', method: 'GET', path: '/invoices' };
export const aging_report: Operation<{ as_of?: string }, AgingReport> = { name: 'aging_report', method: 'GET', path: '/reports/aging' };
