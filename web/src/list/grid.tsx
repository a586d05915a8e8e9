// The table of a list. Only the rows in sight are drawn, however many there are; a row that was not read yet is a
// grey line until it comes. On a phone a row is a card of the same columns. The arrow keys go from cell to cell.

import { Component, type ComponentChildren } from 'preact';
import { useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { Icon } from '../kit/icon';
import { Link } from '../kit/link';
import { useVirtual } from '../kit/virtual';
import { go } from '../shell/route';
import { dense } from '../shell/theme';
import { lang, type Lang } from '../words/words';
import { whole } from '../words/format';
import { BADGES, Cell, isFigure, rowName, rowPath } from './cell';
import { fieldOf, has, idOf, shownFields, type ListField, type ListName, type Row } from './fields';
import { fieldLabel, groupLabel, valueLabel } from './names';
import type { Look } from './look';
import type { Rows, Section, Span } from './rows';
import { sumsText } from './sums';
import { CellEditor, isEdited } from './edit';
import { t } from './words';

const ROW_PX = 46;
const DENSE_PX = 33;
const HEAD_PX = 38;
/** Of a group's head between cards. */
const GROUP_PX = 58;
const CHECK_PX = 44;
/** Of a card: its head, and a line for every two facts. */
const CARD_HEAD_PX = 56;
const CARD_LINE_PX = 45;
const CARD_FACTS = 4;
const PHONE = '(max-width: 760px)';
/** Rows beyond what is in sight that are read with it. */
const AHEAD = 60;
const BEHIND = 30;
const PAGE_STEP = 12;

const WIDTHS: Partial<Record<ListField['type'], string>> = {
  money: 'minmax(130px, 1fr)', limit: 'minmax(120px, 1fr)', decimal: '110px', int: '110px', percent: '110px', date: '138px', instant: '170px',
  bool: '120px', currency: '74px', enum: 'minmax(124px, 0.8fr)', flags: 'minmax(170px, 1.2fr)', ref: 'minmax(110px, 0.9fr)', text: 'minmax(130px, 1.1fr)',
};
/** One that the organisation added stands with its currency, and may be the turnover of a year. */
const ADDED_MONEY_WIDTH = 'minmax(170px, 1fr)';
/** Names are longer than codes, whatever the type says. */
const NAMED_WIDTHS: Readonly<Record<string, string>> = {
  name: 'minmax(220px, 3fr)', partner_name: 'minmax(220px, 3fr)', code: 'minmax(90px, 0.7fr)', number: 'minmax(110px, 0.8fr)', owner: 'minmax(90px, 0.7fr)', tier: '80px', note: 'minmax(180px, 1.6fr)', reason: 'minmax(180px, 1.6fr)',
  other_name: 'minmax(220px, 3fr)', what: 'minmax(160px, 1fr)',
};

/** What surrounds the text of a cell, and of a badge in it. */
const CELL_PX = 24;
const BADGE_PX = 20;
const WIDEST_PX = 240;

/** About how wide a text is: a Chinese character takes two places. */
function textPx(text: string): number {
  return [...text].reduce((sum, one) => sum + (one > '\u2e7f' ? 15 : 7.6), 0);
}

/** One of several: as wide as the longest of them, in the language that is spoken. */
function valuesWidth(field: ListField, names: readonly string[]): string {
  const badge = BADGES.includes(field.name) ? BADGE_PX : 0;
  const longest = Math.max(textPx(fieldLabel(field)), ...names.map((name) => textPx(valueLabel(field, name)) + badge));
  const least = Math.min(Math.ceil(longest) + CELL_PX, WIDEST_PX);
  return `minmax(${least}px, 0.6fr)`;
}

function widthOf(field: ListField): string {
  if (field.custom?.kind === 'money') return ADDED_MONEY_WIDTH;
  if (field.type === 'enum' && field.names) return valuesWidth(field, field.names);
  return NAMED_WIDTHS[field.name] ?? WIDTHS[field.type] ?? 'minmax(120px, 1fr)';
}

interface Line {
  section: Section;
  /** undefined: the head of the section. */
  at: number | undefined;
}

export interface Edited {
  id: string;
  field: ListField;
}

export interface GridProps {
  list: ListName;
  label: string;
  look: Look;
  columns: readonly ListField[];
  rows: Rows;
  selected: ReadonlySet<string>;
  isAllSelected: boolean;
  onSelect: (row: Row, isOn: boolean) => void;
  onSelectAll: (isOn: boolean) => void;
  onSort: (sort: string) => void;
  onToggle: (section: Section) => void;
  onSave: (row: Row, field: ListField, typed: string) => void;
  /** What the rows answer: another question begins at the top. */
  asked: string;
  /** Counts what came, so that what is in sight by then is read. */
  drawn: number;
}

export function useIsPhone(): boolean {
  const [is, setIs] = useState(() => matchMedia(PHONE).matches);
  useEffect(() => {
    const media = matchMedia(PHONE);
    const change = () => setIs(media.matches);
    media.addEventListener('change', change);
    return () => media.removeEventListener('change', change);
  }, []);
  return is;
}

/** Where each section begins, its head included. */
function startsOf(sections: readonly Section[], hasHeads: boolean): { starts: readonly number[]; count: number } {
  const starts: number[] = [];
  let count = 0;
  for (const section of sections) {
    starts.push(count);
    count += (hasHeads ? 1 : 0) + (section.isOpen ? section.count : 0);
  }
  return { starts, count };
}

function lineAt(sections: readonly Section[], starts: readonly number[], hasHeads: boolean, index: number): Line | null {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= index) low = middle;
    else high = middle - 1;
  }
  const section = sections[low];
  if (!section) return null;
  const at = index - (starts[low] ?? 0) - (hasHeads ? 1 : 0);
  return { section, at: at < 0 ? undefined : at };
}

