// What the server says of something refused, as people read it: what to type where it speaks to programs, else its own
// sentence in English; in Chinese the sentence for it, and where there is none yet, the one for its code, so that nobody
// meets a language not chosen.

import { refusalChinese } from './refusals';
import { saidText } from './said';
import { lang, t, word } from './words';

function stateName(value: string): string | null {
  const name = word('status', value);
  if (name !== value) return name;
  const state = word('state', value);
  return state === value ? null : state;
}

/** The sentence, about the field if one is named, in the language chosen; null where it is not told in that one. */
export function refusalKnown(sentence: string, field?: string): string | null {
  const said = saidText(sentence, field);
  if (said !== null) return said;
  if (lang.value === 'en') return sentence || null;
  return refusalChinese(sentence, stateName);
}

/** For a place that has to say something, such as a field. */
export function refusalText(sentence: string, code = 'ERR_FIELD_INVALID', field?: string): string {
  const known = refusalKnown(sentence, field);
  if (known !== null) return known;
  const coded = word('problem', code);
  return coded === code ? t('problem.title') : coded;
}
