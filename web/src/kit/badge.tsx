// A state in one word, its weight in its colour; the word always stands, colour alone says nothing.

import { word } from '../words/words';
import type { Tone } from './notice';

const TONES: Readonly<Record<string, Tone>> = {
  in_force: 'good', active: 'good', pass: 'good', approved: 'good', kept: 'good', settled: 'good', paid: 'good',
  warn: 'warn', watch: 'warn', pending: 'warn', partly_kept: 'warn', prepay: 'warn', pay_down: 'warn',
  hold: 'bad', held: 'bad', refuse: 'bad', stop: 'bad', broken: 'bad', bounced: 'bad', rejected: 'bad', overdue: 'bad',
};

export function Badge({ group, value }: { group: 'state' | 'status' | 'outcome'; value: string | null }) {
  if (!value) return null;
  return <span class={`badge badge-${TONES[value] ?? 'plain'}`}>{word(group, value)}</span>;
}
