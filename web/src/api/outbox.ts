// Visit notes written without a network: kept in this browser under the name of who wrote them, and sent when the server
// is within reach again, each once, however often it is tried.

import { effect, signal } from '@preact/signals';
import { answer, reached, repeatKey, type Answer } from './client';
import { CODE_UNREACHABLE, problemFrom, type Problem } from './problem';
import { confirmed, lapsed, OWN, session } from './session';
import { stored, storedSet } from './stored';
import { activity_log, type ActivityLogIn, type ActivityReply } from './types';

export interface KeptNote {
  /** The server sees by it that a second sending is the same note. */
  key: string;
  note: ActivityLogIn;
  partner_name: string;
  written_at: string;
  /** What the server says against it: it waits until it is mended or thrown away. */
  refused?: string;
}

export const outbox = signal<readonly KeptNote[]>([]);

function nameOf(): string {
  return `${OWN}${session.peek()?.name ?? ''}.outbox`;
}

function read(): KeptNote[] {
  try {
    const kept: unknown = JSON.parse(stored(nameOf()) ?? '[]');
    return Array.isArray(kept) ? kept as KeptNote[] : [];
  } catch {
    return [];
  }
}

function write(notes: readonly KeptNote[]): void {
  storedSet(nameOf(), notes.length ? JSON.stringify(notes) : null);
  outbox.value = notes;
}

export function outboxDrop(key: string): void {
  write(read().filter((one) => one.key !== key));
}

let sending: Promise<void> | null = null;
/** What came of those that were sent, for who sent them. */
const sent = new Map<string, Answer<ActivityReply>>();
/** And what the server says against them. */
const refused = new Map<string, Problem>();

async function sendAll(): Promise<void> {
  if (!confirmed.peek()) return;
  for (const kept of read()) {
    if (kept.refused) continue;
    try {
      sent.set(kept.key, await answer(activity_log, kept.note, { key: kept.key }));
      outboxDrop(kept.key);
    } catch (error) {
      const problem = problemFrom(error);
      if (problem.code === CODE_UNREACHABLE || problem.status === 401 || problem.status >= 500) return;
      refused.set(kept.key, problem);
      write(read().map((one) => (one.key === kept.key ? { ...one, refused: problem.detail || problem.code } : one)));
    }
  }
}

export function outboxSend(): Promise<void> {
  sending ??= sendAll().finally(() => {
    sending = null;
  });
  return sending;
}

/** Kept first, then sent: what is typed is safe whatever becomes of the network or the page. Null: it waits. What is refused
 * at once does not: who wrote it is still there to mend it. */
export async function noteSend(note: ActivityLogIn, partner_name: string, written_at: string): Promise<Answer<ActivityReply> | null> {
  const key = repeatKey();
  write([...read(), { key, note, partner_name, written_at }]);
  await outboxSend();
  const made = sent.get(key) ?? null;
  const problem = refused.get(key);
  sent.clear();
  refused.clear();
  if (problem) {
    outboxDrop(key);
    throw problem;
  }
  return made;
}

/** Follows who is signed in and whether the server is within reach. */
export function outboxStart(): void {
  effect(() => {
    if (!session.value || lapsed.value) return;
    outbox.value = read();
    if (confirmed.value && reached.value && outbox.peek().length) void outboxSend();
  });
  addEventListener('online', () => {
    if (session.value) void outboxSend();
  });
}
