// The input that fits a field of a form: figures and days as one prefers them, references by typing part of them.

import type { ComponentChildren } from 'preact';
import { useId, useState } from 'preact/hooks';
import { Button } from '../kit/button';
import { Check, Field } from '../kit/field';
import { Icon } from '../kit/icon';
import { Lookup } from '../kit/lookup';
import { linesOf, textOf, textsOf, UNLIMITED, type FormField, type Typed, type Values } from './fields';
import { saidText } from '../words/said';
import { t } from './words';

interface InputProps {
  field: FormField;
  values: Values;
  onInput: (typed: Typed) => void;
  /** What is wrong with it, or with what is in it, by the name that the server gives it. */
  error: (name: string) => string | undefined;
  focus?: boolean | undefined;
}

function Group({ field, error, children }: { field: FormField; error: string | undefined; children: ComponentChildren }) {
  const id = useId();
  const described = [field.hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ') || undefined;
  return (
    <fieldset class={`form-group${error ? ' field-bad' : ''}`} aria-describedby={described}>
      <legend>{field.label}</legend>
      {children}
      {error && <p id={`${id}-error`} class="field-error">{saidText(error)}</p>}
      {field.hint && <p id={`${id}-hint`} class="field-hint">{field.hint}</p>}
    </fieldset>
  );
}

function Flags({ field, values, onInput, error, focus }: InputProps) {
  const chosen = textsOf(values[field.name]);
  return (
    <Group field={field} error={error(field.name)}>
      <div class="form-checks">
        {field.names?.map(({ value, label }, i) => (
          <Check key={value} label={label} checked={chosen.includes(value)} focus={focus && i === 0}
            onChange={(on) => onInput(on ? [...chosen, value] : chosen.filter((one) => one !== value))} />
        ))}
      </div>
    </Group>
  );
}

/** What was chosen is called as the list called it; after a reload, as it is sent. */
function Reference({ field, values, onInput, error, focus }: InputProps) {
  const [shown, setShown] = useState<{ value: string; label: string } | null>(null);
  const value = textOf(values[field.name]);
  if (!field.find) return <Field label={field.label} hint={field.hint} value={value} onInput={onInput} error={error(field.name)} required={field.isRequired} focus={focus} />;
  return (
    <Lookup label={field.label} hint={field.hint} value={value} find={field.find(values)} error={error(field.name)} required={field.isRequired} focus={focus}
      shown={shown?.value === value ? shown.label : undefined}
      onChoose={(chosen, choice) => {
        setShown(choice);
        onInput(chosen);
      }} />
  );
}

function References({ field, values, onInput, error, focus }: InputProps) {
  const [names, setNames] = useState<Readonly<Record<string, string>>>({});
  const chosen = textsOf(values[field.name]);
  return (
    <Group field={field} error={error(field.name)}>
      {chosen.length > 0 && (
        <ul class="chips">
          {chosen.map((value) => (
            <li key={value}>
              <button type="button" class="chip" aria-label={t('form.refs.remove', { name: names[value] ?? value })} onClick={() => onInput(chosen.filter((one) => one !== value))}>
                {names[value] ?? value}<Icon name="close" />
              </button>
            </li>
          ))}
        </ul>
      )}
      {field.find && (
        <Lookup key={chosen.length} label={t('form.another')} hideLabel value="" find={field.find(values)} focus={focus || chosen.length > 0}
          onChoose={(value, choice) => {
            if (!value || chosen.includes(value)) return;
            setNames({ ...names, [value]: choice?.label ?? value });
            onInput([...chosen, value]);
          }} />
      )}
    </Group>
  );
}

function Rows({ field, values, onInput, error }: InputProps) {
  const lines = linesOf(values[field.name]);
  return (
    <Group field={field} error={error(field.name)}>
      {lines.map((line, i) => (
        <div key={i} class="form-line" role="group" aria-label={t('form.rows.line', { number: i + 1 })}>
          {field.fields?.map((inner, at) => (
            <FormInput key={inner.name} field={inner} values={{ ...values, ...line }} error={(name) => error(`${field.name}.${i}.${name}`)} focus={at === 0}
              onInput={(typed) => onInput(lines.map((one, n) => n === i ? { ...one, [inner.name]: textOf(typed) } : one))} />
          ))}
          <button type="button" class="icon-button" aria-label={t('form.rows.remove', { number: i + 1 })} onClick={() => onInput(lines.filter((_, n) => n !== i))}><Icon name="close" /></button>
        </div>
      ))}
      <Button onClick={() => onInput([...lines, {}])}>{t('form.rows.add')}</Button>
    </Group>
  );
}

function Limit({ field, values, onInput, error, focus }: InputProps) {
  const value = textOf(values[field.name]);
  const isUnlimited = value === UNLIMITED;
  return (
    <div class="form-limit">
      <Field label={field.label} hint={field.hint} type="money" value={isUnlimited ? t('limit.unlimited') : value} onInput={onInput} error={error(field.name)} focus={focus} readOnly={isUnlimited} />
      <Check label={t('limit.unlimited')} checked={isUnlimited} onChange={(on) => onInput(on ? UNLIMITED : '')} />
    </div>
  );
}

const KINDS: Readonly<Partial<Record<FormField['type'], 'long' | 'money' | 'quantity' | 'date'>>> = { long: 'long', decimal: 'money', int: 'quantity', date: 'date' };

export function FormInput(props: InputProps) {
  const { field, values, onInput, error, focus } = props;
  switch (field.type) {
    case 'flags': return <Flags {...props} />;
    case 'ref': return <Reference {...props} />;
    case 'refs': return <References {...props} />;
    case 'rows': return <Rows {...props} />;
    case 'limit': return <Limit {...props} />;
    case 'bool': return <Check label={field.label} hint={field.hint} checked={values[field.name] === true} onChange={onInput} focus={focus} />;
    default: break;
  }
  const options = field.names && [{ value: '', label: field.isRequired ? t('form.choose') : t('app.none') }, ...field.names];
  return (
    <Field label={field.label} hint={field.hint} value={textOf(values[field.name])} onInput={onInput} error={error(field.name)} required={field.isRequired}
      focus={focus} type={KINDS[field.type] ?? 'text'} options={options} name={field.name} unit={field.unit} />
  );
}
