// A reference chosen by typing part of it: a code, a name, a number. What is typed and not chosen stays as typed, for the
// server to find or to name.

import { useContext, useEffect, useId, useRef, useState } from 'preact/hooks';
import { isAborted } from '../api/client';
import { t } from '../words/words';
import { InForm } from './await';

export interface Choice {
  /** What is sent: a code or an id. */
  value: string;
  label: string;
  hint?: string;
  /** Of a product: what it costs without a price of one's own. */
  price?: string | null;
}

export type Find = (text: string, abort: AbortSignal) => Promise<readonly Choice[]>;

interface LookupProps {
  label: string;
  value: string;
  onChoose: (value: string, choice: Choice | null) => void;
  find: Find;
  error?: string | undefined;
  hint?: string | undefined;
  hideLabel?: boolean;
  focus?: boolean | undefined;
  required?: boolean | undefined;
  /** Shown for `value` as long as nothing is typed. */
  shown?: string | undefined;
  /** It was chosen and one goes on; not by the Tab key, which goes on by itself. */
  onPicked?: () => void;
  /** The value came without its name, which was found. */
  onNamed?: (label: string) => void;
  inputRef?: (input: HTMLInputElement | null) => void;
  name?: string;
}

const PAUSE_MS = 120;

interface Found {
  text: string;
  choices: readonly Choice[];
}

