// What can be told of a file before it is sent: its encoding, what parts its columns, their names, the form of its dates
// and numbers. The server reads the file itself; this only guesses, and every guess can be changed.

import type { ImportKind, Mapping } from '../../api/imports';

const HEAD_BYTES = 64 * 1024;
const DELIMITERS = [',', ';', '\t', '|'] as const;

export interface FileHead {
  encoding: string;
  delimiter: string;
  header: string[];
  rows: string[][];
}

/** The cells of the first lines, by the rules of CSV. */
export function cells(text: string, delimiter: string, most: number): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let quoted = false;
  for (let i = 0; i <= text.length && rows.length < most; i++) {
    const c = text[i];
    if (quoted && c === '"' && text[i + 1] === '"') cell += text[++i];
    else if (c === '"' && (quoted || cell === '')) quoted = !quoted;
    else if (!quoted && (c === delimiter || c === '\n' || c === undefined)) {
      row.push(c === delimiter ? cell : cell.replace(/\r$/, ''));
      cell = '';
      if (c !== delimiter) {
        if (row.some(Boolean)) rows.push(row);
        row = [];
      }
    } else cell += c ?? '';
  }
  return rows;
}

/** A cut in the middle of a character is no sign of another encoding. */
function decoded(bytes: Uint8Array): { text: string; encoding: string } {
  for (let cut = 0; cut < 4; cut++) {
    try {
      return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, bytes.length - cut)), encoding: 'utf-8' };
    } catch {
      if (bytes.length < HEAD_BYTES) break;
    }
  }
  return { text: new TextDecoder('gb18030').decode(bytes), encoding: 'gb18030' };
}

/** What a file is that is none of lines and columns. */
export type Wrong = 'empty' | 'sheet' | 'utf16' | 'binary';

/** ZIP, as today's spreadsheets are packed, and the older ones of Microsoft. */
const SHEETS: readonly (readonly number[])[] = [[0x50, 0x4b, 0x03, 0x04], [0xd0, 0xcf, 0x11, 0xe0]];
const MARKS_UTF16: readonly (readonly number[])[] = [[0xff, 0xfe], [0xfe, 0xff]];

function wrongOf(bytes: Uint8Array): Wrong | null {
  const begins = (marks: readonly (readonly number[])[]) => marks.some((mark) => mark.every((byte, i) => bytes[i] === byte));
  if (begins(SHEETS)) return 'sheet';
  if (begins(MARKS_UTF16)) return 'utf16';
  return bytes.includes(0) ? 'binary' : null;
}

/** What the file looks like, or why it cannot be taken in at all. */
export async function headRead(file: Blob): Promise<FileHead | Wrong> {
  const bytes = new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer());
  const wrong = wrongOf(bytes);
  if (wrong) return wrong;
  const { text, encoding } = decoded(bytes);
  const first = text.split('\n', 1)[0] ?? '';
  const delimiter = DELIMITERS.reduce((best, one) => first.split(one).length > first.split(best).length ? one : best);
  const [header = [], ...rows] = cells(text, delimiter, 6);
  if (!header.length) return 'empty';
  return { encoding, delimiter, header, rows };
}

const plain = (name: string) => name.toLowerCase().replace(/[\s_./-]/g, '');

/** Names that other systems give to what a field is. */
const ALSO: Readonly<Record<string, readonly string[]>> = {
  account: ['customer', 'customerno', 'customercode', 'debtor', '账户', '账户编码', '客户', '客户编号', '客户代码', '客户编码', '往来单位', '往来单位编码'],
  partner: ['company', 'customer', '伙伴', '合作伙伴', '客户'],
  code: ['no', 'id', 'sku', 'item', '编号', '代码', '编码', '产品编码', '物料编码', '客户编码', '客户代码', '客户编号'],
  name: ['title', '名称', '公司名称', '客户名称', '单位名称', '姓名', '品名'],
  number: ['no', 'invoiceno', 'invoicenumber', 'orderno', '单号', '单据编号', '发票号', '发票号码', '订单号', '订单编号'],
  amount: ['sum', 'total', 'gross', '金额', '价税合计', '含税金额'],
  invoiced_on: ['date', 'invoicedate', '日期', '开票日', '开票日期'],
  due_on: ['due', 'duedate', '到期日', '到期日期'],
  received_on: ['date', 'paymentdate', '日期', '收款日', '收款日期', '到账日期'],
  reference: ['ref', 'memo', 'note', '附言', '摘要', '流水号'],
  unit_price: ['price', '单价'],
  quantity: ['qty', '数量'],
  product: ['item', 'sku', '产品', '物料'],
  phone: ['tel', 'telephone', 'mobile', '电话', '手机'],
  email: ['mail', '邮箱'],
  territory: ['region', '区域'],
  terms_days: ['terms', '账期'],
  currency: ['币种'],
  roles: ['role', '角色', '类型'],
};

export function guess(kind: ImportKind, header: readonly string[]): Record<string, string> {
  const columns: Record<string, string> = {};
  const free = new Set(header);
  const take = (field: string, fits: (column: string) => boolean) => {
    const column = columns[field] ? undefined : [...free].find(fits);
    if (column === undefined) return;
    columns[field] = column;
    free.delete(column);
  };
  for (const { name } of kind.fields) take(name, (column) => plain(column) === plain(name));
  for (const { name, labels = [] } of kind.fields) {
    const also = [...ALSO[name] ?? [], ...labels.map(plain), plain(name.replace(/^fields\./, ''))];
    take(name, (column) => also.includes(plain(column)));
  }
  return columns;
}

/** What the file most looks like: the kind of which it has every required field, and most others. */
export function kindGuess(kinds: readonly ImportKind[], header: readonly string[]): string {
  const score = (kind: ImportKind) => {
    const found = guess(kind, header);
    const lacks = kind.fields.filter((one) => one.required && !found[one.name]).length;
    return Object.keys(found).length * 2 - lacks * 3;
  };
  return [...kinds].sort((a, b) => score(b) - score(a))[0]?.what ?? '';
}

const DATE_FORMATS: readonly [RegExp, string][] = [
  [/^\d{4}-\d{1,2}-\d{1,2}$/, 'YYYY-MM-DD'], [/^\d{4}\/\d{1,2}\/\d{1,2}$/, 'YYYY/MM/DD'], [/^\d{4}年\d{1,2}月\d{1,2}日$/, 'YYYY年MM月DD日'],
  [/^\d{1,2}\.\d{1,2}\.\d{4}$/, 'DD.MM.YYYY'], [/^\d{1,2}\/\d{1,2}\/\d{4}$/, 'DD/MM/YYYY'], [/^\d{8}$/, 'YYYYMMDD'],
];
export const DATES: readonly string[] = [...DATE_FORMATS.map(([, format]) => format), 'MM/DD/YYYY'];

export function mappingGuess(kind: ImportKind, head: FileHead): Mapping {
  const columns = guess(kind, head.header);
  const valuesOf = (ends: RegExp) => Object.entries(columns).filter(([field]) => ends.test(field))
    .flatMap(([, column]) => head.rows.map((row) => row[head.header.indexOf(column)] ?? '')).filter(Boolean);
  const date = valuesOf(/_on$/)[0] ?? '';
  const isComma = valuesOf(/amount|price|quantity/).some((value) => /,\d{1,2}$/.test(value));
  return {
    columns, encoding: head.encoding, delimiter: head.delimiter === '\t' ? 'tab' : head.delimiter, decimal: isComma ? ',' : '.',
    date_format: DATE_FORMATS.find(([form]) => form.test(date))?.[1] ?? 'YYYY-MM-DD',
  };
}
