// One field of one row, changed where it stands. What was read goes along, so that what somebody else did meanwhile is shown
// and not overwritten.

import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { call } from '../api/client';
import { problemFrom } from '../api/problem';
import { may } from '../api/session';
import { account_state_set, type AccountStateIn } from '../api/types';
import { InForm, useAwaiting } from '../kit/await';
import { Button } from '../kit/button';
import { Dialog } from '../kit/dialog';
import { Check, Field } from '../kit/field';
import { Lookup, type Choice, type Find } from '../kit/lookup';
import { hasText } from '../find/refs';
import { moneyIn, moneyTyped } from '../words/format';
import { cellText, rowName } from './cell';
import { canChange, changeOf, has, idOf, isList, listOp, mayRead, oneOp, text, valueOf, type ListField, type ListName, type Row } from './fields';
import { both } from './filter';
import { findFields } from './look';
import { fieldLabel, valueLabel } from './names';
import { t } from './words';

const EDITED: readonly string[] = ['text', 'int', 'decimal', 'bool', 'date', 'enum', 'ref', 'currency', 'percent', 'flags'];
const STALE = 'ERR_VERSION_STALE';
const MOST = 12;

/** An account's state is set by an operation of its own, which asks why. */
export function asksReason(list: ListName, field: ListField): boolean {
  return list === 'account' && field.name === 'state';
}

export function isEdited(list: ListName, field: ListField): boolean {
  if (asksReason(list, field)) return may('ACCOUNT_STATE');
  return canChange(list, field) && EDITED.includes(field.type);
}

/** A set is typed as its members in their order, with commas between. */
function setOf(typed: string): readonly string[] {
  return typed.split(',').filter(Boolean);
}

/** What was typed as the server takes it; '' clears. */
export function sentValue(field: ListField, typed: string): unknown {
  if (field.type === 'flags') return setOf(typed);
  const value = field.type === 'decimal' ? moneyTyped(typed) : typed.trim();
  if (value === '') return null;
  if (field.type === 'int') return Number.isInteger(Number(value)) ? Number(value) : value;
  if (field.type === 'bool') return value === 'true';
  return value;
}

/** What an input begins with. */
export function typedValue(field: ListField, row: Row): string {
  const value = valueOf(row, field.name);
  return value === null || value === undefined ? '' : String(value);
}

export type Saved = { kind: 'done' | 'waits'; row: Row } | { kind: 'stale'; row: Row };

interface SaveAsked {
  list: ListName;
  row: Row;
  field: ListField;
  typed: string;
  reason?: string;
  /** Sent twice under one, it is done once. */
  key?: string;
}

/** Answers the row as it is afterwards. Throws what the server refuses, but for a row that was changed meanwhile. */
export async function save({ list, row, field, typed, reason, key }: SaveAsked): Promise<Saved> {
  const id = idOf(row);
  const value = sentValue(field, typed);
  const version = row.version;
  const read = () => call(oneOp(list, 'GET'), { row: id });
  try {
    if (asksReason(list, field)) {
      await call(account_state_set, { account: text(row, 'code') ?? id, state: typed as AccountStateIn['state'], reason: reason ?? '' }, key ? { key } : {});
    } else {
      await call(oneOp(list, 'PATCH'), { row: id, ...changeOf(field, value) }, { ...(key && { key }), ...(typeof version === 'number' && { match: version }) });
    }
  } catch (error) {
    if (problemFrom(error).code !== STALE) throw error;
    return { kind: 'stale', row: await read() };
  }
  const after = await read();
  const isSo = typedValue(field, after) === String(value ?? '') || sameNumber(typedValue(field, after), String(value ?? ''));
  return { kind: isSo ? 'done' : 'waits', row: after };
}

function sameNumber(a: string, b: string): boolean {
  return a !== '' && b !== '' && Number(a) === Number(b);
}

/** Lists whose records are known by their number. */
const NUMBERED: readonly ListName[] = ['order', 'invoice', 'credit_note'];

/** How a row is named in a reference to it. */
function refOf(list: ListName, row: Row): string {
  return text(row, 'code') ?? (list === 'user' ? text(row, 'name') : NUMBERED.includes(list) ? text(row, 'number') : null) ?? idOf(row);
}

