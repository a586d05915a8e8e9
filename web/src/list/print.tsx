// A list on paper: all that is found, not only what is in sight, as one table whose head is repeated on each page.

import { useEffect, useState } from 'preact/hooks';
import { isAborted } from '../api/client';
import { problemFrom, type Problem } from '../api/problem';
import { Button } from '../kit/button';
import { Dialog } from '../kit/dialog';
import { ProblemNotice } from '../kit/notice';
import { usePrint } from '../shell/print';
import { whole } from '../words/format';
import { Cell, isFigure } from './cell';
import { fieldOf, idOf, type ListField, type ListName, type Row } from './fields';
import { fieldLabel, groupLabel } from './names';
import type { Rows } from './rows';
import { sumsText } from './sums';
import { t } from './words';

/** A browser lays out a table of more for minutes; a file is for those. */
const MOST_ROWS = 5000;

interface Part {
  /** null: the list has no groups. */
  title: string | null;
  sums: string;
  rows: readonly Row[];
}

/** What was read so far, at most so many rows. */
function partsOf(list: ListName, rows: Rows, columns: readonly ListField[]): Part[] {
  const group = rows.asked.group ? fieldOf(list, rows.asked.group) : undefined;
  let left = MOST_ROWS;
  return rows.sections.map((section): Part => {
    const shown = section.loaded.slice(0, left);
    left -= shown.length;
    return {
      title: group ? `${groupLabel(group, section.value)} (${whole(section.count)})` : null,
      sums: sumsText(list, section.sums, columns.map((field) => field.name)),
      rows: shown,
    };
  });
}

interface SheetProps {
  list: ListName;
  columns: readonly ListField[];
  rows: Rows;
}

function Sheet({ list, columns, rows }: SheetProps) {
  const parts = partsOf(list, rows, columns);
  const shown = parts.reduce((sum, part) => sum + part.rows.length, 0);
  const all = rows.sections.reduce((sum, section) => sum + section.count, 0);
  const hasCurrency = columns.some((field) => field.type === 'currency');
  return (
    <div class="print-only">
      {shown < all && <p><strong>{t('list.print.cut', { shown: whole(shown), all: whole(all) })}</strong></p>}
      <table class="print-table">
        <thead><tr>{columns.map((field) => <th key={field.name} scope="col" class={isFigure(field) ? 'figure' : undefined}>{fieldLabel(field)}</th>)}</tr></thead>
        {parts.filter((part) => part.title === null || part.rows.length > 0).map((part, i) => (
          <tbody key={i}>
            {part.title && <tr class="print-group"><th scope="rowgroup" colSpan={columns.length}>{part.title} <span>{part.sums}</span></th></tr>}
            {part.rows.map((row) => (
              <tr key={idOf(row)}>
                {columns.map((field) => <td key={field.name} class={isFigure(field) ? 'figure' : undefined}><Cell list={list} field={field} row={row} hasCurrency={hasCurrency} /></td>)}
              </tr>
            ))}
          </tbody>
        ))}
      </table>
    </div>
  );
}

function Reading({ rows, onEnd }: { rows: Rows; onEnd: (isRead: boolean) => void }) {
  const [done, setDone] = useState(0);
  const [problem, setProblem] = useState<Problem | null>(null);
  const all = Math.min(rows.totals?.count ?? 0, MOST_ROWS);
  useEffect(() => {
    const abort = new AbortController();
    rows.all(setDone, abort.signal, MOST_ROWS).then(() => onEnd(true), (error: unknown) => isAborted(error) || setProblem(problemFrom(error)));
    return () => abort.abort();
  }, []);
  return (
    <Dialog title={t('list.print')} onClose={() => onEnd(false)}>
      {problem
        ? <ProblemNotice problem={problem} />
        : (
          <>
            <p role="status">{t('list.export.reading', { done: whole(done), all: whole(all) })}</p>
            <progress class="run-bar" aria-label={t('list.print')} max={Math.max(all, 1)} value={done} />
          </>
        )}
      <div class="form-foot"><Button onClick={() => onEnd(false)}>{t('app.cancel')}</Button></div>
    </Dialog>
  );
}

/** Reads what is missing when asked to print. Printed by the browser's own menu, the list is what was read so far, and says so. */
export function ListPrint(props: SheetProps) {
  const { rows } = props;
  const [state, setState] = useState<'screen' | 'reading' | 'paper'>('screen');
  usePrint(() => setState('reading'));
  useEffect(() => {
    const before = () => setState('paper');
    const after = () => setState('screen');
    addEventListener('beforeprint', before);
    addEventListener('afterprint', after);
    return () => {
      removeEventListener('beforeprint', before);
      removeEventListener('afterprint', after);
    };
  }, []);
  if (state === 'reading') {
    return (
      <Reading rows={rows} onEnd={(isRead) => {
        setState('screen');
        if (isRead) setTimeout(print);
      }} />
    );
  }
  return state === 'paper' ? <Sheet {...props} /> : null;
}
