// Long work that this page does or waits for: it goes on while one walks about, and after a reload from where it was, as
// what it does is kept as plain data. The tray shows what runs and what became of it.

import { signal } from '@preact/signals';
import { isAborted, repeatKey } from '../api/client';
import { CODE_UNREACHABLE, problemFrom, type Problem } from '../api/problem';
import { lapsed, session } from '../api/session';
import { tabStored, tabStoredSet } from '../api/stored';

/** Each is a module that does work of its kind. */
export type RunKind = 'rows' | 'export' | 'import' | 'undo' | 'close';

export interface Result {
  name: string;
  outcome: 'done' | 'waits' | 'left' | 'refused';
  why?: string;
}

export interface Run {
  id: string;
  kind: RunKind;
  title: string;
  /** null: nobody knows how much it is. */
  total: number | null;
  done: number;
  /** Broken: a reload ended what cannot go on. */
  state: 'runs' | 'over' | 'stopped' | 'failed' | 'broken';
  canStop: boolean;
  /** Another run can take back what it did. */
  canBack: boolean;
  results: readonly Result[];
  /** What it was asked, and what it needs to go on. */
  data: unknown;
  /** What it says at its end. */
  out: unknown;
  problem: { code: string; detail: string } | null;
}

/** What a run is given to do its work. */
export interface Work {
  id: string;
  data: unknown;
  /** What became of each row by now; changed as it goes. */
  results: Result[];
  abort: AbortSignal;
  progress: (done: number, total?: number | null) => void;
}

export type Worker = (work: Work) => Promise<unknown>;

const WORKERS: Readonly<Record<RunKind, () => Promise<{ work: Worker }>>> = {
  rows: () => import('../list/job'),
  export: () => import('../list/export'),
  import: () => import('../places/settings/import-work'),
  undo: () => import('../places/settings/undo-work'),
  close: () => import('../places/settings/close-work'),
};
const KEPT = 'guanxi.runs';
const DRAW_MS = 120;
const AGAIN_MS = 3_000;
/** Of those that are over. */
const MOST = 12;

export const runs = signal<readonly Run[]>([]);

let isRestored = false;
const aborts = new Map<string, AbortController>();
const ends = new Map<string, (run: Run) => void>();

export function runOf(id: string): Run | undefined {
  return runs.value.find((one) => one.id === id);
}

function put(id: string, next: Partial<Run>): void {
  runs.value = runs.peek().map((one) => (one.id === id ? { ...one, ...next } : one));
}

function keep(): void {
  if (!session.peek()) return;
  const all = runs.peek();
  tabStoredSet(KEPT, all.length ? JSON.stringify({ who: session.peek()?.name, runs: all }) : null);
}

async function attempt(run: Run, work: Work): Promise<Partial<Run>> {
  const { work: does } = await WORKERS[run.kind]();
  try {
    const out = await does(work);
    return { state: work.abort.aborted ? 'stopped' : 'over', out };
  } catch (error) {
    if (isAborted(error) || work.abort.aborted) return { state: 'stopped' };
    const { code, detail } = problemFrom(error);
    return { state: 'failed', problem: { code, detail } };
  }
}

function go(run: Run): void {
  const abort = new AbortController();
  aborts.set(run.id, abort);
  let drawn = 0;
  const results = [...run.results];
  const work: Work = {
    id: run.id, data: run.data, results, abort: abort.signal,
    progress: (done, total) => {
      const now = performance.now();
      if (now - drawn < DRAW_MS) return;
      drawn = now;
      put(run.id, { done, results: [...results], ...(total !== undefined && { total }) });
    },
  };
  void attempt(run, work).then((ended) => {
    aborts.delete(run.id);
    put(run.id, { ...ended, results: [...results], done: results.length ? results.filter((one) => one.outcome !== 'left').length : runOf(run.id)?.total ?? 0 });
    keep();
    const over = runs.peek().find((one) => one.id === run.id);
    if (over) ends.get(run.id)?.(over);
    ends.delete(run.id);
  });
}

export interface Begin {
  kind: RunKind;
  title: string;
  total: number | null;
  data: unknown;
  canStop?: boolean;
  canBack?: boolean;
  results?: readonly Result[];
}

/** `onEnd` is not kept over a reload. */
export function runStart({ kind, title, total, data, canStop = true, canBack = false, results = [] }: Begin, onEnd?: (run: Run) => void): string {
  const run: Run = { id: repeatKey(), kind, title, total, done: 0, state: 'runs', canStop, canBack, results, data, out: null, problem: null };
  const over = runs.peek().filter((one) => one.state !== 'runs');
  runs.value = [run, ...runs.peek().filter((one) => one.state === 'runs' || over.indexOf(one) < MOST)];
  if (onEnd) ends.set(run.id, onEnd);
  keep();
  go(run);
  return run.id;
}

/** What was done stays done. */
export function runStop(id: string): void {
  aborts.get(id)?.abort();
}

export function runDrop(id: string): void {
  runs.value = runs.peek().filter((one) => one.id !== id);
  keep();
}

/** Nobody is at work here: it waits where it is. */
export function runsLeave(): void {
  for (const abort of aborts.values()) abort.abort();
  aborts.clear();
  runs.value = [];
  isRestored = false;
}

/** After a reload: what can go on goes on, of whoever began it. */
export function runsRestore(): void {
  if (isRestored) return;
  isRestored = true;
  try {
    const kept = JSON.parse(tabStored(KEPT) ?? 'null') as { who?: string; runs?: Run[] } | null;
    if (!kept?.runs || kept.who !== session.peek()?.name) return;
    runs.value = kept.runs.map((one) => (one.state === 'runs' && one.kind === 'import' ? { ...one, state: 'broken' } : one));
    for (const one of runs.peek()) if (one.state === 'runs') go(one);
  } catch {
    runs.value = [];
  }
}

/** Resolves when somebody is signed in again, or the network may be back. */
function restored(problem: Problem, abort: AbortSignal): Promise<void> {
  return new Promise((done, failed) => {
    const timer = setInterval(() => {
      if (problem.status === 401 && lapsed.peek()) return;
      clearInterval(timer);
      done();
    }, problem.status === 401 ? DRAW_MS : AGAIN_MS);
    abort.addEventListener('abort', () => {
      clearInterval(timer);
      failed(abort.reason as Error);
    }, { once: true });
  });
}

/** Waits for a session or a server that went away meanwhile, instead of counting every row as refused. */
export async function patiently<T>(does: () => Promise<T>, abort: AbortSignal): Promise<T> {
  for (;;) {
    try {
      return await does();
    } catch (error) {
      const problem = problemFrom(error);
      if (abort.aborted || (problem.status !== 401 && problem.code !== CODE_UNREACHABLE)) throw error;
      await restored(problem, abort);
    }
  }
}

addEventListener('pagehide', keep);
