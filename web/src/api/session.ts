// Who is signed in. The cookie is out of reach of scripts, so a mark in the browser's store says whether
// asking the server is worth a request: a stranger's first visit then makes none that fails.

import { signal } from '@preact/signals';
import { call, sessionLostHandler } from './client';
import { session_create, session_current, session_end, type Session } from './types';
import { stored, storedSet } from './stored';

const MARK = 'guanxi.signed_in';

/** undefined: not known yet; null: nobody. */
export const session = signal<Session | null | undefined>(undefined);

function sessionClear(): void {
  storedSet(MARK, null);
  session.value = null;
}

export async function sessionRestore(): Promise<void> {
  sessionLostHandler(sessionClear);
  if (!stored(MARK)) {
    session.value = null;
    return;
  }
  try {
    session.value = await call(session_current, {});
  } catch {
    session.value = null;
  }
}

export async function signIn(name: string, password: string): Promise<void> {
  const made = await call(session_create, { name, password });
  storedSet(MARK, '1');
  session.value = made;
}

export async function signOut(): Promise<void> {
  try {
    await call(session_end, {});
  } finally {
    sessionClear();
  }
}
