// The imports that were done: by whom, when, of which file; and the undoing of one, shown before it is done.

import { useState } from 'preact/hooks';
import { call } from '../../api/client';
import { Problem } from '../../api/problem';
import { import_run_list, import_run_rows, type ImportRow, type ImportRun } from '../../api/types';
import { Button } from '../../kit/button';
import { Dialog } from '../../kit/dialog';
import { Load, More, usePages } from '../../kit/load';
import { Empty, Notice, problemText } from '../../kit/notice';
import { Table, type Column } from '../../kit/table';
import { tell } from '../../kit/toast';
import { runStart } from '../../run/runs';
import type { Undone } from '../../run/view';
import { moment } from '../../words/format';
import { madeName } from './made';
import type { UndoAsked } from './undo-work';
import { sentence, t } from './words';

const PAGE_ROWS = 20;
const SHOWN_ROWS = 50;

function whatText(what: string | null): string {
  return sentence(`import.what.${what ?? ''}`) ?? what ?? '';
}

function fileText(run: ImportRun): string {
  return run.file ?? t('past.no_file');
}

function fateText(row: ImportRow): string {
  if (row.is_undone) return t('past.row.before');
  return t(row.undo === null ? 'past.row.never' : 'past.row.goes');
}

function undoStart(run: ImportRun, onDone: () => void): void {
  const data: UndoAsked = { run: run.id ?? '', reason: t('past.reason', { file: fileText(run) }), cursor: null, counts: { undone: 0, before: 0, left: 0 } };
  runStart({ kind: 'undo', title: t('past.of', { what: whatText(run.what), file: fileText(run) }), total: null, data }, (over) => {
    const { left } = data.counts satisfies Undone;
    if (over.problem) tell({ text: () => problemText(new Problem(0, over.problem ?? {})), tone: 'bad' });
    else tell({ text: () => left ? t('past.left', { left }) : t('past.done', { file: fileText(run) }), tone: left ? 'warn' : 'good' });
    onDone();
  });
}

/** What it made, from the last on. */
function UndoDialog({ run, onClose, onDone }: { run: ImportRun; onClose: () => void; onDone: () => void }) {
  const pages = usePages(`import ${run.id ?? ''}`, (cursor) => call(import_run_rows, { import_run: run.id ?? '', limit: SHOWN_ROWS, ...(cursor && { cursor }) }));
  const columns: Column<ImportRow>[] = [
    { key: 'name', label: t('past.row'), lead: true, cell: madeName },
    { key: 'account', label: t('past.account'), cell: (one) => one.account ?? t('app.none') },
    { key: 'fate', label: t('past.fate'), cell: fateText },
  ];
  return (
    <Dialog title={t('past.of', { what: whatText(run.what), file: fileText(run) })} kind="wide" onClose={onClose}>
      <Notice tone="warn"><p>{t('past.hint')}</p></Notice>
      <div class="past-rows" tabIndex={0} role="group" aria-label={t('past.rows')}>
        <Load of={pages}>{(rows) => <Table label={t('past.rows')} columns={columns} rows={rows} rowKey={(one) => one.id ?? ''} />}</Load>
        <More of={pages} />
      </div>
      <div class="form-foot">
        <Button kind="primary" onClick={() => { undoStart(run, onDone); onClose(); }}>{t('past.undo')}</Button>
        <Button onClick={onClose}>{t('past.keep')}</Button>
      </div>
    </Dialog>
  );
}

export function Past() {
  const [asked, setAsked] = useState<ImportRun | null>(null);
  const pages = usePages('imports', (cursor) => call(import_run_list, { sort: '-begun_on', limit: PAGE_ROWS, ...(cursor && { cursor }) }));
  const columns: Column<ImportRun>[] = [
    { key: 'file', label: t('import.file'), lead: true, cell: (one) => <><strong>{fileText(one)}</strong> <span class="faint">{whatText(one.what)}</span></> },
    { key: 'by', label: t('past.by'), cell: (one) => one.by ?? t('past.system') },
    { key: 'at', label: t('past.at'), date: true, wide: true, cell: (one) => moment(one.begun_at) },
    { key: 'stored', label: t('past.stored'), figure: true, cell: (one) => one.stored ?? t('past.unfinished') },
    { key: 'refused', label: t('past.refused'), figure: true, cell: (one) => one.refused ?? t('app.none') },
    { key: 'undone', label: t('past.undone'), figure: true, cell: (one) => one.undone },
    { key: 'undo', label: '', wide: true, cell: (one) => <Button kind="quiet" label={`${t('past.undo')}: ${fileText(one)}`} onClick={() => setAsked(one)}>{t('past.undo')}</Button> },
  ];
  return (
    <section class="settings-part" aria-label={t('past.title')}>
      <h2>{t('past.title')}</h2>
      <Load of={pages}>
        {(runs) => runs.length ? <Table label={t('past.title')} columns={columns} rows={runs} rowKey={(one) => one.id ?? ''} /> : <Empty title={t('past.none')} hint={t('past.none.hint')} />}
      </Load>
      <More of={pages} />
      {asked && <UndoDialog run={asked} onClose={() => setAsked(null)} onDone={pages.reload} />}
    </section>
  );
}
