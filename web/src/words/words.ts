// All words on the screen: t('key', {parameters}) in the language chosen. What every place shares is here; each place
// has a catalogue of its own beside its pages, loaded with them. The types below make a missing key, a key too many,
// or a parameter that one language forgot an error of the build.

import { signal } from '@preact/signals';
import { stored, storedSet } from '../api/stored';
import { en } from './en';
import { zh } from './zh';

export type Lang = 'en' | 'zh';
type Texts = Readonly<Record<string, string>>;
type Values = Readonly<Record<string, string | number>>;

/** The names in braces: `{count#day|days}` has the parameter count. */
type Params<S extends string> = S extends `${string}{${infer P}}${infer Rest}`
  ? (P extends `${infer Name}#${string}` ? Name : P) | Params<Rest>
  : never;

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;

/** `Z` where it has the keys of `E` with the same parameters; `never` at each key where it has not. */
export type Agreed<E extends Texts, Z extends Texts> = {
  readonly [K in keyof E | keyof Z]: K extends keyof E & keyof Z
    ? (Same<Params<E[K]>, Params<Z[K]>> extends true ? string : never)
    : never;
};

type Arguments<S extends string> = [Params<S>] extends [never] ? [] : [values: Readonly<Record<Params<S>, string | number>>];

/** `t` of a catalogue. */
export type Say<E extends Texts> = <K extends keyof E & string>(key: K, ...values: Arguments<E[K]>) => string;

export interface Catalogue<E extends Texts> {
  t: Say<E>;
  /** As t(), for a key put together from what the server sent; null when there is no such key. */
  sentence: (key: string, values?: Values) => string | null;
}

/** A name in both languages, for what is declared before any catalogue is loaded. */
export type Both = Readonly<Record<Lang, string>>;

const STORED = 'guanxi.lang';

function langFirst(): Lang {
  const chosen = stored(STORED);
  if (chosen === 'en' || chosen === 'zh') return chosen;
  return navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en';
}

export const lang = signal<Lang>(langFirst());

export function langSet(value: Lang): void {
  storedSet(STORED, value);
  lang.value = value;
}

export function both(name: Both): string {
  return name[lang.value];
}

function fill(text: string, values: Values): string {
  return text.replace(/\{(\w+)(?:#([^|}]*)\|([^}]*))?\}/g, (_, name: string, one?: string, many?: string) => {
    const value = values[name] ?? '';
    if (one === undefined) return String(value);
    return `${value} ${Number(value) === 1 ? one : many}`;
  });
}

function say(texts: Readonly<Record<Lang, Texts>>, key: string, values?: Values): string | null {
  const catalogue = texts[lang.value];
  const text = Object.hasOwn(catalogue, key) ? catalogue[key] : undefined;
  if (text === undefined) return null;
  return values ? fill(text, values) : text;
}

/** The words of a place: its own, with the shared ones behind them. */
export function catalogue<const E extends Texts, const Z extends Texts>(own: E, chinese: Z & Agreed<E, Z>): Catalogue<typeof en & E> {
  const texts = { en: own, zh: chinese };
  const sentence = (key: string, values?: Values) => say(texts, key, values) ?? say(shared, key, values);
  return { t: (key, ...[values]) => sentence(key, values) ?? key, sentence };
}

const shared: Readonly<Record<Lang, Texts>> = { en, zh: zh satisfies Agreed<typeof en, typeof zh> };

export const t: Say<typeof en> = (key, ...[values]) => say(shared, key, values) ?? key;

/** The word for a value that the server chose, such as a status; the value itself when it is new to us. */
export function word(group: 'state' | 'status' | 'outcome' | 'gate' | 'role' | 'reason' | 'problem' | 'kind' | 'asked', value: string | null | undefined): string {
  return value ? say(shared, `${group}.${value}`) ?? value : '';
}
