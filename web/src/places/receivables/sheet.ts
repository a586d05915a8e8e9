// What a page of receivables shows, as a workbook to send on.

import { problemFrom } from '../../api/problem';
import { download } from '../../kit/download';
import { problemText } from '../../kit/notice';
import { tell } from '../../kit/toast';
import type { XlsxCell } from '../../list/xlsx';

export const text = (value: string | null | undefined): XlsxCell => ({ kind: 'text', value: value ?? '' });
export const figure = (value: string | null | undefined): XlsxCell => (value ? { kind: 'number', value } : null);
export const dated = (value: string | null | undefined): XlsxCell => (value ? { kind: 'day', value } : null);

export function sheetSave(title: string, head: readonly string[], rows: readonly (readonly XlsxCell[])[]): void {
  import('../../list/xlsx').then(({ workbook }) => workbook(title, head, rows)).then(
    (file) => download(file, `${title}.xlsx`),
    (error: unknown) => tell({ text: () => problemText(problemFrom(error)), tone: 'bad' }),
  );
}