/** Where the frame of a list mostly begins; that of the last one, once there was one. */
const above = { desk: 222, phone: 250 };

/** The list takes what is left of the window, so that it scrolls within itself. What stands above it may have changed when
 * it is given something new (`given`), and not when it draws other rows. It is measured when the page was painted: before,
 * that would have the browser lay out a page which is still being built. */
function useHeight(frame: { readonly current: HTMLElement | null }, isPhone: boolean, given: object): void {
  const fit = (top: number) => {
    const left = innerHeight - top - (isPhone ? 150 : 76);
    if (frame.current) frame.current.style.maxHeight = `${Math.max(isPhone ? 420 : 300, Math.floor(left))}px`;
  };
  const measure = () => {
    const top = (frame.current?.getBoundingClientRect().top ?? 0) + scrollY;
    above[isPhone ? 'phone' : 'desk'] = top;
    fit(top);
  };
  useLayoutEffect(() => fit(above[isPhone ? 'phone' : 'desk']), [isPhone]);
  useEffect(measure, [given, isPhone]);
  useEffect(() => {
    addEventListener('resize', measure);
    return () => removeEventListener('resize', measure);
  }, [isPhone]);
}

function nextSort(look: Look, field: ListField): string {
  return look.sort === field.name ? `-${field.name}` : field.name;
}

function Head({ look, columns, onSort, all, isPhone }: { look: Look; columns: readonly ListField[]; onSort: (sort: string) => void; all: ComponentChildren; isPhone: boolean }) {
  if (isPhone) return null;
  const name = look.sort.replace(/^-/, '');
  return (
    <div class="list-head" role="row" aria-rowindex={1}>
      <span role="columnheader" class="list-cell list-check" aria-colindex={1}>{all}</span>
      {columns.map((field, i) => {
        const isSorted = name === field.name;
        const sort = isSorted ? (look.sort.startsWith('-') ? 'descending' : 'ascending') : undefined;
        return (
          <span key={field.name} role="columnheader" class={`list-cell${isFigure(field) ? ' figure' : ''}`} aria-sort={sort} aria-colindex={i + 2}>
            {has(field, 'sort')
              ? (
                <button type="button" class="list-sort" title={t('list.sort.by', { field: fieldLabel(field) })} onClick={() => onSort(nextSort(look, field))}>
                  {fieldLabel(field)}{isSorted && <span aria-hidden="true" class="list-arrow">{sort === 'descending' ? '↓' : '↑'}</span>}
                </button>
              )
              : fieldLabel(field)}
          </span>
        );
      })}
    </div>
  );
}

