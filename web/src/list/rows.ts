// The rows of a list, read page by page as they come into sight. A list is one section, or with groups one for each value;
// how many rows a section has is known from its totals before they are read, so the scrollbar is right from the start.

import { call, isAborted } from '../api/client';
import { problemFrom, type Problem } from '../api/problem';
import { may } from '../api/session';
import { list_totals, type ListTotals } from '../api/types';
import { both, termText } from './filter';
import { fieldOf, idOf, listOp, oneOp, shownFields, valueOf, type FieldName, type ListName, type Row } from './fields';

const FIRST_ROWS = 100;
const PAGE_ROWS = 500;

export type Sums = ListTotals['sums'];

export interface Asked {
  list: ListName;
  filter: string | undefined;
  sort: string;
  group: FieldName | null;
}

/** A list of many keeps of each row what a cell can show. */
function slim(list: ListName, row: Row): Row {
  const kept: Record<string, unknown> = { id: row.id, version: row.version };
  for (const { name } of shownFields(list)) kept[name] = valueOf(row, name);
  return kept;
}

export class Section {
  rows: Row[] = [];
  problem: Problem | null = null;
  isOpen = true;
  /** undefined: nothing was read yet; null: everything. */
  private next: string | null | undefined = undefined;
  private wanted = -1;
  private busy: AbortController | null = null;

  constructor(
    private readonly asked: Asked,
    /** null: of the only section. */
    readonly value: string | null | undefined,
    private known: number | null,
    readonly sums: Sums,
    private readonly changed: () => void,
  ) {}

  get filter(): string | undefined {
    const { group, filter } = this.asked;
    return this.value === undefined || !group ? filter : both(filter, termText({ field: group, relation: 'eq', value: this.value }));
  }

  get isAll(): boolean {
    return this.next === null;
  }

  get isBegun(): boolean {
    return this.next !== undefined;
  }

  get isBusy(): boolean {
    return this.busy !== null;
  }

  set count(count: number) {
    this.known = count;
  }

  /** What is read is surer than what was counted before; until then there may be one more than was read. */
  get count(): number {
    if (this.isAll) return this.rows.length;
    return Math.max(this.known ?? 0, this.rows.length + (this.isBegun && this.known === null ? 1 : 0));
  }

  /** Reads until the row of this index is there. */
  want(index: number): void {
    this.wanted = Math.max(this.wanted, index);
    if (!this.busy && !this.problem && this.next !== null && this.rows.length <= this.wanted) void this.read();
  }

  /** Reads everything there is. */
  async all(progress: (rows: number) => void, abort: AbortSignal): Promise<readonly Row[]> {
    this.stop();
    while (this.next !== null && !abort.aborted) {
      await this.read(abort);
      if (this.problem) throw this.problem;
      progress(this.rows.length);
    }
    abort.throwIfAborted();
    return this.rows;
  }

  again(): void {
    this.problem = null;
    this.want(this.wanted);
  }

  stop(): void {
    this.busy?.abort();
    this.busy = null;
  }

  private async read(outer?: AbortSignal): Promise<void> {
    const busy = new AbortController();
    this.busy = busy;
    outer?.addEventListener('abort', () => busy.abort(), { once: true });
    const { list, sort } = this.asked;
    const { filter } = this;
    const limit = this.isBegun ? PAGE_ROWS : FIRST_ROWS;
    try {
      const page = await call(listOp(list), { limit, sort, ...(filter && { filter }), ...(this.next && { cursor: this.next }) }, { abort: busy.signal });
      for (const row of page.items) this.rows.push(slim(list, row));
      this.next = page.next;
    } catch (error) {
      if (!isAborted(error)) this.problem = problemFrom(error);
    }
    if (this.busy !== busy) return;
    this.busy = null;
    this.changed();
    if (!outer) this.want(this.wanted);
  }

  patch(row: Row): boolean {
    const at = this.rows.findIndex((one) => idOf(one) === idOf(row));
    if (at < 0) return false;
    this.rows[at] = slim(this.asked.list, row);
    return true;
  }