function choiceOf(list: ListName, row: Row): Choice {
  const value = refOf(list, row);
  const label = text(row, 'name') ?? text(row, 'number') ?? text(row, 'partner_name') ?? value;
  const code = text(row, 'code');
  const amount = text(row, 'amount') ?? text(row, 'total');
  const told = [code !== label && code, label !== text(row, 'partner_name') && text(row, 'partner_name'), amount && moneyIn(amount, text(row, 'currency')), text(row, 'reference')].filter(Boolean).join(' · ');
  return { value, label, ...(told && { hint: told }) };
}

/** Rows of what a reference names, by part of a code or a name; `narrow` is a condition besides. */
export function findIn(list: ListName, narrow?: string): Find {
  const fields = findFields(list);
  return async (typed, abort) => {
    const filter = both(hasText(fields, typed), narrow);
    const page = await call(listOp(list), { limit: MOST, ...(filter && { filter }) }, { abort });
    return page.items.map((row) => choiceOf(list, row));
  };
}

export function hasFind(field: ListField): boolean {
  return field.type === 'ref' && isList(field.to) && mayRead(field.to) && findFields(field.to).length > 0;
}

interface ValueProps {
  list: ListName;
  field: ListField;
  value: string;
  onInput: (value: string) => void;
  label: string;
  hideLabel?: boolean;
  focus?: boolean;
  /** It may be left empty. */
  canClear?: boolean;
  error?: string | undefined;
}

/** Each member is there or not; one press, and several may be made before it is saved. */
function SetField({ field, value, onInput, label, error, focus }: ValueProps) {
  const chosen = setOf(value);
  const put = (name: string, on: boolean) => onInput((field.names ?? []).filter((one) => (one === name ? on : chosen.includes(one))).join());
  return (
    <fieldset class="list-set">
      <legend class="unseen">{label}</legend>
      {field.names?.map((name, i) => <Check key={name} label={valueLabel(field, name)} checked={chosen.includes(name)} onChange={(on) => put(name, on)} focus={focus && i === 0} />)}
      {error && <p class="field-error">{error}</p>}
    </fieldset>
  );
}

/** The input that fits a field. */
export function ValueField(props: ValueProps) {
  const { field, value, onInput, label, hideLabel, focus, canClear, error } = props;
  if (field.type === 'flags') return <SetField {...props} />;
  const shared = { label, value, onInput, error, ...(hideLabel && { hideLabel }), ...(focus && { focus }) };
  const names = field.type === 'bool' ? ['true', 'false'] : field.names;
  if (names) {
    const options = names.map((name) => ({ value: name, label: field.type === 'bool' ? t(name === 'true' ? 'list.yes' : 'list.no') : valueLabel(field, name) }));
    return <Field {...shared} options={canClear ? [{ value: '', label: t('app.none') }, ...options] : options} />;
  }
  if (hasFind(field) && isList(field.to)) {
    return <Lookup label={label} value={value} find={findIn(field.to)} onChoose={(chosen) => onInput(chosen)} error={error} {...(hideLabel && { hideLabel })} {...(focus && { focus })} />;
  }
  if (field.type === 'date') return <Field {...shared} type="date" />;
  if (field.type === 'instant') return <Field {...shared} type="date" />;
  if (['money', 'decimal', 'percent', 'int', 'limit'].includes(field.type)) return <Field {...shared} type="quantity" />;
  return <Field {...shared} />;
}

interface EditorProps {
  list: ListName;
  field: ListField;
  row: Row;
  /** With the row as it was when one began, which the server holds against what it is by now. */
  onSave: (typed: string, began: Row) => void;
  onCancel: () => void;
}

/** Above everything, where its cell is, as far as the screen reaches: a list is no higher than its rows. */
function lift(box: HTMLElement): void {
  const at = (box.closest('.list-cell') ?? box).getBoundingClientRect();
  box.setAttribute('popover', 'manual');
  box.showPopover();
  box.style.left = `${Math.max(8, Math.min(at.left, innerWidth - box.offsetWidth - 8))}px`;
  box.style.top = `${Math.max(8, Math.min(at.top, innerHeight - box.offsetHeight - 8))}px`;
}

