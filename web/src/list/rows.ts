// The rows of a list, read page by page as they come into sight. A list is one section, or with groups one for each value;
// how many rows a section has is known from its totals before they are read, so the scrollbar is right from the start.
//
// Rows stand at their places, with holes where nothing was read. A page begins at the end of one that was read, by its
// cursor; one that is far from all of them, where a scrollbar was dragged to, begins so many rows behind it.

import { call, isAborted } from '../api/client';
import { problemFrom, type Problem } from '../api/problem';
import { may } from '../api/session';
import { list_totals, type ListTotals } from '../api/types';
import { customs } from '../custom/defs';
import { both, termText } from './filter';
import { fieldOf, idOf, listOp, oneOp, keptFields, valueOf, type FieldName, type ListName, type Row } from './fields';

const FIRST_ROWS = 100;
const PAGE_ROWS = 500;
/** Of a page that is jumped to, and how far before what is in sight it begins. */
const JUMP_ROWS = 200;
const BEFORE_ROWS = 30;

export type Sums = ListTotals['sums'];

export interface Asked {
  list: ListName;
  filter: string | undefined;
  sort: string;
  group: FieldName | null;
}

/** From a row to another, both included. */
export interface Span {
  from: number;
  to: number;
}

/** A list of many keeps of each row what a cell can show. */
function slim(list: ListName, row: Row): Row {
  const kept: Record<string, unknown> = { id: row.id, version: row.version };
  for (const { name } of keptFields(list)) kept[name] = valueOf(row, name);
  // The first rows may come before the definitions.
  if (customs.peek() === null) kept.fields = row.fields;
  return kept;
}

/** Where a page ended, and by which cursor one goes on from there. */
interface Stop {
  at: number;
  cursor: string | null;
}

export class Section {
  problem: Problem | null = null;
  isOpen = true;
  wanted: Span | null = null;
  private readonly rows: (Row | undefined)[] = [];
  private have = 0;
  private stops: Stop[] = [{ at: 0, cursor: null }];
  /** How many there are, once the last one was read. */
  private end: number | null = null;
  private isRead = false;
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

  get isBegun(): boolean {
    return this.isRead;
  }

  /** All that is wanted is there, or cannot be had. */
  get isFilled(): boolean {
    return this.problem !== null || this.wanted === null || (this.isRead && this.holeIn(this.wanted) === null);
  }

  set count(count: number) {
    this.known = count;
  }

  /** What is read is surer than what was counted before; until then there may be one more than was read. */
  get count(): number {
    if (this.end !== null) return this.end;
    return Math.max(this.known ?? 0, this.rows.length + (this.isRead && this.known === null ? 1 : 0));
  }

  at(index: number): Row | undefined {
    return this.rows[index];
  }

  /** Those that were read so far, in their order. */
  get loaded(): readonly Row[] {
    return this.rows.filter((row): row is Row => row !== undefined);
  }

  /** Reads until these rows are there; what was wanted before and is on no page yet is wanted no more. */
  want(span: Span | null): void {
    this.wanted = span;
    const hole = this.busy || this.problem ? null : this.holeIn(span);
    if (hole !== null) void this.read(hole);
  }

  /** Reads everything there is, or the first so many. */
  async all(progress: (rows: number) => void, abort: AbortSignal, most = Infinity): Promise<readonly Row[]> {
    this.stop();
    for (let hole = this.firstHole(); hole !== null && hole < most && !abort.aborted; hole = this.firstHole()) {
      await this.read(hole, abort);
      if (this.problem) throw this.problem;
      progress(this.have);
    }
    abort.throwIfAborted();
    return this.loaded;
  }

  again(): void {
    this.problem = null;
    this.want(this.wanted);
  }

  stop(): void {
    this.busy?.abort();
    this.busy = null;
  }

  /** The first row of a span that was not read. */
  private holeIn(span: Span | null): number | null {
    if (!span) return null;
    const last = this.isRead ? Math.min(span.to, this.count - 1) : span.to;
    for (let index = Math.max(span.from, 0); index <= last; index++) if (!this.rows[index]) return index;
    return null;
  }

  /** The first row of all that was not read; null: all were. */
  private firstHole(): number | null {
    if (this.end !== null && this.have === this.end) return null;
    return this.have === this.rows.length ? this.have : this.rows.findIndex((row) => row === undefined);
  }

  /** The page in which to read a row: it joins what is there already where that is near. */
  private pageOf(hole: number): { start: number; limit: number } {
    if (!this.isRead && hole < FIRST_ROWS) return { start: 0, limit: FIRST_ROWS };
    let start = hole;
    while (start > 0 && hole - start < PAGE_ROWS && !this.rows[start - 1]) start--;
    let end = hole + 1;
    while (end - hole < PAGE_ROWS && end < this.count && !this.rows[end]) end++;
    if (end - start > PAGE_ROWS && this.rows[end] && end - hole < PAGE_ROWS / 2) return { start: end - PAGE_ROWS, limit: PAGE_ROWS };
    const isNear = start === 0 || this.rows[start - 1] !== undefined;
    if (isNear) return { start, limit: Math.min(PAGE_ROWS, Math.max(end - start, 1)) };
    return { start: hole - Math.min(BEFORE_ROWS, hole - start), limit: JUMP_ROWS };
  }

