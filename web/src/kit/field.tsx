// One labelled input with its hint and, after a refusal, what is wrong with it. What the browser finds wrong is told in the
// same place and in the language chosen, not in a bubble in that of the browser.

import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { grouped } from '../words/format';
import { t } from '../words/words';

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

type Checked = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

/** What the browser finds wrong when the form is sent; the first field of which that is so takes the focus. */
function useUnfit(value: string): { text: string | undefined; onInvalid: (event: Event) => void } {
  const [unfit, setUnfit] = useState<'field.required' | 'field.day' | null>(null);
  const onInvalid = (event: Event) => {
    const input = event.currentTarget as Checked;
    event.preventDefault();
    setUnfit(input.validity.badInput ? 'field.day' : 'field.required');
    if (input.form?.querySelector('input:invalid, textarea:invalid, select:invalid') === input) input.focus();
  };
  return { text: unfit && !value ? t(unfit) : undefined, onInvalid };
}

export function Field(props: FieldProps) {
  const id = useId();
  const { label, hint, hideLabel } = props;
  const unfit = useUnfit(props.value);
  const error = props.error ?? unfit.text;
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ') || undefined;
  return (
    <div class={`field${error ? ' field-bad' : ''}`}>
      <label for={id} class={hideLabel ? 'unseen' : undefined}>{label}</label>
      <Input {...props} id={id} described={described} error={error} onInvalid={unfit.onInvalid} />
      {error && <p id={`${id}-error`} class="field-error">{error}</p>}
      {hint && <p id={`${id}-hint`} class="field-hint">{hint}</p>}
    </div>
  );
}

function Input(props: FieldProps & { id: string; described: string | undefined; onInvalid: (event: Event) => void }) {
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
    onInvalid: props.onInvalid,
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
  // Also while the unit is not known yet: an input that moves into a span is another one, and loses the focus.
  return props.unit === undefined ? input : <span class="with-unit">{input}{props.unit && <span class="unit">{props.unit}</span>}</span>;
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
