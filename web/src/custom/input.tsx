// Inputs for the fields that the organisation added, within any form: a draft holds what was typed under the field's name.

import type { CustomField } from '../api/types';
import { Field } from '../kit/field';
import { customLabel, customName, customsOf, customSent, customTyped, optionLabel, useCustoms, type CustomName, type CustomRecord } from './defs';
import { t } from './words';

export type CustomDraft = Record<CustomName, string>;
export type CustomValues = Record<string, string | number | boolean | null>;

export function draftOf(fields: readonly CustomField[], values: Readonly<Record<string, unknown>>): CustomDraft {
  return Object.fromEntries(fields.map((field) => [customName(field), customTyped(values[field.code])]));
}

/** What differs from before, as the server takes it; undefined: nothing. */
export function sentOf(fields: readonly CustomField[], draft: CustomDraft, before: CustomDraft): CustomValues | undefined {
  const changed = fields.filter((field) => (draft[customName(field)] ?? '') !== (before[customName(field)] ?? ''));
  return changed.length ? Object.fromEntries(changed.map((field) => [field.code, customSent(field, draft[customName(field)] ?? '')])) : undefined;
}

interface InputProps {
  field: CustomField;
  value: string;
  onInput: (value: string) => void;
  error: string | undefined;
  focus?: boolean;
}

function optionsOf(field: CustomField, value: string): { value: string; label: string }[] | undefined {
  const none = { value: '', label: t('app.none') };
  if (field.kind === 'yes_no') return [none, { value: 'true', label: t('custom.yes') }, { value: 'false', label: t('custom.no') }];
  if (field.kind !== 'choice') return undefined;
  // One that is retired stays where it was chosen.
  const offered = field.options.filter((one) => !one.retired || one.code === value);
  return [none, ...offered.map((one) => ({ value: one.code, label: optionLabel(field, one.code) }))];
}

function CustomInput({ field, value, onInput, error, focus = false }: InputProps) {
  const shared = { label: customLabel(field), value, onInput, error, required: field.required, focus };
  const options = optionsOf(field, value);
  if (options) return <Field {...shared} options={options} />;
  if (field.kind === 'date') return <Field {...shared} type="date" />;
  if (field.kind === 'money') return <Field {...shared} type="money" unit={field.currency} />;
  return <Field {...shared} type={field.kind === 'text' ? 'text' : 'quantity'} />;
}

interface InputsProps {
  fields: readonly CustomField[];
  draft: CustomDraft;
  onInput: (name: CustomName, value: string) => void;
  error: (name: string) => string | undefined;
  focus?: boolean;
}

export function CustomInputs({ fields, draft, onInput, error, focus = false }: InputsProps) {
  return (
    <>
      {fields.map((field, i) => (
        <CustomInput key={field.code} field={field} value={draft[customName(field)] ?? ''} onInput={(value) => onInput(customName(field), value)}
          error={error(customName(field))} focus={focus && i === 0} />
      ))}
    </>
  );
}

/** `fields` of what is new, from a member of the same name of its draft. */
export function fieldsIn(record: CustomRecord, draft: CustomDraft): { fields?: CustomValues } {
  const customs = customsOf(record);
  const fields = sentOf(customs, draft, draftOf(customs, {}));
  return fields ? { fields } : {};
}

interface WithinProps {
  record: CustomRecord;
  /** Those that a new record has to have, or the others; all when absent. */
  needed?: boolean;
  draft: CustomDraft;
  onChange: (draft: CustomDraft) => void;
  error: (name: string) => string | undefined;
}

/** In a form that has much else, where they are read by themselves. */
export function CustomsWithin({ record, needed, draft, onChange, error }: WithinProps) {
  useCustoms();
  const fields = customsOf(record).filter((one) => needed === undefined || one.required === needed);
  return <CustomInputs fields={fields} draft={draft} error={error} onInput={(name, typed) => onChange({ ...draft, [name]: typed })} />;
}
