// What the server says of a field is meant for programs ("Send …"); people are told what to type, in their language.

import { t } from './words';

/** What a value of a field is called. The words for choices come with the pages that show them, so those tell it. */
export type Called = (field: string, value: string) => string;

let called: Called = (_, value) => value;

export function choicesCalled(by: Called): void {
  called = by;
}

const SAID = [
  [/^Needed/, 'said.needed'],
  [/^Send (?:text in quotes|a text that is not blank)/, 'said.needed'],
  [/^Send (?:the code, number or id|the id of one)/, 'said.choose'],
  [/^Send (?:a plain decimal|a decimal|it as a string)/, 'said.number'],
  [/^Send a whole number/, 'said.whole'],
  [/^Send an amount of at least 0/, 'said.amount'],
  [/^Send a percentage/, 'said.percent'],
  [/^Send an existing day/, 'said.day'],
  [/^Send a currency/, 'said.currency'],
  [/^Send true or false/, 'said.truth'],
] as const;

const NAMES = /^Send (?:one|a list) of (.+)\.$/;

/** Of the field with that dotted name. Null: it is not said to programs alone. */
export function saidText(sentence: string, field = ''): string | null {
  const names = NAMES.exec(sentence)?.[1];
  if (names) {
    // Without the place in a list, such as that of a second role.
    const parts = field.split('.').filter((part) => !/^\d+$/.test(part));
    // What the organisation added is called by both parts.
    const of = parts.at(-2) === 'fields' ? parts.slice(-2).join('.') : parts.at(-1) ?? '';
    return t('said.names', { names: names.split(', ').map((one) => called(of, one)).join(t('said.names.between')) });
  }
  const known = SAID.find(([pattern]) => pattern.test(sentence));
  return known ? t(known[1]) : null;
}
