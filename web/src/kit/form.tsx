// A form: what is typed is kept, it is sent once however often it is sent, a refusal stands at its field and takes the
// focus there.

import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { problemFrom, type Problem } from '../api/problem';
import { t } from '../words/words';
import { InForm, useAwaiting } from './await';
import { Button } from './button';
import { Conflict, differences, type Differs } from './conflict';
import { useDraft } from './draft';
import { fieldRefusal, ProblemNotice } from './notice';

export interface FormState<T extends object> {
  value: T;
  set: <K extends keyof T>(name: K) => (value: T[K]) => void;
  change: (next: Partial<T>) => void;
  /** What is wrong with a field, by the dotted name that the server gives it. */
  error: (field: string) => string | undefined;
  problem: Problem | null;
  /** Set when somebody else changed the record meanwhile. */
  conflict: readonly Differs[] | null;
  choose: (name: string, isMine: boolean) => void;
  text: ((name: string, value: unknown) => string | undefined) | undefined;
  busy: boolean;
  isKept: boolean;
  discard: () => void;
  submit: () => void;
}

interface FormOptions<T extends object, Out> {
  /** Names the draft: which form of which record. */
  draft: string;
  empty: T;
  send: (value: T, key: string) => Promise<Out>;
  onDone: (out: Out) => void;
  /** Of a form that changes a record of a version. */
  again?: {
    /** What is there now, as the form has it; what is sent afterwards names that version. */
    read: () => Promise<T>;
    labels: Readonly<Record<keyof T & string, string>>;
    /** A value in words, where it is not one itself. */
    text?: (name: string, value: unknown) => string | undefined;
  } | undefined;
}

export function useForm<T extends object, Out>({ draft, empty, send, onDone, again }: FormOptions<T, Out>): FormState<T> {
  const { value, key, isKept, change, discard } = useDraft(draft, empty);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [conflict, setConflict] = useState<Differs[] | null>(null);
  const base = useRef(empty);
  const failed = (error: unknown) => {
    setBusy(false);
    setProblem(problemFrom(error));
  };
  const meet = (theirs: T) => {
    if (!again) return;
    const fields = differences(base.current, value, theirs, again.labels);
    base.current = theirs;
    change(Object.fromEntries(fields.filter((one) => !one.isMine).map((one) => [one.name, one.theirs])) as Partial<T>);
    setConflict(fields);
    setBusy(false);
  };
  const submit = () => {
    if (busy) return;
    setBusy(true);
    setProblem(null);
    send(value, key).then(
      (out) => {
        discard();
        setBusy(false);
        onDone(out);
      },
      (error: unknown) => {
        if (again && problemFrom(error).code === 'ERR_VERSION_STALE') again.read().then(meet, failed);
        else failed(error);
      },
    );
  };
  const choose = (name: string, isMine: boolean) => {
    const one = conflict?.find((each) => each.name === name);
    if (!one) return;
    change({ [name]: isMine ? one.mine : one.theirs } as Partial<T>);
    setConflict(conflict?.map((each) => each === one ? { ...one, isMine } : each) ?? null);
  };
  return {
    value, busy, problem, conflict, choose, text: again?.text, isKept, submit, change,
    set: (name) => (next) => change({ [name]: next } as unknown as Partial<typeof value>),
    error: (field) => problem ? fieldRefusal(problem, field) : undefined,
    discard: () => {
      setProblem(null);
      setConflict(null);
      discard();
    },
  };
}

interface FormProps<T extends object> {
  of: FormState<T>;
  submit: string;
  kind?: 'primary' | 'danger';
  onCancel?: () => void;
  children: ComponentChildren;
  class?: string;
  /** Beside the buttons. */
  aside?: ComponentChildren;
}

export function Form<T extends object>({ of, submit, kind = 'primary', onCancel, children, class: className = '', aside }: FormProps<T>) {
  const form = useRef<HTMLFormElement>(null);
  const { problem } = of;
  useEffect(() => {
    if (!problem) return;
    const field = form.current?.querySelector<HTMLElement>('[aria-invalid="true"]');
    if (field) field.focus();
    // The button is below what was filled in, and on a phone the notice out of sight.
    else form.current?.querySelector('.notice')?.scrollIntoView({ block: 'nearest' });
  }, [problem]);
  const { isAwaiting, submit: send, looking } = useAwaiting(of.submit);
  const isBusy = of.busy || isAwaiting;
  const onSubmit = (event: Event) => {
    event.preventDefault();
    send();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.metaKey || event.ctrlKey)) return;
    event.preventDefault();
    form.current?.requestSubmit();
  };
  return (
    <form ref={form} class={`form ${className}`} onSubmit={onSubmit} onKeyDown={onKeyDown}>
      {of.isKept && <p class="form-kept">{t('form.kept')} <button type="button" class="text-button" onClick={of.discard}>{t('form.discard')}</button></p>}
      {problem && <ProblemNotice problem={problem} />}
      {of.conflict && <Conflict fields={of.conflict} choose={of.choose} text={of.text} />}
      <InForm.Provider value={looking}>{children}</InForm.Provider>
      <div class="form-foot">
        <Button kind={kind} submit busy={isBusy}>{isBusy ? t('form.busy') : submit}</Button>
        {onCancel && <Button onClick={onCancel}>{t('app.cancel')}</Button>}
        {aside}
      </div>
    </form>
  );
}
