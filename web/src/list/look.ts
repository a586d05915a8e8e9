// How a list is looked at: what is found, in which order, by which columns. It stands in the address, so that it can be sent
// on and come back to; a saved view is the same text kept by the server.

import { customName, customsOf } from '../custom/defs';
import { query, goInstead, path } from '../shell/route';
import { fieldOf, has, isList, shownFields, type FieldName, type ListField, type ListName } from './fields';

export interface Look {
  /** Words to find. */
  find: string;
  filter: string;
  /** A field, with - before it descending. */
  sort: string;
  columns: readonly FieldName[];
  /** null: rows stand in one row. */
  group: FieldName | null;
  as: 'table' | 'board';
}

/** What a list begins with, where the order of its fields is not the best. */
const COLUMNS: Partial<Record<ListName, readonly FieldName[]>> = {
  account: ['partner_name', 'code', 'state', 'exposure', 'limit_use', 'limit', 'overdue', 'owner'],
  partner: ['name', 'code', 'tier', 'territory', 'owner', 'roles', 'created_on'],
  order: ['number', 'partner_name', 'status', 'total', 'currency', 'ordered_on', 'wanted_on', 'placed_by'],
  invoice: ['number', 'partner_name', 'status', 'amount', 'open', 'currency', 'due_on', 'invoiced_on'],
  payment: ['partner_name', 'reference', 'status', 'amount', 'advance', 'currency', 'received_on'],
  promise: ['partner_name', 'status', 'amount', 'received', 'currency', 'due_on', 'vouched_by'],
  // Few give these a number, so they are known by what they are of.
  shipment: ['order_number', 'partner_name', 'status', 'amount', 'invoiced', 'currency', 'shipped_on'],
  return: ['partner_name', 'status', 'amount', 'currency', 'returned_on', 'reason', 'posted_by'],
  credit_note: ['number', 'partner_name', 'status', 'amount', 'currency', 'posted_on', 'invoice_number', 'reason'],
  write_off: ['partner_name', 'invoice_number', 'status', 'amount', 'recovered', 'currency', 'posted_on', 'reason'],
  refund: ['partner_name', 'status', 'amount', 'currency', 'posted_on', 'posted_by', 'reason'],
  allocation: ['partner_name', 'by', 'number', 'status', 'amount', 'currency', 'effective_on'],
  limit: ['partner_name', 'kind', 'status', 'amount', 'currency', 'from', 'until', 'set_by'],
  decision: ['partner_name', 'gate', 'outcome', 'order_number', 'on', 'owner'],
  release: ['partner_name', 'order_number', 'status', 'amount_max', 'used', 'currency', 'expires_on', 'given_by'],
  approval: ['partner_name', 'what', 'status', 'amount', 'currency', 'order_number', 'requested_by', 'requested_on'],
  contact: ['name', 'partner_name', 'title', 'phone', 'email'],
  relation: ['partner_name', 'kind', 'other_name', 'from', 'until', 'note'],
  product: ['name', 'code', 'unit_price', 'unit_cost', 'tax_rate'],
  activity: ['partner_name', 'kind', 'on', 'outcome', 'cost', 'note', 'logged_by'],
  alert: ['partner_name', 'kind', 'severity', 'status', 'since', 'owner', 'first_action_on'],
};

const SORTS: Partial<Record<ListName, string>> = {
  account: 'code', partner: 'code', product: 'code', territory: 'code', contact: 'name', user: 'name',
};

const MOST_COLUMNS = 8;
const PARTS = ['find', 'filter', 'sort', 'cols', 'group', 'as'] as const;

export function lookFirst(list: ListName): Look {
  const columns = COLUMNS[list] ?? shownFields(list).slice(0, MOST_COLUMNS).map((field) => field.name);
  return { find: '', filter: '', sort: SORTS[list] ?? '-id', columns, group: null, as: 'table' };
}

