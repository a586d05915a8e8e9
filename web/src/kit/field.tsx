// One labelled input with its hint and, after a refusal, what is wrong with it.

import { useEffect, useId, useRef } from 'preact/hooks';
import { grouped } from '../words/format';
import { saidText } from '../words/said';

interface FieldProps {
  label: string;
  value: string;
  onInput: (value: string) => void;
  hint?: string | undefined;
  error?: string | undefined;
  type?: 'text' | 'password' | 'date' | 'search' | 'long' | 'money' | 'quantity';
  required?: boolean | undefined;
  autocomplete?: string;
  name?: string;
  options?: readonly { value: string; label: string }[] | undefined;
  /** Takes the focus when it appears, as the first field of a form just opened. */
  focus?: boolean | undefined;
  readOnly?: boolean;
  hideLabel?: boolean;
  placeholder?: string;
  /** Stands behind the value, such as a currency. */
  unit?: string | null | undefined;
  inputRef?: (input: HTMLInputElement | null) => void;
}

export function Field(props: FieldProps) {
  const id = useId();
  const { label, hint, error, hideLabel } = props;
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ') || undefined;
  return (
    <div class={`field${error ? ' field-bad' : ''}`}>
      <label for={id} class={hideLabel ? 'unseen' : undefined}>{label}</label>
      <Input {...props} id={id} described={described} />
      {error && <p id={`${id}-error`} class="field-error">{saidText(error)}</p>}
      {hint && <p id={`${id}-hint`} class="field-hint">{hint}</p>}
    </div>
  );
}

function Input(props: FieldProps & { id: string; described: string | undefined }) {
  const { id, described, value, error, required, name, type = 'text', options, focus } = props;
  useEffect(() => {
    if (focus) document.getElementById(id)?.focus();
  }, []);
  const onInput = (event: { currentTarget: { value: string } }) => props.onInput(event.currentTarget.value);
  const shared = {
    id,
    name,
    value,
    required,
    'aria-describedby': described,
    'aria-invalid': error ? true : undefined,
  } as const;
  if (options) {
    return <select {...shared} onChange={onInput}>{options.map((o) => <option key={o.value} value={o.value}>{o.label}</option>)}</select>;
  }
  if (type === 'long') return <textarea {...shared} rows={3} onInput={onInput} />;
  const isFigure = type === 'money' || type === 'quantity';
  const input = (
    <input
      {...shared}
      ref={props.inputRef ?? null}
      // Preact types each kind of input apart and takes no union; all of ours have the same properties.
      type={isFigure ? 'text' : (type as 'text')}
      inputMode={isFigure ? 'decimal' : undefined}
      class={isFigure ? 'number' : undefined}
      placeholder={type === 'search' ? props.label : props.placeholder}
      autocomplete={props.autocomplete ?? 'off'}
      readOnly={props.readOnly}
      onInput={onInput}
      onBlur={isFigure ? (event) => props.onInput(grouped(event.currentTarget.value)) : undefined}
    />
  );
  return props.unit ? <span class="with-unit">{input}<span class="unit">{props.unit}</span></span> : input;
}

interface CheckProps {
  label: string;
  checked: boolean;
  onChange: (on: boolean) => void;
  hint?: string | undefined;
  focus?: boolean | undefined;
}

export function Check({ label, checked, onChange, hint, focus }: CheckProps) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (focus) input.current?.focus();
  }, []);
  return (
    <>
      <label class="check">
        <input ref={input} type="checkbox" checked={checked} aria-describedby={hint && `${id}-hint`} onChange={(event) => onChange(event.currentTarget.checked)} />
        <span>{label}</span>
      </label>
      {hint && <p id={`${id}-hint`} class="field-hint">{hint}</p>}
    </>
  );
}

/** Texts that are often written, each put into the field by one press. */
export function Chips({ label, texts, onPick }: { label: string; texts: readonly string[]; onPick: (text: string) => void }) {
  return (
    <div class="chips" role="group" aria-label={label}>
      {texts.map((text) => <button key={text} type="button" class="chip" onClick={() => onPick(text)}>{text}</button>)}
    </div>
  );
}
