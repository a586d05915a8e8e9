// What waits, from the worklist and the alerts, as one list. Invoices of one account are one matter: one call serves all.

import { call } from '../../api/client';
import { alert_list, order_list, worklist_get, type AlertListItem, type WorkItem } from '../../api/types';
import { deciding } from '../../decision/decision';
import { plus, size } from '../../words/format';

export const KINDS = ['approval', 'held_order', 'promise_due', 'overdue', 'hospitality_named', 'alert'] as const;
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
    invoices: kind === 'overdue' && work.id ? [work.id] : [], alert: null,
  };
}

function alertOf(alert: AlertListItem): Item {
  return {
    key: `alert ${alert.id}`, kind: 'alert', id: alert.id ?? '', number: '', account: alert.account ?? '', partner: '', name: alert.partner_name ?? alert.account ?? alert.owner ?? '',
    forWhom: '', why: alert.kind ?? '', due: alert.since, currency: null, amount: null, whole: null, invoices: [], alert,
  };
}

/** The server's order is that of the cost of leaving it; what joins an earlier matter takes its place. */
function joined(items: readonly Item[]): Item[] {
  const known = new Map<string, Item>();
  for (const item of items) {
    const before = known.get(item.key);
    known.set(item.key, before
      ? { ...before, amount: plus(before.amount, item.amount), invoices: [...before.invoices, ...item.invoices] }
      : item);
  }
  return [...known.values()];
}

/** Why each held order is held, by its id. The work itself stands there before that. */
export async function readWhy(): Promise<ReadonlyMap<string, string>> {
  const held = await call(order_list, { status: 'held', limit: MOST });
  return new Map(held.items.map((order) => [order.id ?? '', order.decision ? deciding(order.decision) : '']));
}

const WEIGHT: Readonly<Record<string, number>> = { critical: 2, warning: 1 };

export async function readItems(): Promise<Item[]> {
  const [work, alerts] = await Promise.all([call(worklist_get, { limit: MOST }), call(alert_list, { limit: MOST })]);
  const weight = (alert: AlertListItem) => WEIGHT[alert.severity ?? ''] ?? 0;
  // An alert that somebody has acted on waits for the figures to follow.
  const open = alerts.items.filter((alert) => !alert.first_action_on).sort((a, b) => weight(b) - weight(a)).map(alertOf);
  const critical = open.filter((item) => item.alert?.severity === 'critical');
  return [...joined(work.items.map(itemOf).filter((item) => item !== null)), ...critical, ...open.filter((item) => !critical.includes(item))];
}
