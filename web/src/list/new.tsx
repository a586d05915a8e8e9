// A record added to a list, by a form that is made from what the server says of the operation which adds it. Which form is
// open, and what is known beforehand, stands in the address.

import { answer, type Answer } from '../api/client';
import { forms } from '../api/forms';
import type { CustomField } from '../api/types';
import type { Operation } from '../api/operation';
import { customLabel, customName, customsOf, optionLabel } from '../custom/defs';
import { firstsOf, type FormField, type Values } from '../form/fields';
import { RecordForm } from '../form/record';
import { Dialog } from '../kit/dialog';
import { tell } from '../kit/toast';
import { go, path, queryGet } from '../shell/route';
import type { Formed, Input, InputDoc, InputName } from './add';
import { rowName, rowPath } from './cell';
import { findIn } from './edit';
import { isList, listPathOf, mayRead, text, type Row } from './fields';
import { inputHint } from './hints';
import { listPath } from './look';
import { fieldLabel, recordName, valueLabel } from './names';
import { addBack } from './undo';
import { t } from './words';

interface Described {
  name: InputName;
  type: FormField['type'];
  required?: boolean;
  to?: string;
  names?: readonly string[];
  doc?: InputDoc;
  fields?: readonly Described[];
}

/** What it was filled in with narrows what is offered: the orders of the account, the people of the partner. */
function narrowed(list: string, values: Values): string | undefined {
  const by = list === 'contact' ? 'partner' : ['order', 'invoice', 'payment', 'promise'].includes(list) ? 'account' : null;
  const value = by && values[by];
  return typeof value === 'string' && value ? `${by} eq "${value.replace(/["\\]/g, '\\$&')}"` : undefined;
}

function fieldFrom(one: Described): FormField {
  const { to } = one;
  return {
    name: one.name,
    type: one.type,
    label: fieldLabel(one),
    hint: one.doc && inputHint(one.doc),
    isRequired: one.required,
    names: one.names?.map((value) => ({ value, label: valueLabel(one, value) })),
    find: isList(to) && mayRead(to) ? (values) => findIn(to, narrowed(to, values)) : undefined,
    fields: one.fields?.map(fieldFrom),
  };
}

const TYPES: Readonly<Record<CustomField['kind'], FormField['type']>> = { text: 'text', decimal: 'decimal', integer: 'int', date: 'date', yes_no: 'truth', choice: 'enum', money: 'decimal' };

/** One that the organisation added, which says nothing before somebody fills it in. */
function fieldAdded(custom: CustomField): FormField {
  const truth = [{ value: 'true', label: t('list.yes') }, { value: 'false', label: t('list.no') }];
  const options = custom.options.filter((one) => !one.retired).map((one) => ({ value: one.code, label: optionLabel(custom, one.code) }));
  return {
    name: customName(custom), type: TYPES[custom.kind], label: customLabel(custom), isRequired: custom.required, first: '',
    unit: custom.currency,
    names: custom.kind === 'yes_no' ? truth : custom.kind === 'choice' ? options : undefined,
  };
}

export function inputsOf(list: Formed): readonly FormField[] {
  const inputs: readonly Input[] = forms[list].fields;
  return [...inputs.map(fieldFrom), ...customsOf(list).map(fieldAdded)];
}

function createOp(list: Formed): Operation<Record<string, unknown>, Row> {
  return { name: forms[list].operation, method: 'POST', path: listPathOf(list) };
}

/** What the address says beforehand. */
function firstFrom(fields: readonly FormField[]): Values {
  return Object.fromEntries(Object.entries(firstsOf(fields)).flatMap(([name, first]) => {
    const given = typeof first === 'string' ? queryGet(name) : null;
    return given ? [[name, given]] : [];
  }));
}

interface NewProps {
  list: Formed;
  /** With the names that stood in the address. */
  onClose: (names: readonly string[]) => void;
  /** It has no page to open. */
  onAdded: () => void;
}

export default function NewDialog({ list, onClose, onAdded }: NewProps) {
  const fields = inputsOf(list);
  const first = firstFrom(fields);
  const close = () => onClose(['new', ...Object.keys(first)]);
  const done = ({ out: reply, version }: Answer<Row>, members: Record<string, unknown>) => {
    const row: Row = { ...members, ...reply };
    const to = rowPath(list, row);
    // Its own page is none any more.
    const undone = () => path.value === to ? go(listPath(list)) : onAdded();
    const undo = addBack(list, reply, version);
    const name = rowName(row);
    const waits = text(row, 'status') === 'pending' || text(row, 'approval') !== null;
    tell({ text: () => t(waits ? 'list.new.waits' : 'list.new.done', { name }), ...(waits && { tone: 'warn' as const }), undo, undone });
    close();
    if (to) go(to);
    else onAdded();
  };
  return (
    <Dialog title={t('action.new', { what: recordName(list) })} kind="wide" onClose={close}>
      <RecordForm draft={['new', list, ...Object.values(first)].join(' ')} fields={fields} first={first} submit={t('list.new.save')}
        send={(members, key) => answer(createOp(list), members, { key })} onDone={done} onCancel={close} />
    </Dialog>
  );
}
