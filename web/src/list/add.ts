// Which lists a record can be added to, and where: by a form that is made from the server's description, or by a page of
// its own that knows more of the matter.

import type { forms } from '../api/forms';
import { itemsPath, takePath, receivablesPath } from '../places/receivables/place';
import { settingsPath } from '../places/settings/place';
import { orderFor } from '../places/order/place';
import { listNames, mayRead, mayWrite, type ListName } from './fields';
import { listPath } from './look';

type Known = Readonly<Record<string, string>>;
type Elsewhere = ((known: Known) => string) | null;

/** Pages that are better at it. A view is saved from the list that it shows. */
const ELSEWHERE = {
  order: ({ account }) => orderFor(account ?? ''),
  payment: ({ account }) => takePath(account),
  promise: ({ account }) => account ? `${itemsPath('promises', account)}&new=1` : `${receivablesPath('promises')}?new=1`,
  user: () => `${settingsPath('users')}?new=1`,
  token: () => settingsPath('tokens'),
  custom_field: () => `${settingsPath('fields')}?new=1`,
  view: null,
} as const satisfies Partial<Record<ListName, Elsewhere>>;

/** Lists with a form of the server's description. */
export type Formed = Exclude<keyof typeof forms, keyof typeof ELSEWHERE>;
type Of<F> = F extends { fields: readonly (infer Inner)[] } ? F | Inner : F;
export type Input = Of<(typeof forms)[Formed]['fields'][number]>;
export type InputName = Input['name'];
export type InputValue = Extract<Input, { names: readonly string[] }>['names'][number];
/** What the server says of an input. */
export type InputDoc = Extract<Input, { doc: string }>['doc'];

const elsewhere: Partial<Record<ListName, Elsewhere>> = ELSEWHERE;

export function isFormed(list: ListName): list is Formed {
  return elsewhere[list] === undefined;
}

/** Where one is added, by a form with what is known beforehand; null: nowhere, or not by who is at work here. */
export function addPath(list: ListName, known: Known = {}): string | null {
  if (!mayRead(list) || !mayWrite(list, 'create') || elsewhere[list] === null) return null;
  return elsewhere[list]?.(known) ?? listPath(list, { new: '1', ...known });
}

export function listsAdded(): readonly ListName[] {
  return listNames.filter((list) => addPath(list) !== null);
}
