// What is typed of an order, and what of it can be sent already.

import type { OrderPlaceIn } from '../../api/types';
import { fieldsIn, type CustomDraft } from '../../custom/input';
import { moneyTyped } from '../../words/format';

export interface Line {
  product: string;
  name: string;
  quantity: string;
  /** Empty: the price of the product. */
  price: string;
  /** That price. */
  list?: string | null;
}

export interface OrderDraft {
  account: string;
  account_name: string;
  wanted_on: string;
  number: string;
  lines: Line[];
  /** What was split off, for the order after this one. */
  rest: Line[];
  /** What the organisation added. */
  fields: CustomDraft;
}

export const LINE_EMPTY: Line = { product: '', name: '', quantity: '', price: '' };
export const ORDER_EMPTY: OrderDraft = { account: '', account_name: '', wanted_on: '', number: '', lines: [LINE_EMPTY], rest: [], fields: {} };

export function isBlank(line: Line): boolean {
  return !line.product && !line.quantity && !line.price;
}

/** Lines that are begun; the blank one at the end waits for the next. */
export function linesBegun(draft: OrderDraft): { line: Line; at: number }[] {
  return draft.lines.map((line, at) => ({ line, at })).filter(({ line }) => !isBlank(line));
}

function lineIn({ product, quantity, price }: Line): OrderPlaceIn['lines'][number] {
  return { product, quantity: moneyTyped(quantity), ...(price && { unit_price: moneyTyped(price) }) };
}

export function orderIn(draft: OrderDraft): OrderPlaceIn {
  return {
    account: draft.account,
    lines: linesBegun(draft).map(({ line }) => lineIn(line)),
    ...(draft.wanted_on && { wanted_on: draft.wanted_on }),
    ...(draft.number && { number: draft.number }),
    ...fieldsIn('order', draft.fields),
  };
}

/** Of a draft, what can be judged: null while there is no account or no whole line. */
export function judged(draft: OrderDraft): { input: OrderPlaceIn; at: number[] } | null {
  const whole = linesBegun(draft).filter(({ line }) => line.product && Number(moneyTyped(line.quantity)) > 0);
  if (!draft.account || !whole.length) return null;
  const { wanted_on } = draft;
  return {
    input: { account: draft.account, lines: whole.map(({ line }) => lineIn(line)), ...(wanted_on && { wanted_on }) },
    at: whole.map(({ at }) => at),
  };
}

/** "lines.1.quantity" of what was sent, as the line that is shown and its field. */
export function lineField(field: string, at: readonly number[]): { line: number; name: string } | null {
  const parts = /^lines\.(\d+)(?:\.(\w+))?$/.exec(field);
  const line = parts && at[Number(parts[1])];
  return parts && line !== undefined && line !== null ? { line, name: parts[2] ?? 'product' } : null;
}
