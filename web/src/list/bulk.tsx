// The same change to many rows: first what it would do, then each row by itself, then what became of every one. It can be
// stopped, and what was done stays done; it can be left, and goes on.

import { useEffect, useMemo, useState } from 'preact/hooks';
import { isAborted } from '../api/client';
import { problemFrom, type Problem } from '../api/problem';
import { InForm, useAwaiting } from '../kit/await';
import { Button } from '../kit/button';
import { Dialog } from '../kit/dialog';
import { Field } from '../kit/field';
import { Skeleton } from '../kit/load';
import { Notice, ProblemNotice } from '../kit/notice';
import { tell } from '../kit/toast';
import { runOf, runStop, type Run } from '../run/runs';
import { RunView } from '../run/view';
import type { ListAct } from './acts';
import { cellText, rowName } from './cell';
import { asksReason, isEdited, sentValue, typedValue, ValueField } from './edit';
import { has, idOf, shownFields, type ListField, type ListName, type Row } from './fields';
import { actRun, backOf, changeRun, removeRun } from './job';
import { fieldLabel, listTitle } from './names';
import type { Rows } from './rows';
import { t } from './words';

const SHOWN = 5;

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

interface ChangeProps {
  list: ListName;
  rows: readonly Row[];
  onStart: (rows: readonly Row[], field: ListField, value: string, reason: string) => void;
  onClose: () => void;
}

function Change({ list, rows, onStart, onClose }: ChangeProps) {
  const fields = bulkFields(list);
  const [name, setName] = useState(fields[0]?.name ?? '');
  const [typed, setTyped] = useState('');
  const [reason, setReason] = useState('');
  const field = fields.find((one) => one.name === name);
  const canClear = field ? !has(field, 'required') && field.type !== 'bool' && !asksReason(list, field) : false;
  const value = field && field.type !== 'flags' && !canClear && !typed ? field.names?.[0] ?? (field.type === 'bool' ? 'true' : '') : typed;
  const needsReason = field !== undefined && asksReason(list, field);
  const wanted = field ? String(sentValue(field, value) ?? '') : '';
  const changed = useMemo(() => (field ? rows.filter((row) => typedValue(field, row) !== wanted) : []), [rows, field, wanted]);
  const isReady = changed.length > 0 && (value !== '' || canClear) && (!needsReason || reason.trim() !== '');
  const { submit, looking } = useAwaiting(() => {
    if (field && isReady) onStart(changed, field, value, needsReason ? reason.trim() : '');
  });
  if (!field) return null;
  const onSubmit = (event: Event) => {
    event.preventDefault();
    submit();
  };
  return (
    <form class="form" onSubmit={onSubmit}>
      <div class="form-row">
        <Field label={t('list.bulk.field')} value={name} options={fields.map((one) => ({ value: one.name, label: fieldLabel(one) }))}
          onInput={(next) => {
            setName(fields.find((one) => one.name === next)?.name ?? '');
            setTyped('');
          }} />
        <InForm.Provider value={looking}>
          <ValueField key={name} list={list} field={field} value={value} onInput={setTyped} label={t('list.bulk.value')} canClear={canClear} />
        </InForm.Provider>
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

function Remove({ rows, onStart, onClose }: { rows: readonly Row[]; onStart: (rows: readonly Row[]) => void; onClose: () => void }) {
  return (
    <>
      <Notice tone="warn">{t('list.bulk.remove_preview', { count: rows.length })}</Notice>
      <Names rows={rows} />
      <div class="form-foot">
        <Button kind="danger" onClick={() => onStart(rows)}>{t('list.bulk.run_remove', { count: rows.length })}</Button>
        <Button onClick={onClose} focus>{t('app.cancel')}</Button>
      </div>
    </>
  );
}

interface DoProps {
  act: ListAct;
  rows: readonly Row[];
  onStart: (rows: readonly Row[], reason: string) => void;
  onClose: () => void;
}

function Do({ act, rows, onStart, onClose }: DoProps) {
  const [reason, setReason] = useState('');
  const fitting = rows.filter(act.fits);
  const isReady = fitting.length > 0 && (!act.asksReason || reason.trim() !== '');
  const submit = (event: Event) => {
    event.preventDefault();
    if (isReady) onStart(fitting, reason.trim());
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
  const [id, setId] = useState<string | null>(null);
  const run = id === null ? undefined : runOf(id);
  const count = found.rows?.length ?? chosen?.size ?? rows.totals?.count ?? 0;
  const title = titleOf(kind, count);
  // Of the rows that are shown by then; the list may be another one, or none.
  const asked = (of: readonly Row[], reason = '') => ({
    title: `${listTitle(list)}: ${title}`, list, rows: of, reason,
    show: (row: Row) => rows.patch(row),
    onEnd: (over: Run) => {
      const undo = backOf(over);
      if (undo.length) tell({ text: () => t('list.bulk.told', { title: over.title }), undo });
    },
  });
  const close = () => onClose(run !== undefined);
  return (
    <Dialog title={title} kind="wide" onClose={close}>
      {found.problem && <ProblemNotice problem={found.problem} />}
      {!found.rows && !found.problem && <><p role="status">{t('list.bulk.reading')}</p><Skeleton rows={3} /></>}
      {found.rows && !run && kind === 'change' && (
        <Change list={list} rows={found.rows} onClose={close} onStart={(of, field, value, reason) => setId(changeRun(asked(of, reason), field, value))} />
      )}
      {found.rows && !run && kind === 'remove' && <Remove rows={found.rows} onClose={close} onStart={(of) => setId(removeRun(asked(of)))} />}
      {found.rows && !run && typeof kind === 'object' && <Do act={kind} rows={found.rows} onClose={close} onStart={(of, reason) => setId(actRun(asked(of, reason), kind))} />}
      {run && (
        <>
          <RunView run={run} />
          <div class="form-foot">
            {run.state === 'runs' && <Button onClick={() => runStop(run.id)}>{t('list.bulk.stop')}</Button>}
            <Button kind="primary" onClick={close} focus key={run.state}>{t(run.state === 'runs' ? 'list.bulk.leave' : 'list.bulk.close')}</Button>
          </div>
        </>
      )}
    </Dialog>
  );
}
