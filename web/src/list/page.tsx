// Any list: found, filtered, sorted, grouped, edited in place and taken away as a file. What it shows comes from the table of
// fields that the server's operations give.

import { useEffect, useMemo, useReducer, useRef, useState } from 'preact/hooks';
import { signIns } from '../api/client';
import { problemFrom } from '../api/problem';
import { may, session } from '../api/session';
import { useLive } from '../api/live';
import { hasText } from '../find/refs';
import { Button } from '../kit/button';
import { Icon } from '../kit/icon';
import { useKeys } from '../kit/keys';
import { Skeleton } from '../kit/load';
import { Menu, type MenuItem } from '../kit/menu';
import { Empty, Notice, ProblemNotice, problemText } from '../kit/notice';
import { Page } from '../kit/page';
import { tell } from '../kit/toast';
import { useActions } from '../shell/actions';
import { printPage } from '../shell/print';
import { go, queryGet, querySet } from '../shell/route';
import { dense, denseToggle } from '../shell/theme';
import { Board } from './board';
import { Builder, termWords } from './builder';
import { actsOf } from './acts';
import { addPath, isFormed } from './add';
import { BulkDialog, bulkFields, type BulkKind } from './bulk';
import { ColumnsDialog } from './columns';
import { rowName } from './cell';
import { asksReason, ConflictDialog, ReasonDialog, save } from './edit';
import { exportStart, type Format } from './export';
import { customs, useCustoms } from '../custom/defs';
import { useTerritoryNames } from '../find/territories';
import { whole } from '../words/format';
import { fieldOf, filterFields, has, idOf, mayRead, mayWrite, shownFields, type ListField, type ListName, type Row } from './fields';
import { both, filterParse, isGroup, termCount } from './filter';
import { Grid, useIsPhone } from './grid';
import { findFields, groupFields, lookAt, lookGo, lookRead, lookText, viewGo, type Look } from './look';
import { fieldLabel, listTitle, recordName } from './names';
import { ListPrint } from './print';
import { Rows } from './rows';
import { sumLabel, sumsBy } from './sums';
import { editBack } from './undo';
import { useViews, Views } from './views';
import { t } from './words';

const FIND_PAUSE_MS = 250;

interface Listed {
  rows: Rows;
  /** What was asked, in one word. */
  key: string;
  drawn: number;
  reload: () => void;
  /** Of one row, what was answered to who changed it. */
  patch: (row: Row) => void;
}

/** The rows of what is asked, renewed when there may be news; what was there stays until the new has come. */
function useRows(list: ListName, look: Look): Listed {
  const [drawn, draw] = useReducer((n: number) => n + 1, 0);
  const filter = both(hasText(findFields(list), look.find), look.filter);
  const key = [list, filter, look.sort, look.group].join('\u0000');
  const held = useRef<{ key: string; rows: Rows } | null>(null);
  const make = () => new Rows({ list, filter, sort: look.sort, group: look.group }, () => draw(undefined as never));
  if (held.current?.key !== key) {
    held.current?.rows.stop();
    held.current = { key, rows: make() };
  }
  useEffect(() => () => held.current?.rows.stop(), []);
  const reload = () => {
    held.current?.rows.stop();
    held.current = { key, rows: make() };
    draw(undefined as never);
  };
  // One at a time, however busy others are; what is told meanwhile is read after it.
  const coming = useRef<Rows | null>(null);
  const isBehind = useRef(false);
  useEffect(() => () => coming.current?.stop(), []);
  const renew = () => {
    const old = held.current;
    isBehind.current = coming.current !== null;
    if (!old || coming.current || old.key !== key) return;
    const fresh: Rows = new Rows(old.rows.asked, () => {
      if (coming.current !== fresh) {
        draw(undefined as never);
        return;
      }
      // Taken over once what is in sight is there, unless something else was asked meanwhile.
      if (!fresh.follow()) return;
      coming.current = null;
      if (fresh.isBroken || held.current !== old) {
        fresh.stop();
        return;
      }
      fresh.settle();
      held.current = { key, rows: fresh };
      draw(undefined as never);
      if (isBehind.current) newest.current();
    }, old.rows);
    coming.current = fresh;
  };
  const newest = useRef(renew);
  newest.current = renew;
  useLive(renew);
  const patch = (row: Row) => {
    held.current?.rows.patch(row);
    if (!coming.current) return;
    // What was read by now may be from before.
    coming.current.stop();
    coming.current = null;
    newest.current();
  };
  const turn = signIns.value;
  useEffect(() => {
    if (turn && held.current?.rows.sections.some((section) => section.problem)) reload();
  }, [turn]);
  return { rows: held.current.rows, key, drawn, reload, patch };
}

