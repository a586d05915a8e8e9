// Imports, which are no operation of one record: a file is sent, and what is said of its rows comes back line by line,
// each behind the digit of its stream.

import { problemFrom, Problem, type ProblemDocument } from './problem';

const BASE = '/api/v1/imports';

export interface ImportField {
  name: string;
  required: boolean;
  doc: string | null;
  /** What people call it, where that is not its name. */
  labels?: readonly string[];
}

export interface ImportKind {
  what: string;
  /** The permission that booking one of it takes. */
  needs: string;
  fields: ImportField[];
}

export interface Mapping {
  /** Field to column. */
  columns: Record<string, string>;
  date_format: string;
  decimal: string;
  delimiter: string;
  encoding: string;
  /** What a field has in every row, where the file has no column of it or nothing in it; written as a cell would have it. */
  defaults?: Record<string, string>;
  /** What is made when a row names it and it is not there. */
  create?: string[];
}

export interface Outcome {
  read: number;
  done: number;
  skipped: number;
  refused: number;
  /** The import on record, when it stored something. */
  import_run?: string;
  /** The file of refused rows as CSV; empty when there are none. */
  file: string;
}

async function problemOf(reply: Response): Promise<Problem> {
  return new Problem(reply.status, await reply.json().catch(() => ({})) as ProblemDocument);
}

export async function importKinds(): Promise<ImportKind[]> {
  const reply = await fetch(BASE, { credentials: 'same-origin' }).catch((error: unknown) => Promise.reject(problemFrom(error)));
  if (!reply.ok) throw await problemOf(reply);
  return (await reply.json() as { items: ImportKind[] }).items;
}

/** The last line says why. */
function endedEarly(text: string): Problem {
  const match = /^(ERR_\w+)[^:]*: ([\s\S]*)$/.exec(text.trim().split('\n').at(-1) ?? '');
  return new Problem(500, { code: match?.[1] ?? 'ERR_INTERNAL', detail: match?.[2] ?? text });
}

function outcomeOf(text: string): Outcome {
  const lines = text.split('\n');
  const of = (stream: string) => lines.filter((line) => line.startsWith(stream)).map((line) => line.slice(1));
  const counts = of('1').at(-1);
  if (!counts) throw endedEarly(text);
  return { ...JSON.parse(counts) as Omit<Outcome, 'file'>, file: of('3').join('\n') };
}

export async function importSend(what: string, mapping: Mapping, file: File, isDry: boolean): Promise<Outcome> {
  const body = new Blob([`${JSON.stringify(mapping)}\n`, file]);
  const reply = await fetch(`${BASE}/${encodeURIComponent(what)}?${isDry ? 'dry_run=true' : `file=${encodeURIComponent(file.name)}`}`, {
    method: 'POST', credentials: 'same-origin', headers: { 'content-type': 'text/csv' }, body,
  }).catch((error: unknown) => Promise.reject(problemFrom(error)));
  if (!reply.ok) throw await problemOf(reply);
  return outcomeOf(await reply.text());
}

/** What became of one record that an import had made. */
export interface UndoneRow {
  kind: string;
  name: string | null;
  id: string;
  outcome: 'undone' | 'before' | 'left';
  code?: string;
  detail?: string;
}

export interface UndonePart {
  rows: UndoneRow[];
  /** Where to go on; null: it was the last part. */
  next: string | null;
}

/** Takes back so many records of an import, from the last on. */
export async function importUndo(run: string, { limit, cursor, reason, abort }: { limit: number; cursor: string | null; reason: string; abort: AbortSignal }): Promise<UndonePart> {
  const query = new URLSearchParams({ limit: String(limit), reason, ...(cursor && { cursor }) });
  const reply = await fetch(`${BASE}/${encodeURIComponent(run)}/undo?${query}`, { method: 'POST', credentials: 'same-origin', signal: abort })
    .catch((error: unknown) => Promise.reject(problemFrom(error)));
  if (!reply.ok) throw await problemOf(reply);
  const text = await reply.text();
  const lines = text.split('\n').filter((line) => line.startsWith('1')).map((line) => JSON.parse(line.slice(1)) as UndoneRow | { next: string | null });
  const end = lines.pop();
  if (!end || !('next' in end)) throw endedEarly(text);
  return { rows: lines as UndoneRow[], next: end.next };
}
