// The one way to the server: an operation of types.ts and its input, to its output or a Problem.

import type { Operation } from './operation';
import { CODE_UNREACHABLE, Problem, type ProblemDocument } from './problem';

const BASE = '/api/v1';

type Query = URLSearchParams;

/** Called when the server no longer knows who we are; set by the session. */
let onSessionLost: () => void = () => undefined;

export function sessionLostHandler(handler: () => void): void {
  onSessionLost = handler;
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

export async function call<In extends object, Out>(op: Operation<In, Out>, input: In, key = repeatKey()): Promise<Out> {
  const rest = new Map<string, unknown>(Object.entries(input));
  let url = BASE + pathFill(op.path, rest);
  const init: RequestInit = { method: op.method, headers: { accept: 'application/json' }, credentials: 'same-origin' };
  if (op.method === 'GET' || op.method === 'DELETE') {
    const query = queryOf(rest).toString();
    if (query) url += `?${query}`;
  } else {
    init.headers = { accept: 'application/json', 'content-type': 'application/json', 'idempotency-key': key };
    init.body = JSON.stringify(Object.fromEntries(rest));
  }
  let reply: Response;
  try {
    reply = await fetch(url, init);
  } catch {
    throw new Problem(0, { code: CODE_UNREACHABLE });
  }
  if (!reply.ok) {
    const problem = await problemOf(reply);
    if (reply.status === 401) onSessionLost();
    throw problem;
  }
  if (reply.status === 204) return undefined as Out;
  return await reply.json() as Out;
}
