// The same change to many rows: first what it would do, then each row by itself, then what became of every one. It can be
// stopped, and what was done stays done.

import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { call, isAborted } from '../api/client';
import { problemFrom, type Problem } from '../api/problem';
import { Button } from '../kit/button';
import { Dialog } from '../kit/dialog';
import { Field } from '../kit/field';
import { Skeleton } from '../kit/load';
import { Notice, ProblemNotice, problemText } from '../kit/notice';
import type { ListAct } from './acts';
import { cellText, rowName } from './cell';
import { asksReason, isEdited, save, sentValue, typedValue, ValueField } from './edit';
import { has, idOf, oneOp, shownFields, type ListField, type ListName, type Row } from './fields';
import { fieldLabel } from './names';
import type { Rows } from './rows';
import { t } from './words';

/** Enough to keep the server at work, few enough to leave it to others. */
const AT_ONCE = 3;
const SHOWN = 5;
const RESULTS_SHOWN = 200;
const STALE_TRIES = 2;

type Outcome = { kind: 'done' | 'waits' | 'left' } | { kind: 'refused'; problem: Problem };

interface Result {
  row: Row;
  outcome: Outcome;
}

interface BulkProps {
  list: ListName;
  rows: Rows;
  /** null: all that are found. */
  chosen: ReadonlySet<string> | null;
  kind: BulkKind;
  onClose: (isDone: boolean) => void;
}

export type BulkKind = 'change' | 'remove' | ListAct;

export function bulkFields(list: ListName): readonly ListField[] {
  return shownFields(list).filter((field) => isEdited(list, field) && field.name !== 'code' && field.name !== 'name');
}

/** Rows by their ids: what was read of them, and what was not read now. What is gone is left out. */
async function rowsOf(rows: Rows, ids: readonly string[], abort: AbortSignal): Promise<readonly Row[]> {
  const found: Row[] = [];
  for (const id of ids) {
    try {
      found.push(rows.find(id) ?? await rows.one(id, abort));
    } catch (error) {
      if (problemFrom(error).status !== 404) throw error;
    }
  }
  return found;
}

async function allOf(rows: Rows, abort: AbortSignal): Promise<readonly Row[]> {
  return (await rows.all(() => undefined, abort)).flatMap((one) => one.rows);
}

/** What was read of each; those that are not loaded are read first. */
function useChosen(rows: Rows, chosen: ReadonlySet<string> | null): { rows: readonly Row[] | null; problem: Problem | null } {
  const [found, setFound] = useState<{ rows: readonly Row[] | null; problem: Problem | null }>(() => {
    const here = chosen ? [...chosen].map((id) => rows.find(id)).filter((row): row is Row => row !== undefined) : null;
    return { rows: here && here.length === chosen?.size ? here : null, problem: null };
  });
  useEffect(() => {
    if (found.rows) return;
    const abort = new AbortController();
    (chosen ? rowsOf(rows, [...chosen], abort.signal) : allOf(rows, abort.signal)).then(
      (all) => setFound({ rows: all, problem: null }),
      (error: unknown) => isAborted(error) || setFound({ rows: null, problem: problemFrom(error) }),
    );
    return () => abort.abort();
  }, []);
  return found;
}

type Act = (row: Row) => Promise<Outcome>;

/** What somebody else changed meanwhile is read and tried again: the value is wanted whatever the rest of the row says. */
async function changeOne(list: ListName, first: Row, field: ListField, typed: string, reason: string): Promise<{ row: Row; outcome: Outcome }> {
  let row = first;
  for (let turn = 0; ; turn++) {
    const saved = await save({ list, row, field, typed, reason });
    if (saved.kind !== 'stale') return { row: saved.row, outcome: { kind: saved.kind } };
    row = saved.row;
    if (turn >= STALE_TRIES) throw new Error(t('list.conflict'));
  }
}

interface Run {
  results: readonly Result[];
  isOver: boolean;
  stop: () => void;
}

function useRun(): { run: Run | null; start: (rows: readonly Row[], act: Act) => void } {
  const [run, setRun] = useState<Run | null>(null);
  const stopped = useRef(false);
  useEffect(() => () => void (stopped.current = true), []);
  const start = (rows: readonly Row[], act: Act) => {
    const outcomes: Outcome[] = rows.map(() => ({ kind: 'left' }));
    let next = 0;
    const show = (isOver: boolean) => setRun({ results: rows.map((row, i) => ({ row, outcome: outcomes[i] ?? { kind: 'left' } })), isOver, stop: () => void (stopped.current = true) });
    const work = async () => {
      while (next < rows.length && !stopped.current) {
        const at = next++;
        const row = rows[at];
        if (!row) continue;
        outcomes[at] = await act(row).catch((error: unknown): Outcome => ({ kind: 'refused', problem: problemFrom(error) }));
        if (at % 10 === 0) show(false);
      }
    };
    show(false);
    void Promise.all(Array.from({ length: AT_ONCE }, work)).then(() => show(true));
  };
  return { run, start };
}