/** In place of the cell: Enter and leaving it keep what was typed, Escape does not. */
export function CellEditor({ list, field, row, onSave, onCancel }: EditorProps) {
  const [began] = useState(row);
  const [value, setValue] = useState(typedValue(field, row));
  const newest = useRef(value);
  newest.current = value;
  const box = useRef<HTMLDivElement>(null);
  const isOver = useRef(false);
  const isSet = field.type === 'flags';
  const first = typedValue(field, began);
  const end = (isKept: boolean) => {
    if (isOver.current) return;
    isOver.current = true;
    if (isKept && newest.current !== first) onSave(newest.current, began);
    else onCancel();
  };
  const { submit, looking } = useAwaiting(() => end(true));
  // Before the next key, which belongs to it.
  useLayoutEffect(() => {
    if (isSet && box.current) lift(box.current);
    const input = box.current?.querySelector<HTMLInputElement | HTMLSelectElement>('input, select');
    input?.focus();
    if (input instanceof HTMLInputElement && input.type === 'text') input.select();
  }, []);
  const change = (typed: string) => {
    newest.current = typed;
    setValue(typed);
    if (hasFind(field)) end(true);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    if (event.key === 'Escape') end(false);
    else if (event.key === 'Enter') submit();
    else {
      event.stopPropagation();
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };
  const onFocusOut = (event: FocusEvent) => {
    // A list of choices takes no focus, so leaving is leaving.
    if (!box.current?.contains(event.relatedTarget as Node | null)) setTimeout(submit);
  };
  return (
    <div class={`list-editor${isSet ? ' list-editor-set' : ''}`} ref={box} onKeyDown={onKeyDown} onFocusOut={onFocusOut}
      // A press on a word would take the focus from its box, and leaving keeps what was chosen.
      onMouseDown={(event) => isSet && event.preventDefault()}>
      <InForm.Provider value={looking}>
        <ValueField list={list} field={field} value={value} onInput={change} label={t('list.edit', { field: fieldLabel(field) })} hideLabel
          canClear={!has(field, 'required') && !asksReason(list, field) && (field.type !== 'bool' || field.custom !== undefined)} />
      </InForm.Provider>
    </div>
  );
}

interface ConflictProps {
  field: ListField;
  /** As it is now. */
  row: Row;
  /** What was typed. */
  mine: string;
  onPut: () => void;
  onClose: () => void;
}

export function ConflictDialog({ field, row, mine, onPut, onClose }: ConflictProps) {
  const wanted = cellText(field, { [field.name]: sentValue(field, mine) }) || t('app.none');
  return (
    <Dialog title={t('list.conflict')} onClose={onClose}>
      <p>{t('list.conflict.text', { field: fieldLabel(field), name: rowName(row) })}</p>
      <dl class="list-conflict">
        <div><dt>{t('list.conflict.mine')}</dt><dd>{wanted}</dd></div>
        <div><dt>{t('list.conflict.theirs')}</dt><dd>{cellText(field, row) || t('app.none')}</dd></div>
      </dl>
      <div class="form-foot">
        <Button onClick={onClose} focus>{t('list.conflict.keep')}</Button>
        <Button kind="primary" onClick={onPut}>{t('list.conflict.put')}</Button>
      </div>
    </Dialog>
  );
}

interface ReasonProps {
  field: ListField;
  row: Row;
  onReason: (reason: string) => void;
  onClose: () => void;
}

export function ReasonDialog({ field, row, onReason, onClose }: ReasonProps) {
  const [reason, setReason] = useState('');
  const send = (event: Event) => {
    event.preventDefault();
    if (reason.trim()) onReason(reason.trim());
  };
  return (
    <Dialog title={`${t('list.edit', { field: fieldLabel(field) })}: ${rowName(row)}`} onClose={onClose}>
      <form class="form" onSubmit={send}>
        <Field label={t('list.edit.reason')} value={reason} onInput={setReason} required focus />
        <div class="form-foot"><Button kind="primary" submit>{t('list.edit.put')}</Button><Button onClick={onClose}>{t('app.cancel')}</Button></div>
      </form>
    </Dialog>
  );
}