interface GroupHeadProps {
  list: ListName;
  section: Section;
  group: ListField;
  columns: readonly ListField[];
  onToggle: (section: Section) => void;
}

function GroupHead({ list, section, group, columns, onToggle }: GroupHeadProps) {
  const name = groupLabel(group, section.value);
  return (
    <span role="gridcell" class="list-group">
      <button type="button" class="list-group-toggle" aria-expanded={section.isOpen} aria-label={`${name}: ${t(section.isOpen ? 'list.group.close' : 'list.group.open')}`} onClick={() => onToggle(section)}>
        <span class={section.isOpen ? 'list-turn list-turned' : 'list-turn'}><Icon name="next" /></span>
        <strong>{name}</strong>
      </button>
      <span class="list-group-count">{whole(section.count)}</span>
      <span class="list-group-sums">{sumsText(list, section.sums, columns.map((field) => field.name))}</span>
    </span>
  );
}

/** What can be done in a row; always the same, so that a row that has not changed is not drawn again. */
interface RowActs {
  onSelect: (row: Row, isOn: boolean) => void;
  onActive: (line: number, col: number) => void;
  onEdit: (row: Row, field: ListField | null) => void;
  onSave: (row: Row, field: ListField, typed: string) => void;
}

interface RowProps {
  list: ListName;
  columns: readonly ListField[];
  row: Row;
  id: string;
  activeCol: number | null;
  edited: ListField | null;
  isSelected: boolean;
  isPhone: boolean;
  line: number;
  /** Drawn again in another language. */
  language: Lang;
  acts: RowActs;
}

class RowCells extends Component<RowProps> {
  override shouldComponentUpdate(next: RowProps): boolean {
    return (Object.keys(next) as (keyof RowProps)[]).some((name) => next[name] !== this.props[name]);
  }

  override render(): ComponentChildren {
    return <Cells {...this.props} />;
  }
}

function isBadge(field: ListField): boolean {
  return field.name === 'state' || field.name === 'status';
}

/** What a card shows of the columns: the lead and the first facts, without code and currency (which amounts then have
 * themselves) where those would push a fact out, and what the list is sorted by, column or not. Badges stand in a corner and
 * take no line. */
function cardOf(list: ListName, columns: readonly ListField[], sort: string): readonly ListField[] {
  const plain = columns.filter((field) => !isBadge(field));
  // A name needs the whole width, a number does not.
  const lead = plain.find((field) => field.name === 'partner_name') ?? plain[0];
  const facts = plain.filter((field) => field !== lead);
  const telling = facts.length > CARD_FACTS ? facts.filter((field) => field.name !== 'code' && field.type !== 'currency') : facts;
  const kept = new Set([lead, ...telling.slice(0, CARD_FACTS)]);
  const shown = [...(lead ? [lead] : []), ...columns.filter((field) => field !== lead && (isBadge(field) || kept.has(field)))];
  const name = sort.replace(/^-/, '');
  const isThere = name === 'code' || shown.some((field) => field.name === name);
  const by = isThere ? undefined : shownFields(list).find((field) => field.name === name);
  return by ? [...shown, by] : shown;
}

