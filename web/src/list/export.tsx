// What is seen, as a file: the columns in their order, the rows that are found in theirs, read to the end first.

import { useEffect, useState } from 'preact/hooks';
import { isAborted } from '../api/client';
import { problemFrom, type Problem } from '../api/problem';
import { today } from '../api/session';
import { Button } from '../kit/button';
import { Dialog } from '../kit/dialog';
import { ProblemNotice } from '../kit/notice';
import { tell } from '../kit/toast';
import { cellText } from './cell';
import type { ListField, Row } from './fields';
import { fieldLabel } from './names';
import type { Rows } from './rows';
import { t } from './words';
import type { XlsxCell } from './xlsx';

export type Format = 'csv' | 'xlsx';

/** A text that a spreadsheet would take for a formula stays a text. */
function csvCell(text: string, isText: boolean): string {
  const safe = isText && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function isNumber(field: ListField): boolean {
  return ['money', 'decimal', 'int', 'percent', 'limit'].includes(field.type);
}

/** With a mark at its head by which Excel knows UTF-8. */
export function csvText(columns: readonly ListField[], rows: readonly Row[]): string {
  const head = columns.map((field) => csvCell(fieldLabel(field), true)).join(',');
  const lines = rows.map((row) => columns.map((field) => csvCell(cellText(field, row), !isNumber(field))).join(','));
  return `\ufeff${[head, ...lines].join('\r\n')}\r\n`;
}

function xlsxCell(field: ListField, row: Row): XlsxCell {
  const value = cellText(field, row);
  if (isNumber(field) && /^-?\d+(\.\d+)?$/.test(value)) return { kind: 'number', value };
  return { kind: field.type === 'date' && /^\d{4}-\d\d-\d\d$/.test(value) ? 'day' : 'text', value };
}

async function fileOf(format: Format, title: string, columns: readonly ListField[], rows: readonly Row[]): Promise<Blob> {
  if (format === 'csv') return new Blob([csvText(columns, rows)], { type: 'text/csv;charset=utf-8' });
  const { workbook } = await import('./xlsx');
  return workbook(title, columns.map((field) => fieldLabel(field)), rows.map((row) => columns.map((field) => xlsxCell(field, row))));
}

function download(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

interface ExportProps {
  format: Format;
  title: string;
  columns: readonly ListField[];
  rows: Rows;
  /** Only these; absent: all. */
  only?: ReadonlySet<string>;
  onClose: () => void;
}

export function ExportDialog({ format, title, columns, rows, only, onClose }: ExportProps) {
  const [done, setDone] = useState(0);
  const [problem, setProblem] = useState<Problem | null>(null);
  useEffect(() => {
    const abort = new AbortController();
    const write = async () => {
      const found = (await rows.all(setDone, abort.signal)).flatMap((one) => one.rows);
      const chosen = only ? found.filter((row) => only.has(String(row.id))) : found;
      const name = `${title} ${today()}.${format}`;
      download(await fileOf(format, title, columns, chosen), name);
      tell({ text: () => t('list.export.done', { count: chosen.length, file: name }) });
      onClose();
    };
    write().catch((error: unknown) => isAborted(error) || setProblem(problemFrom(error)));
    return () => abort.abort();
  }, []);
  return (
    <Dialog title={t('list.export.title')} onClose={onClose}>
      {problem
        ? <ProblemNotice problem={problem} />
        : (
          <>
            <p role="status">{t('list.export.reading', { done: done.toLocaleString('en'), all: (rows.totals?.count ?? 0).toLocaleString('en') })}</p>
            <progress class="list-progress" aria-label={t('list.export.title')} max={Math.max(rows.totals?.count ?? 1, 1)} value={done} />
          </>
        )}
      <div class="form-foot"><Button onClick={onClose}>{t('app.cancel')}</Button></div>
    </Dialog>
  );
}
