// Who is signed in. The cookie is out of reach of scripts, so a mark in the browser's store says whether
// asking the server is worth a request: a stranger's first visit then makes none that fails.

import { signal } from '@preact/signals';
import { barredHandler, call, sessionLostHandler, signIns } from './client';
import { liveClose } from './live';
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

/** Whether the server has said so. Until then it is who it was the last time: enough to show a page by and to read what it
 * shows, not to do anything in that name. */
export const confirmed = signal(false);

/** The server no longer knows who is at work here. The page stays as it is below the question who it is. */
export const lapsed = signal(false);

function sessionClear(): void {
  storedSet(MARK, null);
  storedSet(LAST, null);
  lapsed.value = false;
  confirmed.value = false;
  session.value = null;
  prefer(null);
}

/** With when it was said. */
type Last = Session & { said?: number };

function lastSet(who: Session): void {
  const last: Last = { ...who, said: Date.now() };
  storedSet(LAST, JSON.stringify(last));
}

/** Who it was, as far as this browser knows. */
export function sessionLast(): Session | null {
  try {
    return JSON.parse(stored(LAST) ?? 'null') as Last | null;
  } catch {
    return null;
  }
}

/** Who it was earlier this day; what is older says another business date. */
function sessionRecent(): Session | null {
  const last: Last | null = sessionLast();
  return last?.said && new Date(last.said).toDateString() === new Date().toDateString() ? last : null;
}

/** What the frame offers follows the role that one has now. */
async function sessionAgain(): Promise<void> {
  const now = await call(session_current, {}).catch(() => null);
  if (!now || now.name !== session.value?.name || now.role === session.value?.role) return;
  session.value = now;
  lastSet(now);
}

function isSame(last: Session, now: Session): boolean {
  return (Object.keys(now) as (keyof Session)[]).every((name) => JSON.stringify(last[name]) === JSON.stringify(now[name]));
}

export async function sessionRestore(): Promise<void> {
  sessionLostHandler(() => {
    if (confirmed.value) lapsed.value = true;
    else sessionClear();
  });
  barredHandler(() => void sessionAgain());
  if (!stored(MARK)) {
    session.value = null;
    return;
  }
  const recent = sessionRecent();
  if (recent) {
    prefer(recent);
    session.value = recent;
  }
  try {
    const now = await call(session_current, {});
    lastSet(now);
    // Somebody else has signed in here since: nothing of the page is theirs.
    if (recent && recent.name !== now.name) {
      location.reload();
      return;
    }
    if (!recent || !isSame(recent, now)) {
      prefer(now);
      session.value = now;
    }
    confirmed.value = true;
  } catch (error) {
    const isAway = problemFrom(error).code === CODE_UNREACHABLE;
    session.value = isAway ? sessionLast() : null;
    confirmed.value = isAway;
    prefer(session.value);
  }
}

export async function signIn(name: string, password: string): Promise<void> {
  const before = session.value?.name;
  const made = await call(session_create, { name, password });
  storedSet(MARK, '1');
  lastSet(made);
  // Somebody else takes over: nothing of the page before is theirs to see.
  if (before && before !== made.name) {
    location.assign('/');
    return;
  }
  prefer(made);
  session.value = made;
  confirmed.value = true;
  lapsed.value = false;
  signIns.value++;
}

export async function signOut(): Promise<void> {
  liveClose();
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
