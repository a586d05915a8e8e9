// All words on the screen: t('key', {parameters}) in the language chosen. The types below make a missing
// key, a key too many, or a parameter that one language forgot an error of the build.

import { signal } from '@preact/signals';
import { stored, storedSet } from '../api/stored';
import { en } from './en';
import { zh } from './zh';

type English = typeof en;
export type Key = keyof English;
export type Catalogue = { readonly [K in Key]: string };
export type Lang = 'en' | 'zh';

/** The names in braces: `{count#day|days}` has the parameter count. */
type Params<S extends string> = S extends `${string}{${infer P}}${infer Rest}`
  ? (P extends `${infer Name}#${string}` ? Name : P) | Params<Rest>
  : never;

type Differing<A extends Catalogue, B extends Catalogue> = {
  [K in Key]: [Params<A[K]>] extends [Params<B[K]>] ? ([Params<B[K]>] extends [Params<A[K]>] ? never : K) : K;
}[Key];

type Arguments<K extends Key> = [Params<English[K]>] extends [never]
  ? []
  : [values: Readonly<Record<Params<English[K]>, string | number>>];

/** Fails to compile, naming the keys, when a translation takes other parameters than English. */
const parametersAgree: [Differing<English, typeof zh>] extends [never] ? true : Differing<English, typeof zh> = true;

const catalogues: Readonly<Record<Lang, Catalogue>> = { en, zh };
const STORED = 'guanxi.lang';

function langFirst(): Lang {
  const chosen = stored(STORED);
  if (chosen === 'en' || chosen === 'zh') return chosen;
  return navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en';
}

export const lang = signal<Lang>(parametersAgree ? langFirst() : 'en');

export function langSet(value: Lang): void {
  storedSet(STORED, value);
  lang.value = value;
}

function fill(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{(\w+)(?:#([^|}]*)\|([^}]*))?\}/g, (_, name: string, one?: string, many?: string) => {
    const value = values[name] ?? '';
    if (one === undefined) return String(value);
    return `${value} ${Number(value) === 1 ? one : many}`;
  });
}

export function t<K extends Key>(key: K, ...values: Arguments<K>): string {
  const text = catalogues[lang.value][key];
  const [filling] = values;
  return filling ? fill(text, filling) : text;
}

/** The word for a value that the server chose, such as a status; the value itself when it is new to us. */
export function word(group: 'state' | 'status' | 'outcome' | 'gate' | 'rule' | 'role' | 'reason' | 'problem', value: string | null): string {
  if (!value) return '';
  const key = `${group}.${value}`;
  return isKey(key) ? catalogues[lang.value][key] : value;
}

/** As t(), for a key put together from what the server sent; null when there is no such key. */
export function sentence(key: string, values: Readonly<Record<string, string | number>>): string | null {
  return isKey(key) ? fill(catalogues[lang.value][key], values) : null;
}

function isKey(key: string): key is Key {
  return Object.hasOwn(en, key);
}
