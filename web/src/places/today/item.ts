// What waits, from the worklist and the alerts, as one list. Invoices of one account are one matter: one call serves all.

import { call } from '../../api/client';
import { alert_list, order_list, worklist_get, type AlertListItem, type WorkItem } from '../../api/types';
import type { Decision } from '../../decision/decision';
import { plus, size } from '../../words/format';

export const KINDS = ['approval', 'held_order', 'promise_due', 'step_due', 'overdue', 'hospitality_named', 'alert'] as const;
export type Kind = (typeof KINDS)[number];

export interface Item {
  key: string;
  kind: Kind;
  id: string;
  number: string;
  account: string;
  partner: string;
  name: string;
  forWhom: string;
  why: string;
  due: string | null;
  currency: string | null;
  amount: string | null;
  /** Of an order: all of it, where a part is held. */
  whole: string | null;
  /** Of overdue: how many invoices, and which. */
  invoices: readonly string[];
  /** What a promise would be asked for. */
  owed: string | null;
  alert: AlertListItem | null;
}

/** Of a held order, by what it is called: all of it, where a part is held. */
export function ordered({ number, whole, amount, currency }: Item) {
  return { number, amount: whole ?? amount, currency };
}

const MOST = 200;

function itemOf(work: WorkItem): Item | null {
  const kind = KINDS.find((one) => one === work.what);
  if (!kind) return null;
  return {
    key: `${kind} ${kind === 'overdue' ? `${work.account} ${work.currency}` : work.id}`,
    kind, id: work.id ?? '', number: work.number ?? '', account: work.account ?? '', partner: work.partner ?? '', name: work.partner_name ?? work.account ?? '',
    forWhom: work.for_whom ?? '', why: work.why ?? '', due: work.due, currency: work.currency, amount: work.amount,
    whole: work.whole !== null && size(work.amount) < size(work.whole) ? work.whole : null,
    invoices: kind === 'overdue' && work.id ? [work.id] : [], owed: work.amount, alert: null,
  };
}

export interface Figure {
  figure?: string;
  value?: string | number;
}

/** What an alert rests on. Amounts come as decimal text, counts as numbers. */
export function figuresIn(because: unknown): readonly Figure[] {
  return Array.isArray(because) ? because as Figure[] : [];
}

const OWED: readonly (string | undefined)[] = ['not_paid', 'overdue'];

function alertOf(alert: AlertListItem): Item {
  const owed = figuresIn(alert.because).find(({ figure, value }) => OWED.includes(figure) && typeof value === 'string')?.value;
  return {
    key: `alert ${alert.id}`, kind: 'alert', id: alert.id ?? '', number: '', account: alert.account ?? '', partner: alert.partner ?? '', name: alert.partner_name ?? alert.account ?? alert.owner ?? '',
    forWhom: '', why: alert.kind ?? '', due: alert.since, currency: null, amount: null, whole: null, invoices: [],
    owed: owed === undefined || !alert.account ? null : String(owed), alert,
  };
}

/** The server's order is that of the cost of leaving it; what joins an earlier matter takes its place. */
function joined(items: readonly Item[]): Item[] {
  const known = new Map<string, Item>();
  for (const item of items) {
    const before = known.get(item.key);
    known.set(item.key, before
      ? { ...before, amount: plus(before.amount, item.amount), owed: plus(before.owed, item.owed), invoices: [...before.invoices, ...item.invoices] }
      : item);
  }
  return [...known.values()];
}

/** What each held order is held by, by its id; it is put into words when it is drawn, in the language chosen by then. The
 *  work itself stands there before that. */
export async function readWhy(): Promise<ReadonlyMap<string, Decision | null>> {
  const held = await call(order_list, { status: 'held', limit: MOST });
  return new Map(held.items.map((order) => [order.id ?? '', order.decision]));
}

const WEIGHT: Readonly<Record<string, number>> = { critical: 2, warning: 1 };

export async function readItems(): Promise<Item[]> {
  const [work, alerts] = await Promise.all([call(worklist_get, { limit: MOST }), call(alert_list, { limit: MOST })]);
  const weight = (alert: AlertListItem) => WEIGHT[alert.severity ?? ''] ?? 0;
  // An alert that somebody has acted on waits for the figures to follow.
  const open = alerts.items.filter((alert) => !alert.first_action_on).sort((a, b) => weight(b) - weight(a)).map(alertOf);
  const critical = open.filter((item) => item.alert?.severity === 'critical');
  const items = joined(work.items.map(itemOf).filter((item) => item !== null));
  // What is grave does not stand below a long list of invoices that are a day late.
  const from = items.findIndex((item) => item.kind === 'overdue');
  const above = from < 0 ? items.length : from;
  return [...items.slice(0, above), ...critical, ...items.slice(above), ...open.filter((item) => !critical.includes(item))];
}
