// What was just done, told at the edge of the page wherever one went meanwhile, with a way to take it back where there is
// one. It goes by itself, but not while someone is at it.

import { signal } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import { problemFrom } from '../api/problem';
import { t } from '../words/words';
import { Icon } from './icon';
import { problemText, type Tone } from './notice';

export interface Told {
  /** Called at each drawing, so that it is in the language chosen by then. */
  text: () => string;
  tone?: Tone;
  undo?: () => Promise<void>;
}

interface Toast extends Told {
  id: number;
}

const STAYS_MS = 6_000;
const STAYS_UNDO_MS = 12_000;
const MOST = 3;

const toasts = signal<readonly Toast[]>([]);
let count = 0;

export function tell(told: Told): void {
  toasts.value = [...toasts.value, { ...told, id: ++count }].slice(-MOST);
}

function dismiss(id: number): void {
  toasts.value = toasts.value.filter((one) => one.id !== id);
}

function ToastBox({ toast }: { toast: Toast }) {
  const [held, setHeld] = useState(false);
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    if (held || busy) return;
    const timer = setTimeout(() => dismiss(toast.id), toast.undo ? STAYS_UNDO_MS : STAYS_MS);
    return () => clearTimeout(timer);
  }, [held, busy]);
  const undo = () => {
    setBusy(true);
    toast.undo?.().then(
      () => tell({ text: () => t('toast.undone') }),
      (error: unknown) => tell({ text: () => problemText(problemFrom(error)), tone: 'bad' }),
    ).finally(() => dismiss(toast.id));
  };
  return (
    <li class={`toast toast-${toast.tone ?? 'good'}`} onMouseEnter={() => setHeld(true)} onMouseLeave={() => setHeld(false)}
      onFocusCapture={() => setHeld(true)} onBlurCapture={() => setHeld(false)}>
      <span>{toast.text()}</span>
      {toast.undo && <button type="button" class="toast-undo" disabled={busy} onClick={undo}>{t('toast.undo')}</button>}
      <button type="button" class="icon-button" aria-label={t('app.close')} onClick={() => dismiss(toast.id)}><Icon name="close" /></button>
    </li>
  );
}

export function Toasts() {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.value.length > 0 && <ul>{toasts.value.map((toast) => <ToastBox key={toast.id} toast={toast} />)}</ul>}
    </div>
  );
}
