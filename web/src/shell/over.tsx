// What lies over any page: the palette, the help sheet and the tray, each fetched when it is first asked for.

import { signal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';

type Sheet = 'palette' | 'help' | 'runs';
type Sheets = ComponentType<{ onClose: () => void }>;

const LOADS: Readonly<Record<Sheet, () => Promise<{ default: Sheets }>>> = {
  palette: () => import('./palette'),
  help: () => import('./help'),
  runs: () => import('../run/tray'),
};
const AHEAD_MS = 500;
const open = signal<Sheet | null>(null);

export function overOpen(sheet: Sheet): void {
  open.value = sheet;
}

/** Fetched when there is nothing else to do, so that what is typed right after the key is not lost. */
function ahead(): void {
  setTimeout(() => navigator.onLine && Object.values(LOADS).forEach((load) => void load().catch(() => undefined)), AHEAD_MS);
}

export function Over() {
  const [loaded, setLoaded] = useState<Partial<Record<Sheet, Sheets>>>({});
  const wanted = open.value;
  useEffect(ahead, []);
  useEffect(() => {
    if (wanted && !loaded[wanted]) LOADS[wanted]().then((sheet) => setLoaded((was) => ({ ...was, [wanted]: sheet.default })), () => (open.value = null));
  }, [wanted]);
  const Shown = wanted && loaded[wanted];
  return Shown ? <Shown key={wanted} onClose={() => (open.value = null)} /> : null;
}
