// What a list of the server consists of, from the generated table: nothing about a field is written by hand.

import type { Operation, Page } from '../api/operation';
import { may } from '../api/session';
import { lists } from '../api/lists';
import type { CustomField } from '../api/types';
import { customName, customsOf, type CustomName } from '../custom/defs';

export type ListName = keyof typeof lists;
/** A field that the program has. */
export type OwnName = (typeof lists)[ListName]['fields'][number]['name'];
export type FieldName = OwnName | CustomName;
export type FieldType = (typeof lists)[ListName]['fields'][number]['type'];
type Named<F> = F extends { names: readonly (infer Name)[] } ? Name : never;
/** A value of a field that has some to choose from. */
export type ValueName = Named<(typeof lists)[ListName]['fields'][number]>;
export type Mark = 'sort' | 'filter' | 'reach' | 'group' | 'sum' | 'change' | 'required';

export interface ListField {
  name: FieldName;
  type: FieldType;
  /** What it refers to. */
  to?: string;
  names?: readonly string[];
  marks?: string;
  /** It is one that the organisation added. */
  custom?: CustomField;
  /** The field whose word says better what it is in this list. */
  called?: OwnName;
}

interface List {
  path: string;
  needs: string;
  create?: string;
  change?: string;
  remove?: string;
  reverse?: string;
  fields: readonly ListField[];
}

export type Row = Readonly<Record<string, unknown>>;

const table: Readonly<Record<ListName, List>> = lists;

export const listNames = Object.keys(lists) as readonly ListName[];

export function isList(name: string | null | undefined): name is ListName {
  return name !== null && name !== undefined && Object.hasOwn(lists, name);
}

export function has(field: ListField, mark: Mark): boolean {
  return field.marks?.split(' ').includes(mark) ?? false;
}

export function mayRead(list: ListName): boolean {
  return may(table[list].needs);
}

/** Whether one who is at work here may create, change or remove rows of it at all. */
export function mayWrite(list: ListName, verb: 'create' | 'change' | 'remove' | 'reverse'): boolean {
  const right = table[list][verb];
  return right !== undefined && may(right);
}

export function canChange(list: ListName, field: ListField): boolean {
  return has(field, 'change') && mayWrite(list, 'change');
}

const TYPES: Readonly<Record<CustomField['kind'], FieldType>> = { text: 'text', decimal: 'decimal', integer: 'int', date: 'date', yes_no: 'bool', choice: 'enum', money: 'money' };

/** Known when the definitions are, which a page waits for. */
function customFields(list: ListName): readonly ListField[] {
  return customsOf(list).map((custom) => {
    const isGrouped = custom.kind === 'text' || custom.kind === 'choice' || custom.kind === 'yes_no';
    const marks = ['sort', 'filter', 'reach', 'change', isGrouped && 'group', custom.required && 'required'];
    return {
      name: customName(custom), type: TYPES[custom.kind], custom, marks: marks.filter(Boolean).join(' '),
      ...(custom.kind === 'choice' && { names: custom.options.map((one) => one.code) }),
    };
  });
}

/** Nobody numbers an allocation: the number is that of the invoice it pays. */
function calledIn(list: ListName, field: ListField): ListField {
  return list === 'allocation' && field.name === 'number' ? { ...field, called: 'invoice_number' } : field;
}

function fieldsOf(list: ListName): readonly ListField[] {
  return [...table[list].fields.map((field) => calledIn(list, field)), ...customFields(list)];
}

/** What a row is kept with: what it shows, and the ids of the documents to which it leads. */
export function keptFields(list: ListName): readonly ListField[] {
  return fieldsOf(list).filter((field) => field.name !== 'version' && (field.type !== 'id'));
}

/** Known by their numbers, which stand in fields of their own. */
const DOCUMENTS: readonly string[] = ['order', 'shipment', 'invoice', 'return', 'payment'];

/** Fields that tell a person something: not the version, nor ids of what stands beside with its number. */
export function shownFields(list: ListName): readonly ListField[] {
  return keptFields(list).filter((field) => field.type !== 'ref' || !DOCUMENTS.includes(field.to ?? ''));
}

export function fieldOf(list: ListName, name: string): ListField | undefined {
  return fieldsOf(list).find((field) => field.name === name);
}

export interface ListAsked {
  limit?: number;
  skip?: number;
  cursor?: string;
  sort?: string;
  filter?: string;
}

export function listPathOf(list: ListName): string {
  return table[list].path;
}

export function listOp(list: ListName): Operation<ListAsked, Page<Row>> {
  return { name: `${list}_list`, method: 'GET', path: listPathOf(list) };
}

export function oneOp(list: ListName, method: 'GET' | 'PATCH' | 'DELETE'): Operation<{ row: string } & Record<string, unknown>, Row> {
  return { name: `${list} ${method}`, method, path: `${listPathOf(list)}/{row}` };
}

/** What a row has in a field; custom ones stand together in a member of their own. */
export function valueOf(row: Row, name: string): unknown {
  if (!name.startsWith('fields.') || Object.hasOwn(row, name)) return row[name];
  return (row.fields as Row | undefined)?.[name.slice('fields.'.length)];
}

/** The members of a change that gives a field a value. */
export function changeOf(field: ListField, value: unknown): Record<string, unknown> {
  return field.custom ? { fields: { [field.custom.code]: value } } : { [field.name]: value };
}

export function text(row: Row, name: string): string | null {
  const value = valueOf(row, name);
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : null;
}

export function idOf(row: Row): string {
  return text(row, 'id') ?? '';
}

/** Which fields a field of a filter can be: its own, and those behind a reference. */
export interface FilterField {
  /** "tier", "partner.tier" */
  path: string;
  field: ListField;
  /** The reference that it stands behind. */
  link: ListField | null;
}

export function filterFields(list: ListName): readonly FilterField[] {
  const own = fieldsOf(list).filter((field) => has(field, 'filter'));
  const linked = own.flatMap((link) => {
    const to = link.type === 'ref' && isList(link.to) && mayRead(link.to) ? link.to : null;
    if (!to) return [];
    return fieldsOf(to).filter((field) => has(field, 'reach')).map((field): FilterField => ({ path: `${link.name}.${field.name}`, field, link }));
  });
  return [...own.map((field): FilterField => ({ path: field.name, field, link: null })), ...linked];
}
