// A table on a desk and a list of cards on a phone, from one list of columns.

import type { ComponentChildren } from 'preact';

export interface Column<Row> {
  key: string;
  label: string;
  cell: (row: Row) => ComponentChildren;
  /** Figures stand right in digits of one width. */
  figure?: boolean;
  /** Never broken over two lines. */
  date?: boolean;
  /** Heads the card on a phone. */
  lead?: boolean;
  /** Stands beside the head of the card on a phone, without its label. */
  corner?: boolean;
  /** Fills the width of the card on a phone. */
  wide?: boolean;
  /** What can be done with the row: a menu in the upper corner of the card, without its label. */
  acts?: boolean;
  /** There is nothing to say of this row: a card on a phone leaves it out. */
  blank?: (row: Row) => boolean;
}

interface TableProps<Row> {
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  foot?: ComponentChildren;
  /** On a phone all rows are one card and a row two lines of it, for many rows with few figures each. */
  brief?: boolean;
}

function classOf<Row>(column: Column<Row>, row?: Row): string {
  const isBlank = row !== undefined && column.blank?.(row);
  return [`col-${column.key}`, column.figure && 'figure', column.date && 'date', column.lead && 'lead', column.corner && 'corner', column.wide && 'wide', column.acts && 'acts', isBlank && 'blank'].filter(Boolean).join(' ');
}

export function Table<Row>({ label, columns, rows, rowKey, foot, brief = false }: TableProps<Row>) {
  return (
    <div class="table-frame">
      <table class={`table${brief ? ' table-brief' : ''}`} aria-label={label}>
        <thead>
          <tr>{columns.map((c) => <th key={c.key} scope="col" class={classOf(c)}>{c.label}</th>)}</tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)}>
              {columns.map((c) => <td key={c.key} class={classOf(c, row)} data-label={c.label}>{c.cell(row)}</td>)}
            </tr>
          ))}
        </tbody>
        {foot && <tfoot>{foot}</tfoot>}
      </table>
    </div>
  );
}