function outcomeText(outcome: Outcome): string {
  return outcome.kind === 'refused' ? problemText(outcome.problem) : t(`list.bulk.result.${outcome.kind}`);
}

function Progress({ run, onClose }: { run: Run; onClose: () => void }) {
  const of = (kind: Outcome['kind']) => run.results.filter((one) => one.outcome.kind === kind).length;
  const all = run.results.length;
  const left = of('left');
  // What did not go well comes first.
  const shown = [...run.results].filter((one) => one.outcome.kind !== 'left' || run.isOver).sort((a, b) => Number(b.outcome.kind === 'refused') - Number(a.outcome.kind === 'refused'));
  return (
    <>
      <progress class="list-progress" aria-label={t('list.bulk.progress', { done: all - left, all })} max={all} value={all - left} />
      {run.isOver
        ? <Notice tone={of('refused') ? 'warn' : 'good'}>{t('list.bulk.done', { done: of('done'), waits: of('waits'), failed: of('refused'), left })}</Notice>
        : <p role="status">{t('list.bulk.progress', { done: all - left, all })}</p>}
      <div class="list-results" tabIndex={0} role="group" aria-label={t('list.bulk.results')}>
        <table class="list-results-table">
          <thead><tr><th scope="col">{t('list.bulk.row')}</th><th scope="col">{t('list.bulk.result')}</th></tr></thead>
          <tbody>
            {shown.slice(0, RESULTS_SHOWN).map(({ row, outcome }) => (
              <tr key={idOf(row)}><td>{rowName(row)}</td><td class={outcome.kind === 'refused' ? 'bad' : undefined}>{outcomeText(outcome)}</td></tr>
            ))}
          </tbody>
        </table>
        {shown.length > RESULTS_SHOWN && <p class="faint">{t('list.bulk.more', { count: shown.length - RESULTS_SHOWN })}</p>}
      </div>
      <div class="form-foot">
        {run.isOver ? <Button kind="primary" onClick={onClose} focus>{t('list.bulk.close')}</Button> : <Button onClick={run.stop}>{t('list.bulk.stop')}</Button>}
      </div>
    </>
  );
}

interface ChangeProps {
  list: ListName;
  rows: readonly Row[];
  onStart: (rows: readonly Row[], act: Act) => void;
  onClose: () => void;
  patch: (row: Row) => void;
}

function Change({ list, rows, onStart, onClose, patch }: ChangeProps) {
  const fields = bulkFields(list);
  const [name, setName] = useState(fields[0]?.name ?? '');
  const [typed, setTyped] = useState('');
  const [reason, setReason] = useState('');
  const field = fields.find((one) => one.name === name);
  const canClear = field ? !has(field, 'required') && field.type !== 'bool' && !asksReason(list, field) : false;
  const value = field && !canClear && !typed ? field.names?.[0] ?? (field.type === 'bool' ? 'true' : '') : typed;
  const needsReason = field !== undefined && asksReason(list, field);
  const wanted = field ? String(sentValue(field, value) ?? '') : '';
  const changed = useMemo(() => (field ? rows.filter((row) => typedValue(field, row) !== wanted) : []), [rows, field, wanted]);
  if (!field) return null;
  const isReady = changed.length > 0 && (value !== '' || canClear) && (!needsReason || reason.trim() !== '');
  const submit = (event: Event) => {
    event.preventDefault();
    if (!isReady) return;
    onStart(changed, async (row) => {
      const done = await changeOne(list, row, field, value, reason.trim());
      patch(done.row);
      return done.outcome;
    });
  };
  return (
    <form class="form" onSubmit={submit}>
      <div class="form-row">
        <Field label={t('list.bulk.field')} value={name} options={fields.map((one) => ({ value: one.name, label: fieldLabel(one) }))}
          onInput={(next) => {
            setName(fields.find((one) => one.name === next)?.name ?? '');
            setTyped('');
          }} />
        <ValueField key={name} list={list} field={field} value={value} onInput={setTyped} label={t('list.bulk.value')} canClear={canClear} />
      </div>
      {canClear && value === '' && <p class="field-hint">{t('list.bulk.clears')}</p>}
      {needsReason && <Field label={t('list.edit.reason')} value={reason} onInput={setReason} required />}
      <Notice tone="plain">{t('list.bulk.preview', { change: changed.length, same: rows.length - changed.length })}</Notice>
      <ul class="list-preview">
        {changed.slice(0, SHOWN).map((row) => (
          <li key={idOf(row)}>
            <span>{rowName(row)}</span>
            <span><s>{cellText(field, row) || t('app.none')}</s> → <strong>{cellText(field, { [field.name]: sentValue(field, value) }) || t('app.none')}</strong></span>
          </li>
        ))}
        {changed.length > SHOWN && <li class="faint">{t('list.bulk.more', { count: changed.length - SHOWN })}</li>}
      </ul>
      <div class="form-foot">
        <Button kind="primary" submit busy={!isReady}>{t('list.bulk.run', { count: changed.length })}</Button>
        <Button onClick={onClose}>{t('app.cancel')}</Button>
      </div>
    </form>
  );
}