/** Asks a moment after the last key, and takes the older question back. */
function useFound(find: Find, text: string | null): Found | null {
  const [found, setFound] = useState<Found | null>(null);
  const newest = useRef(find);
  newest.current = find;
  useEffect(() => {
    if (text === null) return;
    const abort = new AbortController();
    const timer = setTimeout(() => {
      newest.current(text, abort.signal).then(
        (choices) => setFound({ text, choices }),
        (error: unknown) => isAborted(error) || setFound({ text, choices: [] }),
      );
    }, found ? PAUSE_MS : 0);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [text]);
  return text === null ? null : found;
}

/** What a value is called that came without its name, as from an address. */
function useNamed(find: Find, value: string, isNamed: boolean, onNamed: ((label: string) => void) | undefined): string | null {
  const [named, setNamed] = useState<{ value: string; label: string } | null>(null);
  useEffect(() => {
    if (!value || isNamed) return;
    const abort = new AbortController();
    find(value, abort.signal).then((choices) => {
      const choice = choices.find((one) => one.value === value);
      if (!choice) return;
      setNamed({ value, label: choice.label });
      onNamed?.(choice.label);
    }, () => undefined);
    return () => abort.abort();
  }, [value, isNamed]);
  return named?.value === value ? named.label : null;
}

/** What is typed as a code in full is chosen without a further key. */
function exact(text: string, choices: readonly Choice[]): Choice | null {
  const wanted = text.trim().toLowerCase();
  return choices.find((one) => one.value.toLowerCase() === wanted) ?? null;
}

function Choices({ id, found, at, onPick }: { id: string; found: Found; at: number; onPick: (choice: Choice) => void }) {
  if (!found.choices.length) return <div class="lookup-list lookup-none" id={id}>{t('lookup.none', { text: found.text })}</div>;
  return (
    <ul class="lookup-list" role="listbox" id={id}>
      {found.choices.map((choice, i) => (
        <li key={choice.value} id={`${id}-${i}`} role="option" aria-selected={i === at} class="lookup-choice"
          onPointerDown={(event) => {
            event.preventDefault();
            onPick(choice);
          }}>
          <span>{choice.label}</span>
          {choice.hint && <span class="faint">{choice.hint}</span>}
        </li>
      ))}
    </ul>
  );
}

export function Lookup(props: LookupProps) {
  const { label, value, onChoose, find, error, hint, hideLabel, focus, required, name } = props;
  const id = useId();
  const input = useRef<HTMLInputElement | null>(null);
  const [typed, setShown] = useState<string | null>(null);
  // What is typed by now: a choice moves the focus, and leaving must not take what was typed for the choice.
  const now = useRef<string | null>(null);
  const setTyped = (text: string | null) => {
    now.current = text;
    setShown(text);
  };
  const [at, setAt] = useState(0);
  const found = useFound(find, typed);
  const isNamed = props.shown !== undefined && props.shown !== value;
  const named = useNamed(find, value, isNamed, props.onNamed);
  const shown = isNamed ? props.shown : named ?? undefined;
  useEffect(() => {
    if (focus) input.current?.focus();
  }, []);
  useEffect(() => {
    document.getElementById(`${id}-list-${at}`)?.scrollIntoView({ block: 'nearest' });
  }, [at]);

  // Who types faster than is found has gone on already: what is found then is chosen, and the form waits for it.
  const isWanted = useRef(false);
  const form = useContext(InForm);
  const pick = (choice: Choice) => {
    isWanted.current = false;
    setTyped(null);
    onChoose(choice.value, choice);
    form?.found(id, false);
  };
  useEffect(() => () => form?.drop(id), []);
  useEffect(() => {
    if (!isWanted.current || typed === null || found?.text !== typed) return;
    isWanted.current = false;
    const choice = exact(typed, found.choices) ?? found.choices[0];
    if (choice && form?.found(id, choice !== exact(typed, found.choices))) input.current?.focus();
    if (choice) pick(choice);
    else if (document.activeElement !== input.current) leave();
    // It stands there to be mended, and is what goes if it is not.
    else onChoose(typed.trim(), null);
    form?.found(id, false);
  }, [found]);
  const want = () => {
    isWanted.current = true;
    form?.begin(id);
  };
  const unwant = () => {
    isWanted.current = false;
    form?.drop(id);
  };
  const leave = () => {
    const text = now.current;
    if (text === null || isWanted.current) return;
    const choice = exact(text, found?.choices ?? []);
    if (choice) pick(choice);
    else {
      setTyped(null);
      if (text.trim() !== (shown ?? value)) onChoose(text.trim(), null);
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const last = (found?.choices.length ?? 0) - 1;
    if (event.key === 'ArrowDown' && typed === null) setTyped('');
    else if (event.key === 'ArrowDown') setAt(Math.min(at + 1, last));
    else if (event.key === 'ArrowUp' && typed !== null) setAt(Math.max(at - 1, 0));
    else if (event.key === 'Escape' && typed !== null) {
      unwant();
      setTyped(null);
    } else if ((event.key === 'Enter' || event.key === 'Tab') && typed !== null && (typed || event.key === 'Enter')) {
      if (found?.text !== typed) {
        // Outside of a form, and so of anything that waits, what Tab leaves is taken as typed.
        if (event.key === 'Enter' || form) want();
        // Where Enter goes on to the next field it does so at once, as Tab does by itself.
        if (event.key === 'Enter') event.preventDefault();
        return;
      }
      const choice = exact(typed, found.choices) ?? found.choices[at];
      if (!choice) return;
      pick(choice);
      if (event.key === 'Tab') return;
      props.onPicked?.();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ') || undefined;
  return (
    <div class={`field lookup${error ? ' field-bad' : ''}`}>
      <label for={id} class={hideLabel ? 'unseen' : undefined}>{label}</label>
      <input
        ref={(element) => {
          input.current = element;
          props.inputRef?.(element);
        }}
        id={id} name={name} type="text" role="combobox" autocomplete="off" aria-autocomplete="list" aria-expanded={found !== null} aria-required={required}
        aria-controls={found ? `${id}-list` : undefined} aria-activedescendant={found?.choices.length ? `${id}-list-${at}` : undefined}
        aria-describedby={described} aria-invalid={error ? true : undefined} placeholder={hideLabel ? label : undefined}
        value={typed ?? shown ?? value}
        onInput={(event) => {
          unwant();
          setTyped(event.currentTarget.value);
          setAt(0);
        }}
        onFocus={(event) => event.currentTarget.select()}
        onKeyDown={onKeyDown} onBlur={leave}
      />
      {found && <Choices id={`${id}-list`} found={found} at={at} onPick={pick} />}
      {error && <p id={`${id}-error`} class="field-error">{error}</p>}
      {hint && <p id={`${id}-hint`} class="field-hint">{hint}</p>}
    </div>
  );
}
