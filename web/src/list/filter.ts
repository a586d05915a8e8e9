// A condition as a tree, to and from the text that the server takes. The tree is what the builder edits; the text is what
// stands in the address.

import type { FilterField, ListField } from './fields';

export type Relation = 'eq' | 'ne' | 'lt' | 'le' | 'gt' | 'ge' | 'has';
export type Joint = 'and' | 'or';

export interface Term {
  /** "tier", "partner.tier" */
  field: string;
  relation: Relation;
  /** null: absent. */
  value: string | null;
}

export interface Group {
  joint: Joint;
  parts: readonly Condition[];
}

export type Condition = Term | Group;

const RELATIONS: readonly Relation[] = ['eq', 'ne', 'lt', 'le', 'gt', 'ge', 'has'];

export function isGroup(one: Condition): one is Group {
  return 'parts' in one;
}

export const NOTHING: Group = { joint: 'and', parts: [] };

/** The server takes a word or a text in quotes; quotes are right for either, but for null. */
export function quoted(value: string): string {
  return /^[\w.:-]+$/.test(value) && value !== 'null' ? value : `"${value.replace(/["\\]/g, '\\$&')}"`;
}

export function termText({ field, relation, value }: Term): string {
  return `${field} ${relation} ${value === null ? 'null' : quoted(value)}`;
}

function textOf(one: Condition, isWithin: boolean): string {
  if (!isGroup(one)) return termText(one);
  const parts = one.parts.map((part) => textOf(part, true)).filter(Boolean);
  if (parts.length < 2) return parts[0] ?? '';
  const joined = parts.join(` ${one.joint} `);
  return isWithin ? `(${joined})` : joined;
}

export function filterText(of: Condition): string {
  return textOf(of, false);
}

/** Both conditions, each of which may be absent. */
export function both(...conditions: readonly (string | null | undefined)[]): string | undefined {
  const given = conditions.filter((one): one is string => Boolean(one));
  return given.length > 1 ? given.map((one) => `(${one})`).join(' and ') : given[0];
}

interface Word {
  text: string;
  isQuoted: boolean;
}

function words(text: string): Word[] | null {
  const found: Word[] = [];
  const pattern = /\s*(?:"((?:[^"\\]|\\["\\])*)"|([()])|([^\s()"]+))/y;
  while (pattern.lastIndex < text.trimEnd().length) {
    const match = pattern.exec(text);
    if (!match) return null;
    const [, inQuotes, bracket, bare] = match;
    found.push({ text: inQuotes?.replace(/\\(["\\])/g, '$1') ?? bracket ?? bare ?? '', isQuoted: inQuotes !== undefined });
  }
  return found;
}

/** null: this is no condition that the builder can show. */
export function filterParse(text: string): Group | null {
  const all = words(text);
  if (!all) return null;
  let at = 0;
  const is = (word: string) => all[at] !== undefined && !all[at]?.isQuoted && all[at]?.text === word;

  const one = (): Condition | null => {
    if (is('(')) {
      at++;
      const within = any();
      if (!within || !is(')')) return null;
      at++;
      return within;
    }
    const [field, relation, value] = all.slice(at, at + 3);
    const known = RELATIONS.find((name) => name === relation?.text);
    if (!field || field.isQuoted || !known || !value || (!value.isQuoted && /^[()]$/.test(value.text))) return null;
    at += 3;
    return { field: field.text, relation: known, value: !value.isQuoted && value.text === 'null' ? null : value.text };
  };
  const joined = (joint: Joint, part: () => Condition | null): Condition | null => {
    const parts: Condition[] = [];
    do {
      if (parts.length) at++;
      const next = part();
      if (!next) return null;
      parts.push(next);
    } while (is(joint));
    return parts.length === 1 ? parts[0] ?? null : { joint, parts };
  };
  const any = () => joined('or', () => joined('and', one));

  if (!all.length) return NOTHING;
  const found = any();
  if (!found || at < all.length) return null;
  return isGroup(found) ? found : { joint: 'and', parts: [found] };
}

export function isOrdered(field: ListField): boolean {
  return ['text', 'int', 'decimal', 'money', 'percent', 'date', 'instant'].includes(field.type);
}

/** How a field can be compared, the likeliest first. */
export function relationsOf(field: ListField): readonly Relation[] {
  if (field.type === 'flags') return ['has'];
  if (field.type === 'text') return field.names ? ['eq', 'ne'] : ['has', 'eq', 'ne'];
  return isOrdered(field) ? ['ge', 'le', 'eq', 'ne', 'gt', 'lt'] : ['eq', 'ne'];
}

/** What a new line of the builder begins with. */
export function termFor({ path, field }: FilterField): Term {
  return { field: path, relation: relationsOf(field)[0] ?? 'eq', value: field.names?.[0] ?? (field.type === 'bool' ? 'true' : '') };
}

/** Lines that nothing was filled into say nothing yet. */
export function isComplete(one: Condition): boolean {
  return isGroup(one) || one.value !== '';
}

export function complete(of: Group): Group {
  return { joint: of.joint, parts: of.parts.filter(isComplete).map((one) => (isGroup(one) ? complete(one) : one)).filter((one) => !isGroup(one) || one.parts.length > 0) };
}

export function termCount(of: Condition): number {
  return isGroup(of) ? of.parts.reduce((sum, part) => sum + termCount(part), 0) : 1;
}
