// Who is signed in. The cookie is out of reach of scripts, so a mark in the browser's store says whether
// asking the server is worth a request: a stranger's first visit then makes none that fails.

import { signal } from '@preact/signals';
import { barredHandler, call, sessionLostHandler } from './client';
import { CODE_UNREACHABLE, problemFrom } from './problem';
import { session_create, session_current, session_end, type Session } from './types';
import { prefer } from '../words/prefer';
import { stored, storedClear, storedSet, tabStoredClear } from './stored';

const MARK = 'guanxi.signed_in';
/** Who it was the last time: enough to go on with when the server is out of reach. */
const LAST = 'guanxi.session';

/** Begins the name of what is kept for one person: gone when that person signs out. */
export const OWN = 'guanxi.own.';

/** undefined: not known yet; null: nobody. */
export const session = signal<Session | null | undefined>(undefined);

/** The server no longer knows who is at work here. The page stays as it is below the question who it is. */
export const lapsed = signal(false);

/** Counts the sign-ins, so that what failed without a session is read again with one. */
export const signIns = signal(0);

function sessionClear(): void {
  storedSet(MARK, null);
  storedSet(LAST, null);
  lapsed.value = false;
  session.value = null;
  prefer(null);
}

/** Who it was, as far as this browser knows. */
export function sessionLast(): Session | null {
  try {
    return JSON.parse(stored(LAST) ?? 'null') as Session | null;
  } catch {
    return null;
  }
}

/** What the frame offers follows the role that one has now. */
async function sessionAgain(): Promise<void> {
  const now = await call(session_current, {}).catch(() => null);
  if (!now || now.name !== session.value?.name || now.role === session.value?.role) return;
  session.value = now;
  storedSet(LAST, JSON.stringify(now));
}

export async function sessionRestore(): Promise<void> {
  sessionLostHandler(() => {
    if (session.value) lapsed.value = true;
    else sessionClear();
  });
  barredHandler(() => void sessionAgain());
  if (!stored(MARK)) {
    session.value = null;
    return;
  }
  try {
    session.value = await call(session_current, {});
    prefer(session.value);
    storedSet(LAST, JSON.stringify(session.value));
  } catch (error) {
    session.value = problemFrom(error).code === CODE_UNREACHABLE ? sessionLast() : null;
    prefer(session.value);
  }
}

export async function signIn(name: string, password: string): Promise<void> {
  const before = session.value?.name;
  const made = await call(session_create, { name, password });
  storedSet(MARK, '1');
  storedSet(LAST, JSON.stringify(made));
  // Somebody else takes over: nothing of the page before is theirs to see.
  if (before && before !== made.name) {
    location.assign('/');
    return;
  }
  prefer(made);
  session.value = made;
  lapsed.value = false;
  signIns.value++;
}

export async function signOut(): Promise<void> {
  try {
    await call(session_end, {});
  } finally {
    storedClear(OWN + (session.value?.name ?? ''));
    tabStoredClear();
    sessionClear();
  }
}

/** The business date: what the server takes today for. */
export function today(): string {
  return session.value?.today ?? '';
}

export function may(permission: string): boolean {
  return session.value?.permissions.includes(permission) ?? false;
}