  /** A row that came from another section stands first. */
  take(row: Row): void {
    if (this.known !== null) this.known++;
    if (this.isBegun) this.rows.unshift(slim(this.asked.list, row));
  }

  drop(id: string): boolean {
    const at = this.rows.findIndex((one) => idOf(one) === id);
    if (at < 0) return false;
    this.rows.splice(at, 1);
    if (this.known !== null) this.known--;
    return true;
  }
}

export class Rows {
  sections: readonly Section[] = [];
  totals: ListTotals | null;
  problem: Problem | null = null;
  /** Once it is known how many there are, and of which groups. */
  readonly counted: Promise<void>;
  private readonly abort = new AbortController();

  /** `before`: what it came to when it was asked before, until it is known anew. */
  constructor(readonly asked: Asked, private readonly changed: () => void, before: ListTotals | null = null) {
    this.totals = before;
    if (!asked.group) {
      const only = new Section(asked, undefined, before?.count ?? null, [], changed);
      this.sections = [only];
      only.want(0);
    }
    this.counted = may('READ') ? this.count() : Promise.resolve();
  }

  /** Nothing of it is wanted any more. */
  stop(): void {
    this.abort.abort();
    for (const section of this.sections) section.stop();
  }

  private async count(): Promise<void> {
    const { list, filter, group } = this.asked;
    try {
      const totals = await call(list_totals, { list, ...(filter && { filter }), ...(group && { group }) }, { abort: this.abort.signal });
      this.totals = totals;
      if (group) this.sections = ordered(this.asked, totals).map((one) => new Section(this.asked, one.value, one.count, one.sums, this.changed));
      else if (this.sections[0]) this.sections[0].count = totals.count;
    } catch (error) {
      if (isAborted(error)) return;
      if (group) this.problem = problemFrom(error);
    }
    this.changed();
  }

  /** Reads one row again and shows it as it is now; what no longer fits stays until the list is read anew. */
  async refresh(id: string): Promise<Row> {
    const row = await call(oneOp(this.asked.list, 'GET'), { row: id });
    this.patch(row);
    return row;
  }

  patch(row: Row): void {
    const from = this.sections.find((section) => section.patch(row));
    const { group } = this.asked;
    if (!from) return;
    const value = group ? (valueOf(row, group) ?? null) : from.value;
    if (group && !isSame(value, from.value)) {
      from.drop(idOf(row));
      const to = this.sections.find((section) => isSame(value, section.value));
      if (to) to.take(row);
      else void this.count();
    }
    this.changed();
  }

  drop(id: string): void {
    if (!this.sections.some((section) => section.drop(id))) return;
    if (this.totals) this.totals = { ...this.totals, count: this.totals.count - 1 };
    this.changed();
  }

  find(id: string): Row | undefined {
    for (const section of this.sections) {
      const row = section.rows.find((one) => idOf(one) === id);
      if (row) return row;
    }
    return undefined;
  }

  /** All rows as they are shown, read to the end. */
  async all(progress: (rows: number) => void, abort: AbortSignal): Promise<readonly { section: Section; rows: readonly Row[] }[]> {
    const found: { section: Section; rows: readonly Row[] }[] = [];
    let before = 0;
    for (const section of this.sections) {
      const rows = await section.all((count) => progress(before + count), abort);
      before += rows.length;
      found.push({ section, rows });
    }
    return found;
  }
}

/** A group tells yes and no in words. */
function isSame(value: unknown, group: string | null | undefined): boolean {
  return value === null ? group === null : String(value) === group;
}

/** By the order of the values where they have one of their own, as states do. */
function ordered({ list, group }: Asked, totals: ListTotals): ListTotals['groups'] {
  const names: readonly string[] = (group && fieldOf(list, group)?.names) ?? [];
  if (!names.length) return totals.groups;
  const at = (value: string | null) => (value === null ? names.length : names.indexOf(value));
  return [...totals.groups].sort((a, b) => at(a.value) - at(b.value));
}
