// What someone has typed and not sent outlives a reload, a walk to another page and the end of a session; it goes when it
// is sent, when it is discarded, or when that person signs out.

import { useRef, useState } from 'preact/hooks';
import { repeatKey } from '../api/client';
import { OWN, session } from '../api/session';
import { stored, storedSet } from '../api/stored';

interface Kept<T> {
  value: T;
  /** The idempotency key of this filling-in: sent again after a lost answer, it is done once. */
  key: string;
}

export interface Draft<T extends object> {
  value: T;
  key: string;
  /** It was begun before this page was opened. */
  isKept: boolean;
  change: (next: Partial<T>) => void;
  discard: () => void;
}

function nameOf(name: string): string {
  return `${OWN}${session.peek()?.name ?? ''}.draft.${name}`;
}

/** Members of another form of an older program are left out. */
function read<T extends object>(name: string, empty: T): Kept<T> | null {
  const text = stored(nameOf(name));
  if (!text) return null;
  try {
    const kept = JSON.parse(text) as { value?: Record<string, unknown>; key?: unknown };
    const value = Object.fromEntries(Object.entries(empty)) as Record<string, unknown>;
    for (const [member, was] of Object.entries(empty)) {
      const given = kept.value?.[member];
      if (typeof given === typeof was && Array.isArray(given) === Array.isArray(was)) value[member] = given;
    }
    return { value: value as T, key: typeof kept.key === 'string' ? kept.key : repeatKey() };
  } catch {
    return null;
  }
}

export function draftDrop(name: string): void {
  storedSet(nameOf(name), null);
}

export function hasDraft(name: string): boolean {
  return stored(nameOf(name)) !== null;
}

/** `name` says which form of which record; another name is another draft. */
export function useDraft<T extends object>(name: string, empty: T): Draft<T> {
  const kept = useRef<Kept<T> | null | undefined>(undefined);
  if (kept.current === undefined) kept.current = read(name, empty);
  const [state, setState] = useState<Kept<T>>(kept.current ?? { value: empty, key: repeatKey() });
  const [isKept, setIsKept] = useState(kept.current !== null);
  const newest = useRef(state);
  newest.current = state;
  const change = (next: Partial<T>) => {
    const now = { value: { ...newest.current.value, ...next }, key: repeatKey() };
    newest.current = now;
    storedSet(nameOf(name), JSON.stringify(now));
    setState(now);
  };
  const discard = () => {
    draftDrop(name);
    setIsKept(false);
    setState({ value: empty, key: repeatKey() });
  };
  return { value: state.value, key: state.key, isKept, change, discard };
}
