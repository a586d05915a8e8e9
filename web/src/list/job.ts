// The same done to many rows, each by itself, as a run: what is asked, and what stood there before, is plain data, so that it goes
// on after a reload and can be taken back.

import { call, repeatKey } from '../api/client';
import { Problem, problemFrom } from '../api/problem';
import { problemText } from '../kit/notice';
import type { Inverse } from '../kit/undo';
import { patiently, runStart, type Result, type Run, type Work } from '../run/runs';
import { customsKnown } from '../custom/defs';
import { actsOf, type ListAct } from './acts';
import { rowName } from './cell';
import { save } from './edit';
import { changeOf, fieldOf, idOf, mayWrite, oneOp, text, valueOf, type ListField, type ListName, type Row } from './fields';
import { t } from './words';
import { createAgain } from './undo';

/** Enough to keep the server at work, few enough to leave it to others. */
const AT_ONCE = 3;
const STALE_TRIES = 2;

interface JobRow {
  row: Row;
  /** What a change or a removal takes away: the value, or all of it. */
  before: unknown;
  /** Sent twice, it is done once. */
  key: string;
  /** Of a row that was done: the version that it left. */
  version?: number | null;
}

interface Job {
  list: ListName;
  what: 'change' | 'remove' | 'act' | 'back';
  /** Of what is taken back: what was done. */
  of?: 'change' | 'remove';
  field: string;
  act: string;
  value: string;
  reason: string;
  rows: JobRow[];
}

/** Those who show a row while it changes, by run. */
const shown = new Map<string, (row: Row) => void>();

/** A row in as little as it takes to act on it. */
function slim(row: Row): Row {
  return { id: row.id, version: row.version ?? null, code: text(row, 'code') };
}

function fieldNamed(job: Job): ListField {
  const field = fieldOf(job.list, job.field);
  if (!field) throw new Error(job.field);
  return field;
}

/** What somebody else changed meanwhile is read and tried again: the value is wanted whatever the rest of the row says. */
async function changeOne(job: Job, one: JobRow, show: (row: Row) => void): Promise<Result['outcome']> {
  const field = fieldNamed(job);
  let row = one.row;
  for (let turn = 0; turn <= STALE_TRIES; turn++) {
    const saved = await save({ list: job.list, row, field, typed: job.value, reason: job.reason, key: `${one.key}${turn || ''}` });
    row = saved.row;
    if (saved.kind === 'stale') continue;
    one.version = typeof row.version === 'number' ? row.version : null;
    show(row);
    return saved.kind;
  }
  throw new Error(t('list.conflict'));
}

async function removeOne(job: Job, one: JobRow): Promise<Result['outcome']> {
  const version = one.row.version;
  await call(oneOp(job.list, 'DELETE'), { row: idOf(one.row) }, typeof version === 'number' ? { match: version } : {}).catch((error: unknown) => {
    // Done before a reload, which lost the answer.
    if (problemFrom(error).status !== 404) throw error;
  });
  return 'done';
}

async function backOne(job: Job, one: JobRow, show: (row: Row) => void): Promise<Result['outcome']> {
  if (job.of === 'remove') {
    await createAgain(job.list, one.before as Row, one.key);
    return 'done';
  }
  const row = await call(oneOp(job.list, 'PATCH'), { row: idOf(one.row), ...changeOf(fieldNamed(job), one.before ?? null) }, { key: one.key, match: one.version ?? null });
  show(row);
  return 'done';
}

function doOne(job: Job, one: JobRow, show: (row: Row) => void): Promise<Result['outcome']> {
  switch (job.what) {
    case 'change': return changeOne(job, one, show);
    case 'remove': return removeOne(job, one);
    case 'back': return backOne(job, one, show);
    case 'act': {
      const act = actsOf(job.list).find(({ name }) => name === job.act);
      if (!act) return Promise.reject(new Problem(403, { code: 'ERR_FORBIDDEN' }));
      return act.run(one.row, job.reason).then(() => 'done');
    }
  }
}

