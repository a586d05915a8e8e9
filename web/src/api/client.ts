// The one way to the server: an operation of types.ts and its input, to its output or a Problem.

import { signal } from '@preact/signals';
import type { Operation } from './operation';
import { CODE_UNREACHABLE, Problem, type ProblemDocument } from './problem';

const BASE = '/api/v1';

type Query = URLSearchParams;

/** Called when the server no longer knows who we are; set by the session. */
let onSessionLost: () => void = () => undefined;

export function sessionLostHandler(handler: () => void): void {
  onSessionLost = handler;
}

/** Counts the sign-ins, so that what failed without a session is read again with one. */
export const signIns = signal(0);

/** Called when something is refused for who we are: that may have changed. */
let onBarred: () => void = () => undefined;

export function barredHandler(handler: () => void): void {
  onBarred = handler;
}

/** A key that lets the server see a repeated sending for what it is. */
export function repeatKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');
}

function pathFill(path: string, rest: Map<string, unknown>): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = rest.get(name);
    rest.delete(name);
    return encodeURIComponent(String(value));
  });
}

function queryOf(rest: Map<string, unknown>): Query {
  const query = new URLSearchParams();
  for (const [name, value] of rest) if (value !== undefined && value !== '') query.set(name, String(value));
  return query;
}

async function problemOf(reply: Response): Promise<Problem> {
  const document = await reply.json().catch(() => ({})) as ProblemDocument;
  return new Problem(reply.status, document);
}

/** How long to wait before each further attempt at what did not get through. */
const AGAIN_MS: readonly number[] = [300, 900, 2700];

/** Whether the server was within reach the last time it was tried. */
export const reached = signal(true);

function wait(ms: number, abort: AbortSignal | undefined): Promise<void> {
  return new Promise((done, failed) => {
    const timer = setTimeout(done, ms);
    abort?.addEventListener('abort', () => {
      clearTimeout(timer);
      failed(abort.reason as Error);
    }, { once: true });
  });
}

/** Tries again what the network lost, and what was sent before the last sign-in and is told only now that nobody is signed in: a
 * read is harmless, and a write carries the key by which the server knows it. */
async function fetchAgain(url: string, init: RequestInit, abort: AbortSignal | undefined): Promise<Response> {
  for (let turn = 0; ; turn++) {
    if (!navigator.onLine) {
      reached.value = false;
      throw new Problem(0, { code: CODE_UNREACHABLE });
    }
    const began = signIns.peek();
    try {
      const reply = await fetch(url, init);
      reached.value = true;
      if (reply.status === 401 && signIns.peek() !== began) continue;
      return reply;
    } catch (error) {
      if (abort?.aborted) throw error;
      reached.value = false;
      const pause = AGAIN_MS[turn];
      if (pause === undefined) throw new Problem(0, { code: CODE_UNREACHABLE });
      await wait(pause, abort);
    }
  }
}

export interface CallOptions {
  /** The idempotency key: the same for a second sending of the same form. */
  key?: string;
  /** The version that was read: anything newer refuses the change. */
  match?: number | null | undefined;
  abort?: AbortSignal;
}

export interface Answer<Out> {
  out: Out;
  /** That of the record which was read, made or acted on; null: it has none. */
  version: number | null;
}

function versionOf(reply: Response): number | null {
  const found = /^(?:W\/)?"(\d+)"$/.exec(reply.headers.get('etag') ?? '');
  return found ? Number(found[1]) : null;
}

export async function call<In extends object, Out>(op: Operation<In, Out>, input: In, options: CallOptions = {}): Promise<Out> {
  return (await answer(op, input, options)).out;
}

/** As call(), for whom the version matters. */
export async function answer<In extends object, Out>(op: Operation<In, Out>, input: In, { key, match, abort }: CallOptions = {}): Promise<Answer<Out>> {
  const rest = new Map<string, unknown>(Object.entries(input));
  let url = BASE + pathFill(op.path, rest);
  const headers: Record<string, string> = { accept: 'application/json', ...(match && { 'if-match': `"${match}"` }) };
  const init: RequestInit = { method: op.method, headers, credentials: 'same-origin', signal: abort ?? null };
  if (op.method === 'GET' || op.method === 'DELETE') {
    const query = queryOf(rest).toString();
    if (query) url += `?${query}`;
  } else {
    init.headers = { ...headers, 'content-type': 'application/json', 'idempotency-key': key ?? repeatKey() };
    init.body = JSON.stringify(Object.fromEntries(rest));
  }
  const reply = await fetchAgain(url, init, abort);
  if (!reply.ok) {
    const problem = await problemOf(reply);
    if (reply.status === 401) onSessionLost();
    if (reply.status === 403) onBarred();
    throw problem;
  }
  const version = versionOf(reply);
  if (reply.status === 204) return { out: undefined as Out, version };
  return { out: await reply.json() as Out, version };
}

/** Whether an error is only that its question was taken back. */
export function isAborted(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}
