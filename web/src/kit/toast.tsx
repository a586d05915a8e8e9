// What was just done, told at the edge of the page wherever one went meanwhile, with a way to take it back where there is
// one. It goes by itself, but not while someone is at it.

import { signal } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import { t } from '../words/words';
import { Icon } from './icon';
import { useKeys } from './keys';
import type { Tone } from './notice';
import { undoAll, type Inverse } from './undo';

export interface Told {
  /** Called at each drawing, so that it is in the language chosen by then. */
  text: () => string;
  tone?: Tone;
  /** What takes it back, in the order in which it was done. */
  undo?: readonly Inverse[] | undefined;
  /** Once it was taken back, or as much of it as could be. */
  undone?: (() => void) | undefined;
}

interface Toast extends Told {
  id: number;
  isBusy: boolean;
}

const STAYS_MS = 6_000;
const STAYS_UNDO_MS = 20_000;
const MOST = 3;

const toasts = signal<readonly Toast[]>([]);
let count = 0;

export function tell(told: Told): void {
  toasts.value = [...toasts.value, { ...told, id: ++count, isBusy: false }].slice(-MOST);
}

function dismiss(id: number): void {
  toasts.value = toasts.value.filter((one) => one.id !== id);
}

function canUndo(toast: Toast): boolean {
  return Boolean(toast.undo?.length) && !toast.isBusy;
}

function undo(toast: Toast): void {
  if (!toast.undo || !canUndo(toast)) return;
  toasts.value = toasts.value.map((one) => (one.id === toast.id ? { ...one, isBusy: true } : one));
  void undoAll(toast.undo).then((undone) => {
    dismiss(toast.id);
    tell(undone);
    toast.undone?.();
  });
}

/** What was done last, as long as it is told of. */
export function undoLast(): void {
  const last = toasts.peek().filter(canUndo).at(-1);
  if (last) undo(last);
  else tell({ text: () => t('undo.nothing'), tone: 'plain' });
}

function ToastBox({ toast }: { toast: Toast }) {
  const [held, setHeld] = useState(false);
  const busy = toast.isBusy;
  useEffect(() => {
    if (held || busy) return;
    const timer = setTimeout(() => dismiss(toast.id), toast.undo ? STAYS_UNDO_MS : STAYS_MS);
    return () => clearTimeout(timer);
  }, [held, busy]);
  return (
    <li class={`toast toast-${toast.tone ?? 'good'}`} onMouseEnter={() => setHeld(true)} onMouseLeave={() => setHeld(false)}
      onFocusCapture={() => setHeld(true)} onBlurCapture={() => setHeld(false)}>
      <span>{toast.text()}</span>
      {Boolean(toast.undo?.length) && <button type="button" class="toast-undo" disabled={busy} onClick={() => undo(toast)}>{t('toast.undo')}</button>}
      <button type="button" class="icon-button" aria-label={t('app.close')} onClick={() => dismiss(toast.id)}><Icon name="close" /></button>
    </li>
  );
}

export function Toasts() {
  useKeys(t('keys.everywhere'), [{ keys: ['z', 'mod+z'], does: t('toast.undo'), run: undoLast }]);
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.value.length > 0 && <ul>{toasts.value.map((toast) => <ToastBox key={toast.id} toast={toast} />)}</ul>}
    </div>
  );
}
