// What takes back what is done in any list.

import { call } from '../api/client';
import type { Operation } from '../api/operation';
import { account_state_set, type AccountStateIn } from '../api/types';
import { customName, customsOf } from '../custom/defs';
import { inverse, type Inverse } from '../kit/undo';
import { allocationsBack } from '../kit/back';
import { t } from '../words/words';
import { isFormed } from './add';
import { asksReason } from './edit';
import { changeOf, idOf, listPathOf, mayWrite, oneOp, text, valueOf, type ListField, type ListName, type Row } from './fields';

function versionOf(row: Row): number | null {
  return typeof row.version === 'number' ? row.version : null;
}

/** The value that stood there, while nobody has changed the row since. */
export function editBack(list: ListName, field: ListField, before: Row, after: Row): Inverse {
  if (asksReason(list, field)) {
    const state = before[field.name] as AccountStateIn['state'];
    return inverse(account_state_set, { account: text(after, 'code') ?? idOf(after), state, reason: t('undo.reason') }, versionOf(after));
  }
  return inverse(oneOp(list, 'PATCH'), { row: idOf(after), ...changeOf(field, valueOf(before, field.name) ?? null) }, versionOf(after));
}

function reverseOp(list: ListName): Operation<{ row: string; reason: string }, Row> {
  return { name: `${list}_reverse`, method: 'POST', path: `${listPathOf(list)}/{row}/reverse` };
}

/** What was not booked yet waits for someone's consent, and is no record that could be reversed. */
export function addBack(list: ListName, made: Row, version: number | null): readonly Inverse[] {
  if (Array.isArray(made.allocations) && list === 'allocation') return allocationsBack(made.allocations as Parameters<typeof allocationsBack>[0]);
  const row = idOf(made);
  if (!row || ['pending', 'held'].includes(text(made, 'status') ?? '')) return [];
  if (mayWrite(list, 'remove')) return [inverse(oneOp(list, 'DELETE'), { row }, version)];
  return mayWrite(list, 'reverse') ? [inverse(reverseOp(list), { row, reason: t('undo.reason') }, version)] : [];
}

/** From what a row holds, all that its form takes. */
export async function createAgain(list: ListName, row: Row, key: string): Promise<unknown> {
  const { forms } = await import('../api/forms');
  if (!isFormed(list)) return null;
  const members = Object.fromEntries(forms[list].fields.map(({ name }) => [name, row[name] ?? null]));
  const customs = Object.fromEntries(customsOf(list).map((one) => [one.code, valueOf(row, customName(one)) ?? null]));
  return call({ name: forms[list].operation, method: 'POST', path: listPathOf(list) }, { ...members, ...(Object.keys(customs).length && { fields: customs }) }, { key });
}
