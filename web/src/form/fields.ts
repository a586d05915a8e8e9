// What a form consists of that is made from what the server says of an operation, not written by hand: a field a member,
// with its words. Members that are described elsewhere are added as further fields; "a.b" is the member b of the member a.

import { today } from '../api/session';
import type { Find } from '../kit/lookup';
import { moneyTyped } from '../words/format';

/** truth: yes, no, or nothing said. */
export type InputType = 'truth' | 'text' | 'long' | 'int' | 'decimal' | 'limit' | 'bool' | 'date' | 'currency' | 'enum' | 'flags' | 'ref' | 'refs' | 'rows';

type Line = Readonly<Record<string, string>>;
/** What stands in an input: texts as they are typed. */
export type Typed = string | boolean | readonly string[] | readonly Line[];
export type Values = Record<string, Typed>;

export interface FormField {
  name: string;
  type: InputType;
  label: string;
  hint?: string | undefined;
  isRequired?: boolean | undefined;
  /** Stands behind the value, such as a currency. */
  unit?: string | null | undefined;
  /** Of an enum, of flags, of what is neither yes nor no until it is said. */
  names?: readonly { value: string; label: string }[] | undefined;
  /** Of a reference; what else is filled in may narrow it. */
  find?: ((values: Values) => Find) | undefined;
  /** What it begins with, where that is not what its type begins with. */
  first?: Typed | undefined;
  /** Of rows: what each holds. */
  fields?: readonly FormField[] | undefined;
}

export const UNLIMITED = 'unlimited';

/** What an input begins with. */
export function firstOf(field: FormField): Typed {
  if (field.first !== undefined) return field.first;
  if (field.type === 'bool') return false;
  if (['flags', 'refs', 'rows'].includes(field.type)) return [];
  return field.type === 'date' && field.isRequired ? today() : '';
}

export function firstsOf(fields: readonly FormField[]): Values {
  return Object.fromEntries(fields.map((field) => [field.name, firstOf(field)]));
}

export function linesOf(typed: Typed | undefined): readonly Line[] {
  return Array.isArray(typed) ? (typed as readonly (string | Line)[]).filter((one): one is Line => typeof one !== 'string') : [];
}

export function textsOf(typed: Typed | undefined): readonly string[] {
  return Array.isArray(typed) ? (typed as readonly (string | Line)[]).filter((one) => typeof one === 'string') : [];
}

export function textOf(typed: Typed | undefined): string {
  return typeof typed === 'string' ? typed : '';
}

function scalar({ type }: FormField, typed: string): unknown {
  if (type === 'limit') return typed === UNLIMITED ? typed : moneyTyped(typed) || null;
  if (type === 'truth') return typed === 'true';
  if (type === 'decimal') return moneyTyped(typed);
  if (type === 'currency') return typed.trim().toUpperCase();
  const whole = type === 'int' ? moneyTyped(typed) : '';
  return /^-?\d{1,15}$/.test(whole) ? Number(whole) : type === 'long' ? typed : typed.trim();
}

/** As the server takes it; undefined: it was left empty. */
export function sentOf(field: FormField, typed: Typed | undefined): unknown {
  if (field.type === 'bool') return typed === true;
  if (field.type === 'rows') {
    const lines = linesOf(typed).map((line) => membersOf(field.fields ?? [], line));
    return lines.length || field.isRequired ? lines : undefined;
  }
  if (field.type === 'flags' || field.type === 'refs') {
    const all = textsOf(typed);
    return all.length || field.isRequired ? all : undefined;
  }
  const text = textOf(typed);
  return text.trim() === '' && !(field.isRequired && field.type === 'limit') ? undefined : scalar(field, text);
}

/** What is sent; `empty` stands for what was left empty, and undefined leaves it out. */
export function membersOf(fields: readonly FormField[], values: Readonly<Record<string, Typed>>, empty?: null): Record<string, unknown> {
  const members: Record<string, unknown> = {};
  for (const field of fields) {
    const value = sentOf(field, values[field.name]) ?? empty;
    if (value === undefined) continue;
    const [outer = '', inner] = field.name.split('.');
    if (inner === undefined) members[outer] = value;
    else members[outer] = { ...members[outer] as object | undefined, [inner]: value };
  }
  return members;
}