export async function work({ id, data, results, abort, progress }: Work): Promise<unknown> {
  const job = data as Job;
  await customsKnown();
  const show = shown.get(id) ?? (() => undefined);
  const lane = async (lanes: Iterator<number>) => {
    for (let next = lanes.next(); !next.done && !abort.aborted; next = lanes.next()) {
      const one = job.rows[next.value];
      const result = results[next.value];
      if (!one || !result) continue;
      const outcome = await patiently(() => doOne(job, one, show), abort).catch((error: unknown): Partial<Result> => (
        abort.aborted ? {} : { outcome: 'refused', why: problemText(problemFrom(error)) }));
      Object.assign(result, typeof outcome === 'string' ? { outcome } : outcome);
      progress(results.filter((each) => each.outcome !== 'left').length);
    }
  };
  // What was done before a reload is not done again.
  const left = results.flatMap((result, i) => (result.outcome === 'left' ? [i] : [])).values();
  await Promise.all(Array.from({ length: AT_ONCE }, () => lane(left)));
  shown.delete(id);
  return null;
}

/** What asked for a reason is not taken back by the dozen without one. */
function mayBack(job: Job): boolean {
  return (job.what === 'change' && !job.reason) || (job.what === 'remove' && mayWrite(job.list, 'create'));
}

function begin(title: string, job: Job, names: readonly string[], show: ((row: Row) => void) | null, onEnd?: (run: Run) => void): string {
  const id = runStart({ kind: 'rows', title, total: names.length, data: job, canBack: mayBack(job), results: names.map((name) => ({ name, outcome: 'left' })) }, onEnd);
  if (show) shown.set(id, show);
  return id;
}

interface Asked {
  title: string;
  list: ListName;
  rows: readonly Row[];
  reason?: string;
  show: (row: Row) => void;
  onEnd: (run: Run) => void;
}

export function changeRun({ title, list, rows, reason = '', show, onEnd }: Asked, field: ListField, value: string): string {
  const job: Job = { list, what: 'change', field: field.name, act: '', value, reason, rows: rows.map((row) => ({ row: slim(row), before: valueOf(row, field.name) ?? null, key: repeatKey() })) };
  return begin(title, job, rows.map(rowName), show, onEnd);
}

export function removeRun({ title, list, rows, onEnd }: Asked): string {
  const job: Job = { list, what: 'remove', field: '', act: '', value: '', reason: '', rows: rows.map((row) => ({ row: slim(row), before: row, key: repeatKey() })) };
  return begin(title, job, rows.map(rowName), null, onEnd);
}

export function actRun({ title, list, rows, reason = '', onEnd }: Asked, act: ListAct): string {
  const job: Job = { list, what: 'act', field: '', act: act.name, value: '', reason, rows: rows.map((row) => ({ row: slim(row), before: null, key: repeatKey() })) };
  return begin(title, job, rows.map(rowName), null, onEnd);
}

/** Takes back what a run did, but for what waits, as a run of its own. */
export function backRun(run: Run, onEnd?: (run: Run) => void): string {
  const job = run.data as Job;
  const done = job.rows.flatMap((one, i) => (run.results[i]?.outcome === 'done' ? [{ ...one, key: repeatKey(), name: run.results[i]?.name ?? '' }] : []));
  const back: Job = { ...job, what: 'back', of: job.what === 'remove' ? 'remove' : 'change', rows: done };
  return begin(t('list.bulk.back', { title: run.title }), back, done.map(({ name }) => name), null, onEnd);
}

/** As what is undone from where it is told: it is taken back when the last row is. */
export function backOf(run: Run): readonly Inverse[] {
  if (!run.canBack || !run.results.some((one) => one.outcome === 'done')) return [];
  return [() => new Promise((done, failed) => {
    backRun(run, (over) => {
      const left = over.results.filter((one) => one.outcome !== 'done');
      if (left.length) failed(new Problem(0, { code: 'ERR_PART', detail: t('list.bulk.left', { count: left.length, why: left.find((one) => one.why)?.why ?? '' }) }));
      else done(null);
    });
  })];
}
