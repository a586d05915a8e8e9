// What the person at work prefers: language, and how numbers and days are written. It comes with the session and is kept on
// the server; until it is known, what is usual.

import { signal } from '@preact/signals';
import type { Preference } from '../api/types';
import { langSet } from './words';

const USUAL: Preference = { language: null, numbers: null, days: null };

export const preferred = signal<Preference>(USUAL);

/** Null: nobody is at work. */
export function prefer(value: Preference | null): void {
  const { language, numbers, days } = value ?? USUAL;
  preferred.value = { language, numbers, days };
  if (language) langSet(language);
}
