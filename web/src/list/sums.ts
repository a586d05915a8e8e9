// What amounts come to, in each currency apart.

import { moneyIn } from '../words/format';
import type { Sums } from './rows';
import { fieldLabel } from './names';
import { fieldOf, type FieldName, type ListName } from './fields';

export interface Sum {
  field: FieldName;
  /** "CNY 1,250.00" for each currency. */
  amounts: readonly string[];
}

export function sumsBy(sums: Sums, fields?: readonly FieldName[]): readonly Sum[] {
  const found = new Map<FieldName, string[]>();
  for (const { field, currency, sum } of sums) {
    // The server sums fields of this list alone.
    const name = field as FieldName;
    if (fields && !fields.includes(name)) continue;
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
