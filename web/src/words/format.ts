// Amounts, dates and shares as people read them. Amounts stay text: a binary fraction never touches them,
// except where a bar needs a width.

import { preferred } from './prefer';
import { lang, t } from './words';

/** What the server may leave out: its shapes say of most members that they can be absent. */
export type Maybe = string | null | undefined;

/** What stands between thousands, and before decimals. */
const SIGNS = { comma: [',', '.'], point: ['.', ','], blank: ['\u00a0', '.'], plain: ['', '.'] } as const;

function signs(): (typeof SIGNS)[keyof typeof SIGNS] {
  return SIGNS[preferred.value.numbers ?? 'comma'];
}

/** "1234567.50" to "1,234,567.50", or as one prefers. */
export function money(amount: Maybe): string {
  if (!amount) return t('app.none');
  const match = /^(-?)(\d+)(\.\d+)?$/.exec(amount);
  if (!match) return amount;
  const [, sign = '', whole = '', rest = ''] = match;
  const [thousands, decimal] = signs();
  return (sign ? '−' : '') + whole.replace(/\B(?=(\d{3})+$)/g, thousands) + rest.replace('.', decimal);
}

/** How many, as amounts are written. */
export function whole(count: number): string {
  return money(String(count));
}

export function moneyIn(amount: Maybe, currency: Maybe): string {
  return currency ? `${currency} ${money(amount)}` : money(amount);
}

/** "1,250" as typed to "1250"; what is no number stays, for the server to name. */
export function moneyTyped(text: string): string {
  const bare = text.trim().replaceAll(/\s/g, '');
  if (preferred.value.numbers === 'point') return bare.replaceAll('.', '').replace(/[,，]/, '.');
  return bare.replaceAll(/[,，]/g, '').replace('。', '.');
}

/** What was typed into a field of figures, with its thousands set apart once it is left; anything else as typed. */
export function grouped(text: string): string {
  const plain = moneyTyped(text);
  return /^\d+(\.\d+)?$/.test(plain) ? money(plain) : text;
}

export function limitText(limit: Maybe): string {
  if (!limit) return t('limit.not_set');
  return limit === 'unlimited' ? t('limit.unlimited') : money(limit);
}

const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];

/** By hand: a browser takes longer to make its first writer of dates than to show a whole list. `month` counts from 1. */
function monthWord(month: string, form: 'long' | 'short'): string {
  const name = MONTHS[Number(month) - 1] ?? month;
  return form === 'long' ? name : name.slice(0, 3);
}

export function day(date: Maybe): string {
  if (!date) return t('app.none');
  if (preferred.value.days === 'iso') return date.slice(0, 10);
  const parts = /^(\d{4})-(\d\d)-(\d\d)/.exec(date);
  if (!parts) return date;
  const [, year = '', month = '', of] = parts;
  if (lang.value === 'zh') return `${year}年${Number(month)}月${Number(of)}日`;
  return `${Number(of)} ${monthWord(month, 'short')} ${year}`;
}

/** An instant in the time of this place. */
export function moment(at: Maybe, form: 'seconds' | 'minutes' = 'seconds'): string {
  if (!at) return t('app.none');
  const value = new Date(at);
  if (Number.isNaN(value.getTime())) return at;
  const local = new Date(value.getTime() - value.getTimezoneOffset() * 60_000).toISOString();
  return `${day(local)} ${local.slice(11, form === 'seconds' ? 19 : 16)}`;
}

/** "2025-06" as people call it. */
export function monthName(month: string, language: 'en' | 'zh', form: 'long' | 'short' = 'long'): string {
  const [year = '', number = ''] = month.split('-');
  return language === 'zh' ? `${year}年${Number(number)}月` : `${monthWord(number, form)} ${year}`;
}

/** A width or an order of size, never an amount to show. */
export function size(amount: Maybe): number {
  const value = Number(amount ?? '0');
  return Number.isFinite(value) ? value : 0;
}

export function percent(part: number, whole: number): number {
  return whole > 0 ? Math.round((part / whole) * 1000) / 10 : 0;
}

/** A limit that can be passed: neither absent nor unlimited. */
export function isBound(limit: Maybe): limit is string {
  return Boolean(limit) && limit !== 'unlimited';
}

/** a − b of two amounts, exactly. */
export function less(first: Maybe, second: Maybe): string {
  return reckoned(first, second, (a, b) => a - b);
}

/** a + b of two amounts, exactly. */
export function plus(first: Maybe, second: Maybe): string {
  return reckoned(first, second, (a, b) => a + b);
}

function reckoned(first: Maybe, second: Maybe, how: (a: bigint, b: bigint) => bigint): string {
  const a = first ?? '0';
  const b = second ?? '0';
  const decimals = Math.max(decimalsOf(a), decimalsOf(b));
  const units = how(unitsOf(a, decimals), unitsOf(b, decimals));
  const digits = (units < 0n ? -units : units).toString().padStart(decimals + 1, '0');
  const split = digits.length - decimals;
  const text = decimals ? `${digits.slice(0, split)}.${digits.slice(split)}` : digits;
  return units < 0n ? `-${text}` : text;
}

function decimalsOf(amount: string): number {
  return amount.includes('.') ? amount.length - amount.indexOf('.') - 1 : 0;
}

function unitsOf(amount: string, decimals: number): bigint {
  const [whole = '0', rest = ''] = amount.replace('-', '').split('.');
  const units = BigInt((whole || '0') + rest.padEnd(decimals, '0'));
  return amount.startsWith('-') ? -units : units;
}
