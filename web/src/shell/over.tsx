// What lies over any page: the palette and the help sheet, each fetched when it is first asked for.

import { signal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';

type Sheet = 'palette' | 'help';
type Sheets = ComponentType<{ onClose: () => void }>;

const LOADS: Readonly<Record<Sheet, () => Promise<{ default: Sheets }>>> = {
  palette: () => import('./palette'),
  help: () => import('./help'),
};
const open = signal<Sheet | null>(null);

export function overOpen(sheet: Sheet): void {
  open.value = sheet;
}

export function Over() {
  const [loaded, setLoaded] = useState<Partial<Record<Sheet, Sheets>>>({});
  const wanted = open.value;
  useEffect(() => {
    if (wanted && !loaded[wanted]) LOADS[wanted]().then((sheet) => setLoaded((was) => ({ ...was, [wanted]: sheet.default })), () => (open.value = null));
  }, [wanted]);
  const Shown = wanted && loaded[wanted];
  return Shown ? <Shown key={wanted} onClose={() => (open.value = null)} /> : null;
}
