// A workbook of one sheet, as small as Excel, LibreOffice and WPS take it: a zip of five XML parts. Numbers are numbers,
// days are days, everything else is text and never a formula.

export type XlsxCell = { kind: 'text' | 'number' | 'day'; value: string } | null;

const TABLE: readonly number[] = Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});

function crc(bytes: Uint8Array): number {
  let c = 0xffffffff;
  for (const byte of bytes) c = (TABLE[(c ^ byte) & 0xff] ?? 0) ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}

async function deflated(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

interface Entry {
  name: string;
  bytes: Uint8Array<ArrayBuffer>;
}

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const VERSION = 20;
const DEFLATE = 8;
const NAMES_UTF8 = 0x0800;
/** 1 January 1980, the first day a zip knows: a file of the same rows is the same file. */
const DAY_ONE = 0x21;

/** The fields that the head of an entry and its line in the directory share. */
function entryHead(view: DataView, at: number, check: number, packed: number, size: number, name: number): void {
  view.setUint16(at, VERSION, true);
  view.setUint16(at + 2, NAMES_UTF8, true);
  view.setUint16(at + 4, DEFLATE, true);
  view.setUint16(at + 8, DAY_ONE, true);
  view.setUint32(at + 10, check, true);
  view.setUint32(at + 14, packed, true);
  view.setUint32(at + 18, size, true);
  view.setUint16(at + 22, name, true);
}

async function zip(entries: readonly Entry[]): Promise<Blob> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const directory: Uint8Array<ArrayBuffer>[] = [];
  let offset = 0;
  for (const { name, bytes } of entries) {
    const title = new TextEncoder().encode(name);
    const packed = await deflated(bytes);
    const check = crc(bytes);
    const head = new DataView(new ArrayBuffer(30));
    head.setUint32(0, LOCAL, true);
    entryHead(head, 4, check, packed.length, bytes.length, title.length);
    const line = new DataView(new ArrayBuffer(46));
    line.setUint32(0, CENTRAL, true);
    line.setUint16(4, VERSION, true);
    entryHead(line, 6, check, packed.length, bytes.length, title.length);
    line.setUint32(42, offset, true);
    parts.push(new Uint8Array(head.buffer), title, packed);
    directory.push(new Uint8Array(line.buffer), title);
    offset += 30 + title.length + packed.length;
  }
  const size = directory.reduce((sum, part) => sum + part.length, 0);
  const end = new DataView(new ArrayBuffer(22));
  end.setUint32(0, END, true);
  end.setUint16(8, entries.length, true);
  end.setUint16(10, entries.length, true);
  end.setUint32(12, size, true);
  end.setUint32(16, offset, true);
  return new Blob([...parts, ...directory, new Uint8Array(end.buffer)], { type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' });
}

function escaped(text: string): string {
  // Characters that XML cannot hold are no loss; none of them is ever stored.
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
    .replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

function columnName(index: number): string {
  const rest = Math.floor(index / 26);
  return (rest ? columnName(rest - 1) : '') + String.fromCharCode(65 + (index % 26));
}

/** Days since the day that spreadsheets count from. */
function serial(day: string): number {
  return Math.round((Date.parse(`${day}T00:00:00Z`) - Date.UTC(1899, 11, 30)) / 86_400_000);
}

function cellXml(cell: XlsxCell, at: string, style: number): string {
  if (!cell || cell.value === '') return '';
  if (cell.kind === 'number') return `<c r="${at}" s="2"><v>${escaped(cell.value)}</v></c>`;
  if (cell.kind === 'day') return `<c r="${at}" s="1"><v>${serial(cell.value)}</v></c>`;
  return `<c r="${at}" t="inlineStr" s="${style}"><is><t xml:space="preserve">${escaped(cell.value)}</t></is></c>`;
}

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const SHEET_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

/** Styles: 0 text, 1 a day, 2 a number with its thousands apart, 3 a head. */
const STYLES = `${HEAD}<styleSheet xmlns="${MAIN}"><numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/><numFmt numFmtId="165" formatCode="#,##0.######"/></numFmts>`
  + '<fonts count="2"><font><sz val="11"/></font><font><b/><sz val="11"/></font></fonts><fills count="1"><fill><patternFill patternType="none"/></fill></fills>'
  + '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="4"><xf xfId="0"/><xf xfId="0" numFmtId="164" applyNumberFormat="1"/>'
  + '<xf xfId="0" numFmtId="165" applyNumberFormat="1"/><xf xfId="0" fontId="1" applyFont="1"/></cellXfs></styleSheet>';

export async function workbook(title: string, head: readonly string[], rows: readonly (readonly XlsxCell[])[]): Promise<Blob> {
  const lines = rows.map((row, i) => `<row r="${i + 2}">${row.map((cell, k) => cellXml(cell, `${columnName(k)}${i + 2}`, 0)).join('')}</row>`);
  const first = `<row r="1">${head.map((text, k) => cellXml({ kind: 'text', value: text }, `${columnName(k)}1`, 3)).join('')}</row>`;
  const sheet = `${HEAD}<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" state="frozen"/></sheetView></sheetViews>`
    + `<sheetFormatPr defaultRowHeight="15"/><cols><col min="1" max="${Math.max(head.length, 1)}" width="18" customWidth="1"/></cols><sheetData>${first}${lines.join('')}</sheetData></worksheet>`;
  // A name has at most 31 characters, and some of them are taken.
  const name = escaped(title.replace(/[[\]:*?/\\]/g, ' ').slice(0, 31));
  const parts: Readonly<Record<string, string>> = {
    '[Content_Types].xml': `${HEAD}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>`
      + `<Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${SHEET_TYPE}.sheet.main+xml"/>`
      + `<Override PartName="/xl/worksheets/sheet1.xml" ContentType="${SHEET_TYPE}.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="${SHEET_TYPE}.styles+xml"/></Types>`,
    '_rels/.rels': `${HEAD}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': `${HEAD}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets><sheet name="${name}" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `${HEAD}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>`
      + `<Relationship Id="rId2" Type="${OFFICE}/styles" Target="styles.xml"/></Relationships>`,
    'xl/worksheets/sheet1.xml': sheet,
    'xl/styles.xml': STYLES,
  };
  return zip(Object.entries(parts).map(([path, text]) => ({ name: path, bytes: new TextEncoder().encode(text) })));
}