  private async read(hole: number, outer?: AbortSignal): Promise<void> {
    const busy = new AbortController();
    this.busy = busy;
    outer?.addEventListener('abort', () => busy.abort(), { once: true });
    const { list, sort } = this.asked;
    const { filter } = this;
    const { start, limit } = this.pageOf(hole);
    const stop = this.stopBefore(start);
    const skip = start - stop.at;
    try {
      const page = await call(listOp(list), { limit, sort, ...(filter && { filter }), ...(stop.cursor && { cursor: stop.cursor }), ...(skip && { skip }) }, { abort: busy.signal });
      if (this.busy === busy) this.put(start, page.items.map((row) => slim(list, row)), page.next);
    } catch (error) {
      if (!isAborted(error)) this.problem = problemFrom(error);
    }
    if (this.busy !== busy) return;
    this.busy = null;
    this.changed();
    if (!outer) this.want(this.wanted);
  }

  private stopBefore(start: number): Stop {
    let found = this.stops[0] as Stop;
    for (const stop of this.stops) if (stop.at <= start && stop.at > found.at) found = stop;
    return found;
  }

  private put(start: number, rows: readonly Row[], next: string | null): void {
    this.isRead = true;
    rows.forEach((row, i) => {
      if (!this.rows[start + i]) this.have++;
      this.rows[start + i] = row;
    });
    const end = start + rows.length;
    if (next !== null) this.stops.push({ at: end, cursor: next });
    else if (end > 0 && !this.rows[end - 1]) this.known = end;
    else this.endAt(end);
  }

  /** Rows that stood further down are gone. */
  private endAt(end: number): void {
    this.end = end;
    this.rows.length = Math.min(this.rows.length, end);
    this.have = this.loaded.length;
    this.stops = this.stops.filter((stop) => stop.at < end || stop.at === 0);
  }

  private shift(from: number, by: number): void {
    for (const stop of this.stops) if (stop.at > from) stop.at += by;
    this.have += by;
    if (this.known !== null) this.known += by;
    if (this.end !== null) this.end += by;
  }

  private indexOf(id: string): number {
    return this.rows.findIndex((row) => row !== undefined && idOf(row) === id);
  }

  find(id: string): Row | undefined {
    return this.rows[this.indexOf(id)];
  }

  patch(row: Row): boolean {
    const at = this.indexOf(idOf(row));
    if (at < 0) return false;
    this.rows[at] = slim(this.asked.list, row);
    return true;
  }

  /** A row that came from another section stands first. */
  take(row: Row): void {
    if (!this.isRead) {
      if (this.known !== null) this.known++;
      return;
    }
    this.rows.unshift(slim(this.asked.list, row));
    this.shift(0, 1);
  }

  drop(id: string): boolean {
    const at = this.indexOf(id);
    if (at < 0) return false;
    this.rows.splice(at, 1);
    this.shift(at, -1);
    return true;
  }
}

export class Rows {
  sections: readonly Section[] = [];
  totals: ListTotals | null;
  problem: Problem | null = null;
  /** Once it is known how many there are, and of which groups. */
  readonly counted: Promise<void>;
  private isCounted = false;
  private readonly abort = new AbortController();

  /** `old`: the same list as it was read before. It is read anew as far as it is in sight. */
  constructor(readonly asked: Asked, private readonly changed: () => void, private old: Rows | null = null) {
    this.totals = old?.totals ?? null;
    if (!asked.group) {
      const only = new Section(asked, undefined, this.totals?.count ?? null, [], changed);
      this.sections = [only];
      only.want(old?.sections[0]?.wanted ?? { from: 0, to: 0 });
    }
    this.isCounted = !may('READ');
    this.counted = this.isCounted ? Promise.resolve() : this.count();
  }

  /** Reads what is in sight of the old list by now. True: it is there, or cannot be had. */
  follow(): boolean {
    if (this.problem) return true;
    if (!this.isCounted) return false;
    for (const section of this.sections) {
      const before = this.old?.sections.find((other) => other.value === section.value);
      if (!before) continue;
      section.isOpen = before.isOpen;
      if (before.wanted !== section.wanted) section.want(before.wanted);
    }
    return this.sections.every((section) => section.isFilled);
  }

  get isBroken(): boolean {
    return this.problem !== null || this.sections.some((section) => section.problem);
  }

  /** It stands in the place of the old one. */
  settle(): void {
    this.old?.stop();
    this.old = null;
  }

  /** Nothing of it is wanted any more. */
  stop(): void {
    this.abort.abort();
    for (const section of this.sections) section.stop();
  }

  /** What is in sight; nothing of other sections is. */
  want(spans: ReadonlyMap<Section, Span>): void {
    for (const section of this.sections) section.want(spans.get(section) ?? null);
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
    this.isCounted = true;
    this.changed();
  }

  async one(id: string, abort?: AbortSignal): Promise<Row> {
    return call(oneOp(this.asked.list, 'GET'), { row: id }, abort ? { abort } : {});
  }

  /** Shows one row as it is now; what no longer fits stays until the list is read anew. */
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
      const row = section.find(id);
      if (row) return row;
    }
    return undefined;
  }

  /** All rows as they are shown, read to the end, or the first so many. */
  async all(progress: (rows: number) => void, abort: AbortSignal, most = Infinity): Promise<readonly { section: Section; rows: readonly Row[] }[]> {
    const found: { section: Section; rows: readonly Row[] }[] = [];
    let before = 0;
    for (const section of this.sections) {
      const rows = await section.all((count) => progress(before + count), abort, most - before);
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