interface Pending {
  row: Row;
  field: ListField;
  typed: string;
}

/** Saves a cell, asks why where the server wants to know, and shows both values when someone else was faster. */
function useSave(list: ListName, rows: Rows, patch: (row: Row) => void) {
  const [asked, setAsked] = useState<Pending | null>(null);
  const [conflict, setConflict] = useState<Pending | null>(null);
  const send = (pending: Pending, reason?: string) => {
    const { row, field, typed } = pending;
    save({ list, row, field, typed, ...(reason && { reason }) }).then(
      (saved) => {
        patch(saved.row);
        if (saved.kind === 'stale') setConflict({ row: saved.row, field, typed });
        else if (saved.kind === 'waits') tell({ text: () => t('list.edit.waits'), tone: 'warn' });
        else {
          tell({
            text: () => t('list.edit.saved', { field: fieldLabel(field), name: rowName(saved.row) }),
            undo: [editBack(list, field, row, saved.row)],
            undone: () => void rows.one(idOf(row)).then(patch).catch(() => undefined),
          });
        }
      },
      (error: unknown) => tell({ text: () => problemText(problemFrom(error)), tone: 'bad' }),
    );
  };
  const onSave = (row: Row, field: ListField, typed: string) => {
    const pending = { row, field, typed };
    if (asksReason(list, field)) setAsked(pending);
    else send(pending);
  };
  const dialogs = (
    <>
      {asked && (
        <ReasonDialog field={asked.field} row={asked.row} onClose={() => setAsked(null)}
          onReason={(reason) => {
            setAsked(null);
            send(asked, reason);
          }} />
      )}
      {conflict && (
        <ConflictDialog field={conflict.field} row={conflict.row} mine={conflict.typed} onClose={() => setConflict(null)}
          onPut={() => {
            setConflict(null);
            send(conflict);
          }} />
      )}
    </>
  );
  return { onSave, dialogs };
}

