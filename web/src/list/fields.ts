// What a list of the server consists of, from the generated table: nothing about a field is written by hand.

import type { Operation, Page } from '../api/operation';
import { may } from '../api/session';
import { lists } from '../api/lists';

export type ListName = keyof typeof lists;
export type FieldName = (typeof lists)[ListName]['fields'][number]['name'];
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
  names?: readonly ValueName[];
  marks?: string;
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

/** Fields that tell a person something: not the version, nor ids of what stands beside with its number. */
export function shownFields(list: ListName): readonly ListField[] {
  return table[list].fields.filter((field) => field.name !== 'version' && (field.type !== 'id'));
}

export function fieldOf(list: ListName, name: string): ListField | undefined {
  return table[list].fields.find((field) => field.name === name);
}

export interface ListAsked {
  limit?: number;
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

export function text(row: Row, name: string): string | null {
  const value = row[name];
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
  const own = table[list].fields.filter((field) => has(field, 'filter'));
  const linked = own.flatMap((link) => {
    const to = link.type === 'ref' && isList(link.to) && mayRead(link.to) ? link.to : null;
    if (!to) return [];
    return table[to].fields.filter((field) => has(field, 'reach')).map((field): FilterField => ({ path: `${link.name}.${field.name}`, field, link }));
  });
  return [...own.map((field): FilterField => ({ path: field.name, field, link: null })), ...linked];
}
