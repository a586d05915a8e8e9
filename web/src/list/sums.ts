// What amounts come to, in each currency apart.

import { moneyIn, size } from '../words/format';
import type { Sums } from './rows';
import { fieldLabel } from './names';
import { fieldOf, type FieldName, type ListName } from './fields';

export interface Sum {
  field: FieldName;
  /** "CNY 1,250.00" for each currency. */
  amounts: readonly string[];
}

/** A currency in which there is nothing is left out, unless there is nothing in any. */
export function sumsBy(sums: Sums, fields?: readonly FieldName[]): readonly Sum[] {
  const found = new Map<FieldName, string[]>();
  const some = new Set(sums.filter(({ sum }) => size(sum) !== 0).map(({ field }) => field));
  for (const { field, currency, sum } of sums) {
    // The server sums fields of this list alone.
    const name = field as FieldName;
    if ((fields && !fields.includes(name)) || (some.has(field) && size(sum) === 0)) continue;
    found.set(name, [...found.get(name) ?? [], moneyIn(sum, currency)]);
  }
  return [...found].map(([field, amounts]) => ({ field, amounts }));
}

export function sumLabel(list: ListName, name: FieldName): string {
  const field = fieldOf(list, name);
  return field ? fieldLabel(field) : name;
}

/** Of a group: the amounts that are shown. */
export function sumsText(list: ListName, sums: Sums, fields: readonly FieldName[]): string {
  return sumsBy(sums, fields).map(({ field, amounts }) => `${sumLabel(list, field)} ${amounts.join(' + ')}`).join(' · ');
}
