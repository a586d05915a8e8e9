// The fields that the organisation added: read once, and again whenever a page that shows them is opened.

import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { call } from '../api/client';
import { custom_field_list, type CustomField, type CustomOption } from '../api/types';
import { day, grouped, moneyIn, moneyTyped } from '../words/format';
import { lang } from '../words/words';
import { t } from './words';

export type CustomRecord = CustomField['record'];
export type CustomName = `fields.${string}`;

const PAGE_ROWS = 500;

/** null: not read yet. */
export const customs = signal<readonly CustomField[] | null>(null);

export async function customsRead(): Promise<void> {
  try {
    const { items } = await call(custom_field_list, { sort: 'place', limit: PAGE_ROWS });
    customs.value = items;
  } catch {
    // Without them everything else is shown all the same.
    customs.value ??= [];
  }
}

/** For what does not show them, but goes by their names. */
export async function customsKnown(): Promise<void> {
  if (customs.peek() === null) await customsRead();
}

/** null until they are known. */
export function useCustoms(): readonly CustomField[] | null {
  useEffect(() => void customsRead(), []);
  return customs.value;
}

/** Those of a record that are in use, in their order. */
export function customsOf(record: string): readonly CustomField[] {
  return (customs.value ?? []).filter((one) => one.record === record && !one.retired);
}

export function customName(field: CustomField): CustomName {
  return `fields.${field.code}`;
}

function labelOf(one: Pick<CustomField | CustomOption, 'code' | 'label_en' | 'label_zh'>): string {
  const [first, second] = lang.value === 'zh' ? [one.label_zh, one.label_en] : [one.label_en, one.label_zh];
  return first || second || one.code;
}

export function customLabel(field: CustomField): string {
  return labelOf(field);
}

export function optionLabel(field: CustomField, code: string): string {
  const option = field.options.find((one) => one.code === code);
  return option ? labelOf(option) : code;
}

/** A value in words; '' when there is none. */
export function customText(field: CustomField, value: unknown): string {
  if (value === null || value === undefined || value === '') return '';
  if (field.kind === 'yes_no') return t(String(value) === 'true' ? 'custom.yes' : 'custom.no');
  if (field.kind === 'choice') return optionLabel(field, String(value));
  if (field.kind === 'date') return day(String(value));
  if (field.kind === 'money') return moneyIn(String(value), field.currency);
  return field.kind === 'text' ? String(value) : grouped(String(value));
}

/** Of any record, those that are no longer in use included: as it is called where a name alone tells of it. */
export function customNamed(record: string, name: string): CustomField | undefined {
  return (customs.value ?? []).find((one) => one.record === record && customName(one) === name);
}

/** What an input begins with. */
export function customTyped(value: unknown): string {
  return value === null || value === undefined ? '' : String(value);
}

/** What was typed, as the server takes it; '' is none. */
export function customSent(field: CustomField, typed: string): string | number | boolean | null {
  const text = typed.trim();
  if (text === '') return null;
  if (field.kind === 'yes_no') return text === 'true';
  if (field.kind !== 'decimal' && field.kind !== 'integer' && field.kind !== 'money') return text;
  const plain = moneyTyped(text);
  return field.kind === 'integer' && /^-?\d{1,15}$/.test(plain) ? Number(plain) : plain;
}