function Cells({ list, columns, row, id, activeCol, edited, isSelected, isPhone, line, acts }: RowProps) {
  const to = rowPath(list, row);
  const hasCurrency = columns.some((field) => field.type === 'currency');
  return (
    <>
      <span role="gridcell" class="list-cell list-check" aria-colindex={1}>
        <input type="checkbox" tabIndex={-1} aria-label={t('list.select', { name: rowName(row) })} checked={isSelected}
          onChange={(event) => acts.onSelect(row, event.currentTarget.checked)} />
      </span>
      {columns.map((field, i) => {
        const isActive = activeCol === i;
        const canEdit = isEdited(list, field);
        const isEditing = edited === field;
        return (
          <span key={field.name} id={`${id}-${i}`} role="gridcell" aria-colindex={i + 2} aria-readonly={canEdit ? undefined : true}
            class={`list-cell col-${field.name}${isFigure(field) ? ' figure' : ''}${i === 0 ? ' lead' : ''}${isBadge(field) ? ' corner' : ''}${isActive ? ' list-active' : ''}${isEditing ? ' list-editing' : ''}`}
            onClick={() => acts.onActive(line, i)} onDblClick={canEdit ? () => acts.onEdit(row, field) : undefined}>
            {isPhone && i > 0 && !isBadge(field) && <span class="list-label">{fieldLabel(field)}</span>}
            {isEditing
              ? <CellEditor list={list} field={field} row={row} onSave={(typed, began) => acts.onSave(began, field, typed)} onCancel={() => acts.onEdit(row, null)} />
              : <span class="list-value">{i === 0 && to ? <Link to={to} class="list-lead"><Cell list={list} field={field} row={row} hasCurrency={hasCurrency} isLead /></Link> : <Cell list={list} field={field} row={row} hasCurrency={hasCurrency} />}</span>}
            {canEdit && isActive && !isEditing && (
              <button type="button" tabIndex={-1} class="list-pen" aria-label={t('list.edit', { field: fieldLabel(field) })} onClick={() => acts.onEdit(row, field)}><Icon name="pen" /></button>
            )}
          </span>
        );
      })}
    </>
  );
}