function isSort(list: ListName, sort: string): boolean {
  const name = sort.replace(/^-/, '');
  const field = fieldOf(list, name);
  return name === 'id' || (field !== undefined && has(field, 'sort'));
}

function groupField(list: ListName, name: string | null): ListField | undefined {
  const field = name ? fieldOf(list, name) : undefined;
  return field && has(field, 'group') ? field : undefined;
}

/** What an address or a saved view says; names of an older program are passed over. */
export function lookRead(list: ListName, text: string): Look {
  const given = new URLSearchParams(text);
  const first = lookFirst(list);
  const shown = shownFields(list);
  const columns = (given.get('cols') ?? '').split(',').flatMap((name) => shown.filter((field) => field.name === name)).map((field) => field.name);
  const sort = given.get('sort');
  const group = groupField(list, given.get('group'));
  return {
    find: given.get('find') ?? '',
    filter: given.get('filter') ?? '',
    sort: sort && isSort(list, sort) ? sort : first.sort,
    columns: columns.length ? columns : first.columns,
    group: group?.name ?? null,
    as: given.get('as') === 'board' && group ? 'board' : 'table',
  };
}

/** Only what differs from how the list begins. */
export function lookText(list: ListName, look: Look): string {
  const first = lookFirst(list);
  const text = new URLSearchParams();
  if (look.find) text.set('find', look.find);
  if (look.filter) text.set('filter', look.filter);
  if (look.sort !== first.sort) text.set('sort', look.sort);
  if (look.columns.join() !== first.columns.join()) text.set('cols', look.columns.join());
  if (look.group) text.set('group', look.group);
  if (look.as === 'board') text.set('as', 'board');
  return text.toString();
}

export interface Looked {
  look: Look;
  /** The saved view that it began with. */
  view: string | null;
  /** It says something of its own beside the view. */
  isOwn: boolean;
}

/** What the address says, before what the view says. */
export function lookAt(list: ListName, viewQuery: string | null): Looked {
  const given = new URLSearchParams(query.value);
  const view = given.get('view');
  const isOwn = PARTS.some((part) => given.has(part));
  return { look: lookRead(list, isOwn || viewQuery === null ? query.value : viewQuery), view, isOwn };
}

/** Beside a view it is said in full, or what was taken away would come back with the view. */
export function lookGo(list: ListName, look: Look, view: string | null): void {
  const text = new URLSearchParams(lookText(list, look));
  if (view) {
    text.set('view', view);
    text.set('sort', look.sort);
  }
  const all = text.toString();
  goInstead(path.value + (all ? `?${all}` : ''));
}

export function viewGo(view: string | null): void {
  goInstead(path.value + (view ? `?view=${view}` : ''));
}

/** Where the list of a name is, looked at in a certain way. */
export function listPath(list: string, look: Readonly<Record<string, string>> = {}): string {
  const base = list === 'account' ? '/accounts' : list === 'partner' ? '/partners' : `/lists/${isList(list) ? list : ''}`;
  const text = new URLSearchParams(look).toString();
  return base + (text ? `?${text}` : '');
}

/** Each of them is asked for each way of writing what was typed, and a filter has room for so many. */
const CUSTOMS_FOUND = 4;

/** Fields in which words are looked for, the first texts that the organisation added among them. */
export function findFields(list: ListName): readonly string[] {
  const customs = customsOf(list).filter((one) => one.kind === 'text').slice(0, CUSTOMS_FOUND);
  const own = ['code', 'name', 'number', 'partner_name', 'reference'].filter((name) => {
    const field = fieldOf(list, name);
    return field?.type === 'text' && (has(field, 'filter'));
  });
  return [...own, ...customs.map(customName)];
}

/** Fields by which rows can be put together: not those that name each row. */
export function groupFields(list: ListName): readonly ListField[] {
  return shownFields(list).filter((field) => has(field, 'group') && !['number', 'name', 'email', 'order_number'].includes(field.name));
}
