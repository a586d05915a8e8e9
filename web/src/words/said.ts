// What the server says of a field is meant for programs ("Send …"); people are told what to type, in their language. A
// sentence that is not among these is shown as it came.

import { t } from './words';

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

export function saidText(sentence: string): string {
  const names = NAMES.exec(sentence)?.[1];
  if (names) return t('said.names', { names });
  const known = SAID.find(([pattern]) => pattern.test(sentence));
  return known ? t(known[1]) : sentence;
}