function FindField({ list, value, onFind, input }: { list: ListName; value: string; onFind: (text: string) => void; input: { current: HTMLInputElement | null } }) {
  const [typed, setTyped] = useState(value);
  // The address is followed where it says something else than this field did: who types on meanwhile keeps what was typed.
  const said = useRef(value);
  useEffect(() => {
    if (value === said.current) return;
    said.current = value;
    setTyped(value);
  }, [value]);
  useEffect(() => {
    if (typed === value) return;
    const timer = setTimeout(() => {
      said.current = typed;
      onFind(typed);
    }, FIND_PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  if (!findFields(list).length) return null;
  return (
    <div class="field list-find">
      <input ref={input} type="search" aria-label={t('list.find')} placeholder={t('list.find')} value={typed} onInput={(event) => setTyped(event.currentTarget.value)} />
    </div>
  );
}

function FilterWords({ list, filter, onOpen }: { list: ListName; filter: string; onOpen: () => void }) {
  const tree = filterParse(filter);
  const fields = filterFields(list);
  const parts = tree?.parts ?? [];
  const isPlain = parts.length > 0 && parts.every((part) => !isGroup(part));
  if (!filter || !tree || !isPlain) return null;
  return (
    <p class="list-said">
      {parts.map((part, i) => isGroup(part) ? null : (
        <button key={i} type="button" class="chip" onClick={onOpen}>{termWords(fields, part)}</button>
      ))}
    </p>
  );
}

interface ToolsProps {
  list: ListName;
  look: Look;
  onLook: (next: Partial<Look>) => void;
  isFiltering: boolean;
  onFiltering: () => void;
  onColumns: () => void;
  onExport: (format: Format) => void;
  find: { current: HTMLInputElement | null };
}

function Tools({ list, look, onLook, isFiltering, onFiltering, onColumns, onExport, find }: ToolsProps) {
  const isPhone = useIsPhone();
  const tree = look.filter ? filterParse(look.filter) : null;
  const count = tree ? termCount(tree) : look.filter ? 1 : 0;
  const groups = groupFields(list);
  const grouped = look.group ? fieldOf(list, look.group) : undefined;
  const group = (name: ListField | null, as: Look['as']) => onLook({ group: name?.name ?? null, as: name ? as : 'table' });
  const sorts = shownFields(list).filter((field) => has(field, 'sort'));
  const sortItems: MenuItem[] = [
    ...sorts.flatMap((field): MenuItem[] => [
      { label: t('list.sort.up', { field: fieldLabel(field) }), chosen: look.sort === field.name, run: () => onLook({ sort: field.name }) },
      { label: t('list.sort.down', { field: fieldLabel(field) }), chosen: look.sort === `-${field.name}`, run: () => onLook({ sort: `-${field.name}` }) },
    ]),
    { label: t('list.sort.made_down'), chosen: look.sort === '-id', run: () => onLook({ sort: '-id' }) },
    { label: t('list.sort.made'), chosen: look.sort === 'id', run: () => onLook({ sort: 'id' }) },
  ];
  return (
    <div class="list-tools" role="group" aria-label={t('list.tools')}>
      <FindField list={list} value={look.find} onFind={(text) => onLook({ find: text })} input={find} />
      <Button onClick={onFiltering} expanded={isFiltering}>
        <Icon name="filter" /><span class="list-tool-word">{t('list.filter')}</span>{count > 0 && <span class="tab-count">{count}</span>}
      </Button>
      {groups.length > 0 && (
        <Menu label={grouped ? t('list.group', { field: fieldLabel(grouped) }) : t('list.group.label')} class="button"
          items={[{ label: t('list.group.none'), chosen: !look.group, run: () => group(null, 'table') },
            ...groups.map((field): MenuItem => ({ label: fieldLabel(field), chosen: look.group === field.name, run: () => group(field, look.as) }))]}>
          <Icon name="group" /><span class="list-tool-word">{grouped ? fieldLabel(grouped) : t('list.group.label')}</span>
        </Menu>
      )}
      {groups.length > 0 && (
        <Button pressed={look.as === 'board'} label={t('list.board')}
          onClick={() => (look.as === 'board' ? onLook({ as: 'table' }) : group(look.group ? fieldOf(list, look.group) ?? null : boardField(groups), 'board'))}>
          <Icon name="board" /><span class="list-tool-word">{t('list.board')}</span>
        </Button>
      )}
      {isPhone && look.as === 'table' && <Menu label={t('list.sort')} class="button" items={sortItems}><Icon name="sort" /></Menu>}
      <Button onClick={onColumns} label={t('list.columns')}><Icon name="columns" /><span class="list-tool-word">{t('list.columns')}</span></Button>
      {!isPhone && <Button pressed={dense.value} onClick={denseToggle} label={t('list.dense')}><Icon name="dense" /></Button>}
      <Menu label={t('list.export')} class="button" items={[
        { label: t('list.export.csv'), run: () => onExport('csv') },
        { label: t('list.export.xlsx'), run: () => onExport('xlsx') },
        { label: t('list.print'), run: printPage },
      ]}><Icon name="file" /><span class="list-tool-word">{t('list.export')}</span></Menu>
    </div>
  );
}

/** The field that a board is likeliest wanted by. */
function boardField(groups: readonly ListField[]): ListField | null {
  for (const name of ['tier', 'state', 'status', 'kind']) {
    const field = groups.find((one) => one.name === name);
    if (field) return field;
  }
  return groups[0] ?? null;
}

function Totals({ list, rows, columns }: { list: ListName; rows: Rows; columns: readonly ListField[] }) {
  if (!rows.totals) return null;
  const sums = sumsBy(rows.totals.sums, columns.map((field) => field.name));
  if (!sums.length || !rows.totals.count) return null;
  return (
    <dl class="list-totals" aria-label={t('list.sum')}>
      {sums.map(({ field, amounts }) => <div key={field}><dt>{sumLabel(list, field)}</dt><dd>{amounts.map((amount) => <span key={amount}>{amount}</span>)}</dd></div>)}
    </dl>
  );
}

interface SelectedProps {
  list: ListName;
  count: number;
  all: number | null;
  onAll: () => void;
  onClear: () => void;
  onBulk: (kind: BulkKind) => void;
  onExport: (format: Format) => void;
}

function SelectedBar({ list, count, all, onAll, onClear, onBulk, onExport }: SelectedProps) {
  return (
    <div class="list-selected-bar" role="status">
      <strong>{t('list.selected', { count: whole(count) })}</strong>
      {all !== null && all > count && <button type="button" class="text-button" onClick={onAll}>{t('list.select.found', { count: whole(all) })}</button>}
      {bulkFields(list).length > 0 && <Button onClick={() => onBulk('change')}>{t('list.change')}</Button>}
      {actsOf(list).map((act) => <Button key={act.name} onClick={() => onBulk(act)}>{t(`list.act.${act.name}`)}…</Button>)}
      {mayWrite(list, 'remove') && <Button kind="danger" onClick={() => onBulk('remove')}>{t('list.remove')}</Button>}
      <Button onClick={() => onExport('xlsx')}>{t('list.export')}</Button>
      <Button kind="quiet" onClick={onClear}>{t('list.select.clear')}</Button>
    </div>
  );
}

interface Selection {
  ids: ReadonlySet<string>;
  isAll: boolean;
}

const NONE: Selection = { ids: new Set(), isAll: false };

interface BodyProps {
  list: ListName;
  look: Look;
  listed: Listed;
  columns: readonly ListField[];
  selection: Selection;
  onSelection: (selection: Selection) => void;
  onLook: (next: Partial<Look>) => void;
  onSave: (row: Row, field: ListField, typed: string) => void;
}

function Body({ list, look, listed, columns, selection, onSelection, onLook, onSave }: BodyProps) {
  const { rows, key, drawn, reload } = listed;
  const [, fold] = useReducer((n: number) => n + 1, 0);
  const problem = rows.problem ?? (rows.sections.length === 1 && !rows.sections[0]?.isBegun ? rows.sections[0]?.problem ?? null : null);
  if (problem) return <ProblemNotice problem={problem}><Button onClick={reload}>{t('app.retry')}</Button></ProblemNotice>;
  const isBegun = rows.asked.group ? rows.totals !== null : rows.sections[0]?.isBegun;
  if (!isBegun) return <Skeleton rows={10} />;
  if (!rows.sections.some((section) => section.count > 0)) {
    return look.filter || look.find
      ? <Empty title={t('list.none')} hint={t('list.none.hint')}><Button onClick={() => onLook({ filter: '', find: '' })}>{t('list.none.all')}</Button></Empty>
      : <Empty title={t('list.empty')} hint={t('list.empty.hint')} />;
  }
  const group = rows.asked.group ? fieldOf(list, rows.asked.group) : undefined;
  const broken = rows.sections.find((section) => section.problem);
  if (look.as === 'board' && group) return <Board list={list} group={group} columns={columns} rows={rows} onSave={onSave} />;
  return (
    <>
      {broken?.problem && <ProblemNotice problem={broken.problem}><Button onClick={() => broken.again()}>{t('app.retry')}</Button></ProblemNotice>}
      <Grid list={list} label={listTitle(list)} look={look} columns={columns} rows={rows} asked={key} drawn={drawn}
        selected={selection.ids} isAllSelected={selection.isAll}
        onSelect={(row, isOn) => {
          const ids = new Set(selection.isAll ? rows.sections.flatMap((section) => section.loaded.map(idOf)) : selection.ids);
          if (isOn) ids.add(idOf(row));
          else ids.delete(idOf(row));
          onSelection({ ids, isAll: false });
        }}
        onSelectAll={(isOn) => onSelection(isOn ? { ids: new Set(), isAll: true } : NONE)}
        onSort={(sort) => onLook({ sort })}
        onToggle={(section) => {
          section.isOpen = !section.isOpen;
          fold(undefined as never);
        }}
        onSave={onSave} />
    </>
  );
}

type NewPage = typeof import('./new').default;

/** The form that adds a record, fetched when it is first wanted. */
function Adding({ list, onAdded }: { list: ListName; onAdded: () => void }) {
  const [Form, setForm] = useState<NewPage | null>(null);
  const isAsked = queryGet('new') !== null && isFormed(list) && addPath(list) !== null;
  useEffect(() => {
    if (isAsked && !Form) import('./new').then((page) => setForm(() => page.default), (error: unknown) => tell({ text: () => problemText(problemFrom(error)), tone: 'bad' }));
  }, [isAsked]);
  if (!isAsked || !Form || !isFormed(list)) return null;
  return <Form list={list} onAdded={onAdded} onClose={(names) => querySet(Object.fromEntries(names.map((name) => [name, null])))} />;
}

/** What opens it, keeping how the list is looked at; null: nobody here adds one. */
function addOf(list: ListName): (() => void) | null {
  const to = addPath(list);
  return to ? () => (isFormed(list) ? querySet({ new: '1' }) : go(to)) : null;
}

type Open = { what: 'columns' } | { what: 'bulk'; kind: BulkKind };

function TheList({ list }: { list: ListName }) {
  const views = useViews(list);
  const known = useCustoms();
  useTerritoryNames(fieldOf(list, 'territory') !== undefined);
  const asked = new URLSearchParams(location.search).get('view');
  // What a view says is known only when the views are here, and what an address says when the fields are.
  if ((!known && location.search) || (asked && !views.data && !views.problem)) return <Page title={listTitle(list)}><Skeleton rows={10} /></Page>;
  return <Shown list={list} views={views} />;
}

function Shown({ list, views }: { list: ListName; views: ReturnType<typeof useViews> }) {
  const at = lookAt(list, null);
  const current = views.data?.find((one) => one.id === at.view) ?? null;
  const { look, isOwn } = lookAt(list, current?.query ?? null);
  const listed = useRows(list, look);
  const { rows } = listed;
  const [isFiltering, setIsFiltering] = useState(false);
  const [open, setOpen] = useState<Open | null>(null);
  const [selection, setSelection] = useState<Selection>(NONE);
  const find = useRef<HTMLInputElement | null>(null);
  const { onSave, dialogs } = useSave(list, rows, listed.patch);
  const shown = look.columns.join();
  const columns = useMemo(() => look.columns.flatMap((name) => fieldOf(list, name) ?? []), [list, shown, customs.value]);
  const onLook = (next: Partial<Look>) => lookGo(list, { ...look, ...next }, current?.id ?? null);
  const close = () => setOpen(null);
  useEffect(() => setSelection(NONE), [listed.key]);
  const add = addOf(list);
  const addLabel = t('action.new', { what: recordName(list) });
  useKeys(listTitle(list), [
    ...(add ? [{ keys: ['n'], does: addLabel, run: add }] : []),
    { keys: ['f'], does: t('list.keys.filter'), run: () => setIsFiltering(!isFiltering) },
    { keys: ['s'], does: t('list.keys.find'), run: () => find.current?.focus() },
    { keys: ['e', 'F2'], does: t('list.keys.edit'), run: () => undefined },
    { keys: ['x'], does: t('list.keys.select'), run: () => undefined },
  ]);
  useActions([
    { label: t('list.filter'), icon: 'filter', key: 'f', run: () => setIsFiltering(true) },
    { label: t('list.columns'), icon: 'columns', run: () => setOpen({ what: 'columns' }) },
    { label: `${t('list.export')}: XLSX`, icon: 'file', run: () => exporting('xlsx', false) },
    { label: `${t('list.export')}: CSV`, icon: 'file', run: () => exporting('csv', false) },
  ]);
  const chosen = selection.isAll ? null : selection.ids;
  const exporting = (format: Format, isChosen: boolean) => exportStart({ format, title: current?.name ?? listTitle(list), columns, rows, only: (isChosen && chosen) || undefined });
  const count = rows.totals?.count ?? null;
  const isAnySelected = selection.isAll || selection.ids.size > 0;
  return (
    <Page title={listTitle(list)} intro={count === null ? may('READ') && !rows.problem && t('list.counting') : <span class="figure">{t('list.rows', { count: whole(count) })}</span>}
      aside={add && <Button kind="primary" onClick={add}><Icon name="plus" />{addLabel}</Button>}>
      {may('READ') && <Views list={list} views={views} current={current} text={lookText(list, look)} isChanged={current !== null && isOwn && lookText(list, look) !== lookText(list, lookRead(list, current.query ?? ''))} />}
      {at.view && views.data && !current && <Notice tone="warn">{t('list.view.gone')}<Button onClick={() => viewGo(null)}>{t('list.none.all')}</Button></Notice>}
      <Tools list={list} look={look} onLook={onLook} isFiltering={isFiltering} onFiltering={() => setIsFiltering(!isFiltering)} onColumns={() => setOpen({ what: 'columns' })}
        onExport={(format) => exporting(format, false)} find={find} />
      {isFiltering ? <Builder list={list} filter={look.filter} onFilter={(filter) => onLook({ filter })} /> : <FilterWords list={list} filter={look.filter} onOpen={() => setIsFiltering(true)} />}
      {isAnySelected && (
        <SelectedBar list={list} count={selection.isAll ? count ?? 0 : selection.ids.size} all={count} onAll={() => setSelection({ ids: new Set(), isAll: true })}
          onClear={() => setSelection(NONE)} onBulk={(kind) => setOpen({ what: 'bulk', kind })} onExport={(format) => exporting(format, true)} />
      )}
      <Body list={list} look={look} listed={listed} columns={columns} selection={selection} onSelection={setSelection} onLook={onLook} onSave={onSave} />
      <ListPrint list={list} columns={columns} rows={rows} />
      <Totals list={list} rows={rows} columns={columns} />
      {open?.what === 'columns' && <ColumnsDialog list={list} columns={look.columns} onColumns={(names) => onLook({ columns: names })} onClose={close} />}
      {open?.what === 'bulk' && <BulkDialog list={list} rows={rows} chosen={chosen} kind={open.kind}
        onClose={(isDone) => {
          close();
          if (isDone && open.kind !== 'change') {
            setSelection(NONE);
            listed.reload();
          }
        }} />}
      {dialogs}
      <Adding list={list} onAdded={listed.reload} />
    </Page>
  );
}

export function ListPage({ list }: { list: ListName }) {
  if (session.value && !mayRead(list)) return <Notice tone="warn">{t('list.no_list')}</Notice>;
  return <TheList key={list} list={list} />;
}