export function Grid(props: GridProps) {
  const { list, label, look, columns: chosen, rows, selected, isAllSelected, onSelect, onSelectAll, onSort, onToggle, onSave, asked, drawn } = props;
  const frame = useRef<HTMLDivElement>(null);
  const id = useId();
  const isPhone = useIsPhone();
  const columns = useMemo(() => (isPhone ? cardOf(list, chosen, look.sort) : chosen), [isPhone, list, chosen, look.sort]);
  useHeight(frame, isPhone, props);
  const [active, setActive] = useState<{ line: number; col: number } | null>(null);
  const [edited, setEdited] = useState<Edited | null>(null);
  const group = rows.asked.group ? fieldOf(list, rows.asked.group) ?? null : null;
  const { starts, count } = startsOf(rows.sections, group !== null);
  const facts = columns.filter((field) => !isBadge(field)).length - 1;
  const rowPx = isPhone ? CARD_HEAD_PX + Math.ceil(facts / 2) * CARD_LINE_PX : dense.value ? DENSE_PX : ROW_PX;
  const headPx = isPhone ? 0 : HEAD_PX;
  const line = (index: number) => lineAt(rows.sections, starts, group !== null, index);
  const { items, size, toIndex } = useVirtual(frame, count, rowPx, {
    head: headPx,
    ...(group && isPhone && { heightOf: (index: number) => (line(index)?.at === undefined ? GROUP_PX : rowPx), layout: starts.join() }),
  });
  const rowAt = (index: number): Row | undefined => {
    const found = line(index);
    return found?.at === undefined ? undefined : found.section.at(found.at);
  };

  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? -1;
  useEffect(() => {
    const spans = new Map<Section, Span>();
    for (let index = Math.max(first - BEHIND, 0); index <= Math.min(last + AHEAD, count - 1); index++) {
      const found = line(index);
      if (found?.at === undefined || !found.section.isOpen) continue;
      const span = spans.get(found.section);
      if (span) span.to = found.at;
      else spans.set(found.section, { from: found.at, to: found.at });
    }
    rows.want(spans);
  }, [first, last, count, rows, drawn]);
  useEffect(() => {
    setActive(null);
    if (frame.current) frame.current.scrollTop = 0;
  }, [asked]);

  const editOf = (row: Row | undefined, field: ListField | undefined) => {
    if (row && field && isEdited(list, field)) setEdited({ id: idOf(row), field });
  };
  const endEdit = () => {
    setEdited(null);
    frame.current?.focus({ preventScroll: true });
  };
  const newest = useRef<RowActs | null>(null);
  newest.current = {
    onSelect,
    onActive: (at, col) => setActive({ line: at, col }),
    onEdit: (row, field) => (field ? editOf(row, field) : endEdit()),
    onSave: (row, field, typed) => {
      endEdit();
      onSave(row, field, typed);
    },
  };
  const acts = useRef<RowActs>({
    onSelect: (...given) => newest.current?.onSelect(...given),
    onActive: (...given) => newest.current?.onActive(...given),
    onEdit: (...given) => newest.current?.onEdit(...given),
    onSave: (...given) => newest.current?.onSave(...given),
  });
  const move = (lines: number, cols: number) => {
    const from = active ?? { line: first, col: 0 };
    const next = {
      line: Math.min(Math.max(active ? from.line + lines : from.line, 0), count - 1),
      col: Math.min(Math.max(active ? from.col + cols : 0, 0), columns.length - 1),
    };
    setActive(next);
    toIndex(next.line);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const row = active ? rowAt(active.line) : undefined;
    const here = active ? line(active.line) : null;
    switch (event.key) {
      case 'ArrowDown': move(1, 0); break;
      case 'ArrowUp': move(-1, 0); break;
      case 'ArrowRight': move(0, 1); break;
      case 'ArrowLeft': move(0, -1); break;
      case 'PageDown': move(PAGE_STEP, 0); break;
      case 'PageUp': move(-PAGE_STEP, 0); break;
      case 'Home': move(-count, 0); break;
      case 'End': move(count, 0); break;
      case 'Enter': {
        if (here && here.at === undefined) onToggle(here.section);
        const to = row && rowPath(list, row);
        if (to) go(to);
        break;
      }
      case 'F2': case 'e': editOf(row, active ? columns[active.col] : undefined); break;
      case ' ': case 'x': if (row) onSelect(row, !(isAllSelected || selected.has(idOf(row)))); break;
      default: return;
    }
    event.preventDefault();
    event.stopPropagation();
  };
  const widths = [`${CHECK_PX}px`, ...columns.map(widthOf)];
  const least = widths.reduce((sum, width) => sum + Number(/\d+/.exec(width)?.[0] ?? 0), 0);
  const all = <input type="checkbox" aria-label={t('list.select.all')} checked={isAllSelected} onChange={(event) => onSelectAll(event.currentTarget.checked)} />;
  return (
    <div class={`list-frame${isPhone ? ' list-cards' : ''}`} ref={frame} role="grid" tabIndex={0} aria-label={label} aria-rowcount={count + 1} aria-colcount={columns.length + 1}
      aria-multiselectable="true" aria-activedescendant={active ? `${id}-${active.line}-${active.col}` : undefined} onKeyDown={onKeyDown}
      style={{ '--list-columns': widths.join(' '), '--list-width': `${least}px` }}>
      <div role="rowgroup" class="list-head-frame"><Head look={look} columns={columns} onSort={onSort} all={all} isPhone={isPhone} /></div>
      <div role="rowgroup" class="list-body" style={{ height: `${size}px` }}>
        {items.map((item) => {
          const found = line(item.index);
          if (!found) return null;
          const row = found.at === undefined ? undefined : found.section.at(found.at);
          const isSelected = row !== undefined && (isAllSelected || selected.has(idOf(row)));
          return (
            <div key={item.index} role="row" aria-rowindex={item.index + 2} aria-selected={row ? isSelected : undefined}
              class={`list-row${isSelected ? ' list-selected' : ''}${row ? '' : ' list-waiting'}`} style={{ height: `${item.size}px`, transform: `translateY(${item.start - headPx}px)` }}>
              {found.at === undefined && group
                ? <GroupHead list={list} section={found.section} group={group} columns={chosen} onToggle={onToggle} />
                : row
                  ? (
                    <RowCells list={list} columns={columns} row={row} id={`${id}-${item.index}`} line={item.index} activeCol={active?.line === item.index ? active.col : null}
                      edited={edited && edited.id === idOf(row) ? edited.field : null} isSelected={isSelected} isPhone={isPhone} language={lang.value} acts={acts.current} />
                  )
                  : <span role="gridcell" class="list-coming"><span class="unseen">{t('app.loading')}</span></span>}
            </div>
          );
        })}
      </div>
    </div>
  );
}

