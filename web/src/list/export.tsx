// What is seen, as a file: the columns in their order, the rows that are found in theirs, read to the end first.

import { Problem } from '../api/problem';
import { today } from '../api/session';
import { customsKnown } from '../custom/defs';
import { download } from '../kit/download';
import { problemText } from '../kit/notice';
import { tell } from '../kit/toast';
import { patiently, runStart, type Work } from '../run/runs';
import type { Exported } from '../run/view';
import { cellText } from './cell';
import { fieldOf, type ListField, type Row } from './fields';
import { fieldLabel } from './names';
import { Rows, type Asked } from './rows';
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

/** Amounts stand without their currency in a file, so what they are in stands over them. */
function headOf(field: ListField): string {
  const { currency } = field.custom ?? {};
  return currency ? `${fieldLabel(field)}, ${currency}` : fieldLabel(field);
}

/** With a mark at its head by which Excel knows UTF-8. */
export function csvText(columns: readonly ListField[], rows: readonly Row[]): string {
  const head = columns.map((field) => csvCell(headOf(field), true)).join(',');
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
  return workbook(title, columns.map(headOf), rows.map((row) => columns.map((field) => xlsxCell(field, row))));
}

interface ExportAsked {
  format: Format;
  title: string;
  columns: readonly string[];
  asked: Asked;
  /** Only these; null: all. */
  only: readonly string[] | null;
}

/** Reads the list for itself, as the page that shows it may be left. */
export async function work({ data, abort, progress }: Work): Promise<Exported> {
  const { format, title, columns: names, asked, only } = data as ExportAsked;
  await customsKnown();
  const columns = names.flatMap((name) => fieldOf(asked.list, name) ?? []);
  const chosen = only && new Set(only);
  const found = await patiently(async () => {
    const rows = new Rows(asked, () => undefined);
    await rows.counted;
    const all = (await rows.all((done) => progress(done, rows.totals?.count ?? null), abort)).flatMap((one) => one.rows);
    return chosen ? all.filter((row) => chosen.has(String(row.id))) : all;
  }, abort);
  const file = `${title} ${today()}.${format}`;
  download(await fileOf(format, title, columns, found), file);
  return { count: found.length, file };
}

interface ExportProps {
  format: Format;
  title: string;
  columns: readonly ListField[];
  rows: Rows;
  /** Only these; absent: all. */
  only?: ReadonlySet<string> | undefined;
}

export function exportStart({ format, title, columns, rows, only }: ExportProps): void {
  const data: ExportAsked = { format, title, columns: columns.map((field) => field.name), asked: rows.asked, only: only ? [...only] : null };
  runStart({ kind: 'export', title: t('list.export.of', { title }), total: rows.totals?.count ?? null, data }, (over) => {
    if (over.state === 'over') tell({ text: () => t('list.export.done', { ...(over.out as Exported) }) });
    else if (over.problem) tell({ text: () => problemText(new Problem(0, over.problem ?? {})), tone: 'bad' });
  });
}