function Names({ rows }: { rows: readonly Row[] }) {
  return (
    <ul class="list-preview">
      {rows.slice(0, SHOWN).map((row) => <li key={idOf(row)}>{rowName(row)}</li>)}
      {rows.length > SHOWN && <li class="faint">{t('list.bulk.more', { count: rows.length - SHOWN })}</li>}
    </ul>
  );
}

function Remove({ rows, onStart, onClose, act }: { rows: readonly Row[]; onStart: (rows: readonly Row[], act: Act) => void; onClose: () => void; act: Act }) {
  return (
    <>
      <Notice tone="warn">{t('list.bulk.remove_preview', { count: rows.length })}</Notice>
      <Names rows={rows} />
      <div class="form-foot">
        <Button kind="danger" onClick={() => onStart(rows, act)}>{t('list.bulk.run_remove', { count: rows.length })}</Button>
        <Button onClick={onClose} focus>{t('app.cancel')}</Button>
      </div>
    </>
  );
}

interface DoProps {
  act: ListAct;
  rows: readonly Row[];
  onStart: (rows: readonly Row[], act: Act) => void;
  onClose: () => void;
}

function Do({ act, rows, onStart, onClose }: DoProps) {
  const [reason, setReason] = useState('');
  const fitting = rows.filter(act.fits);
  const isReady = fitting.length > 0 && (!act.asksReason || reason.trim() !== '');
  const submit = (event: Event) => {
    event.preventDefault();
    if (isReady) onStart(fitting, async (row) => (await act.run(row, reason.trim()), { kind: 'done' }));
  };
  return (
    <form class="form" onSubmit={submit}>
      {act.asksReason && <Field label={t('list.edit.reason')} value={reason} onInput={setReason} required focus />}
      <Notice tone="plain">{t('list.act.preview', { count: fitting.length, others: rows.length - fitting.length })}</Notice>
      <Names rows={fitting} />
      <div class="form-foot">
        <Button kind="primary" submit busy={!isReady}>{t(`list.act.${act.name}`)}</Button>
        <Button onClick={onClose}>{t('app.cancel')}</Button>
      </div>
    </form>
  );
}

function titleOf(kind: BulkKind, count: number): string {
  if (kind === 'change') return t('list.bulk', { count });
  return kind === 'remove' ? t('list.bulk.remove', { count }) : t(`list.act.${kind.name}`);
}

export function BulkDialog({ list, rows, chosen, kind, onClose }: BulkProps) {
  const found = useChosen(rows, chosen);
  const { run, start } = useRun();
  const count = found.rows?.length ?? chosen?.size ?? rows.totals?.count ?? 0;
  const remove: Act = async (row) => {
    await call(oneOp(list, 'DELETE'), { row: idOf(row) }, typeof row.version === 'number' ? { match: row.version } : {});
    rows.drop(idOf(row));
    return { kind: 'done' };
  };
  const isRunning = run !== null && !run.isOver;
  const close = () => onClose(run !== null);
  return (
    <Dialog title={titleOf(kind, count)} kind="wide" {...(!isRunning && { onClose: close })}>
      {found.problem && <ProblemNotice problem={found.problem} />}
      {!found.rows && !found.problem && <><p role="status">{t('list.bulk.reading')}</p><Skeleton rows={3} /></>}
      {found.rows && !run && kind === 'change' && <Change list={list} rows={found.rows} onStart={start} onClose={close} patch={(row) => rows.patch(row)} />}
      {found.rows && !run && kind === 'remove' && <Remove rows={found.rows} onStart={start} onClose={close} act={remove} />}
      {found.rows && !run && typeof kind === 'object' && <Do act={kind} rows={found.rows} onStart={start} onClose={close} />}
      {run && <Progress run={run} onClose={close} />}
    </Dialog>
  );
}
