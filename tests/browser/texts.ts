// What every operation that takes text needs besides it, so that any text can be given to it again and again.

import assert from 'node:assert/strict';
import { TODAY } from './world';

export type Members = Record<string, unknown>;
export type Do = (operation: string, members: Members, who?: string) => Promise<Members>;

const DAY_MS = 86_400_000;
const CUSTOM = ['partner', 'account', 'contact', 'product'] as const;
/** Each is closed once. */
const MOST_ALERTS = 4;

export interface Recipes {
  /** The members beside the texts, of a record that it has not been done to yet. */
  members: Readonly<Record<string, () => Members | Promise<Members>>>;
}

/** Operations whose text is not kept as such: secrets, the name of a zone, a trial, a rule's scope. */
export const NOT_KEPT: ReadonlySet<string> = new Set(['session_create', 'password_change', 'org_change', 'order_preview', 'policy_set', 'policy_trial']);

/** Who has to decide; everything else the administrator may do. */
export const DECIDES: Readonly<Record<string, string>> = { approval_approve: 'zhao', approval_reject: 'zhao', order_release: 'zhao', promise_withdraw: 'zhao' };

export function recipes(act: Do): Recipes {
  let count = 0;
  const code = () => `n${++count}`;
  const made = async (operation: string, members: Members, member = 'id'): Promise<string> => String((await act(operation, members))[member]);
  const line = { product: 'TEA', quantity: '4' };
  const reason = 'as agreed';
  const money = { account: 'D04', amount: '1.00' };
  const partner = () => made('partner_create', { code: code(), name: 'x', roles: ['distributor'] });
  const order = (account = 'D04') => made('order_place', { account, lines: [line] });
  const invoice = () => made('invoice_post', { ...money, amount: '5.00', invoiced_on: TODAY });
  const payment = (allocations: Members[] = []) => made('payment_post', { ...money, received_on: TODAY, allocations });
  const shipment = async () => made('shipment_post', { order: await order() });
  const promise = () => made('promise_make', { ...money, due_on: '2025-06-20' });
  const returned = async () => made('return_post', { shipment: await shipment(), lines: [{ line: 1, quantity: '1' }], reason });
  const activity = () => made('activity_log', { partner: 'P04', kind: 'market', on: TODAY });
  // Who asks or places does not decide.
  const held = async () => (await act('order_place', { account: 'D03', lines: [line] }, 'wang')).id;
  const request = async () => (await act('order_release_request', { order: await held(), reason, reason_code: 'other' }, 'wang')).approval;
  // Of its own, because what is paid ahead pays the next invoice at once.
  const account = async () => made('account_create', { code: code(), partner: await partner(), currency: 'CNY', terms_days: 30, limit: 'unlimited' });
  const owed = async () => {
    const own = await account();
    return { account: own, amount: '1.00', invoice: await made('invoice_post', { account: own, amount: '5.00', invoiced_on: TODAY }) };
  };
  const refunded = async () => {
    await payment();
    const { id, approval } = await act('refund_post', { ...money, amount: '0.01', reason });
    if (approval) await act('approval_approve', { approval, reason });
    return id;
  };
  const allocated = async () => {
    const { account: own, invoice: id } = await owed();
    const reply = await act('payment_post', { account: own, amount: '1.00', received_on: TODAY, allocations: [{ invoice: id, amount: '1.00' }] });
    return (reply.allocations as { id: string }[])[0]?.id;
  };
  let isClosed = false;
  const alert = async () => {
    if (!isClosed) {
      for (let i = 0; i < MOST_ALERTS; i++) await act('invoice_post', { account: await account(), amount: '900.00', invoiced_on: '2025-03-01' });
      await act('day_close', { on: TODAY });
    }
    isClosed = true;
    const { items } = await act('alert_list', { limit: 100, sort: 'id' }) as { items: { id: string; status: string }[] };
    const next = items.find((one) => one.status !== 'closed');
    assert.ok(next, 'the firm has too few alerts');
    return next.id;
  };
  let closed = Date.parse('2024-01-01');
  const closeUntil = () => new Date(closed += DAY_MS).toISOString().slice(0, 10);
  const once = (operation: string, given: () => Members | Promise<Members>) => {
    let id: Promise<string> | null = null;
    return () => (id ??= Promise.resolve(given()).then((all) => made(operation, all)));
  };
  const contact = once('contact_create', () => ({ partner: 'P01', name: 'x' }));
  const relation = once('relation_create', async () => ({ partner: 'P01', other: await partner(), kind: 'supplies' }));
  const product = once('product_create', () => ({ code: code(), name: 'x', unit_price: '1.00' }));
  const territory = once('territory_create', () => ({ code: code(), name: 'x' }));
  const view = once('view_create', () => ({ list: 'account', name: 'x', query: 'x' }));
  const customField = once('custom_field_create', () => ({ record: 'product', code: code(), label_en: 'x', kind: 'text' }));
  const changed = once('partner_create', () => ({ code: code(), name: 'x', roles: ['distributor'] }));
  const members: Recipes['members'] = {
    user_create: () => ({ name: code(), role: 'sales' }),
    user_change: () => ({ user: 'gast' }),
    import_mapping_set: () => ({ what: 'invoices', header: 'x', document: '{}' }),
    view_create: () => ({ list: 'account' }),
    view_change: async () => ({ view: await view() }),
    partner_create: () => ({ code: code(), name: 'x', roles: ['distributor'] }),
    partner_change: async () => ({ partner: await changed() }),
    contact_create: () => ({ partner: 'P01', name: 'x' }),
    contact_change: async () => ({ contact: await contact() }),
    relation_create: async () => ({ partner: 'P01', other: await partner(), kind: 'supplies' }),
    relation_change: async () => ({ relation: await relation() }),
    // Each record takes a hundred of them.
    custom_field_create: () => ({ record: CUSTOM[count % CUSTOM.length], code: code(), label_en: 'x', kind: 'text' }),
    custom_field_change: async () => ({ custom_field: await customField() }),
    product_create: () => ({ code: code(), name: 'x', unit_price: '1.00' }),
    product_change: async () => ({ product: await product() }),
    territory_create: () => ({ code: code(), name: 'x' }),
    territory_change: async () => ({ territory: await territory() }),
    period_close: () => ({ until: closeUntil() }),
    period_reopen: async () => {
      await act('period_close', { until: closeUntil() });
      return {};
    },
    approval_approve: async () => ({ approval: await request() }),
    approval_reject: async () => ({ approval: await request() }),
    account_create: async () => ({ code: code(), partner: await partner(), currency: 'CNY', terms_days: 30, limit: null }),
    account_state_set: async () => ({ account: 'D05', state: (await act('account_get', { account: 'D05' })).state === 'watch' ? 'prepay' : 'watch' }),
    limit_set: () => ({ account: 'D05', amount: `${++count}000.00` }),
    order_place: () => ({ account: 'D04', lines: [line] }),
    order_refuse: async () => ({ order: await order('D03') }),
    order_cancel: async () => ({ order: await order() }),
    order_close: async () => ({ order: await order() }),
    order_reopen: async () => {
      const id = await order();
      await act('order_close', { order: id, reason });
      return { order: id };
    },
    invoice_post: () => ({ ...money, invoiced_on: TODAY }),
    invoice_reverse: async () => ({ invoice: await invoice() }),
    shipment_reverse: async () => ({ shipment: await shipment() }),
    payment_post: () => ({ ...money, received_on: TODAY, allocations: [] }),
    payment_reverse: async () => ({ payment: await payment() }),
    allocation_reverse: async () => ({ allocation: await allocated() }),
    return_post: async () => ({ shipment: await shipment(), lines: [{ line: 1, quantity: '1' }] }),
    return_reverse: async () => ({ return: await returned() }),
    credit_note_post: () => money,
    credit_note_reverse: async () => ({ credit_note: await made('credit_note_post', { ...money, reason }) }),
    write_off_post: owed,
    write_off_reverse: async () => ({ write_off: await made('write_off_post', { ...await owed(), reason }) }),
    refund_post: async () => {
      await payment();
      return { ...money, amount: '0.01' };
    },
    refund_reverse: async () => ({ refund: await refunded() }),
    order_release_request: async () => ({ order: await order('D03'), reason_code: 'other' }),
    order_release: async () => ({ order: await held() }),
    release_withdraw: async () => {
      const id = await held();
      await act('order_release', { order: id, reason });
      return { order: id };
    },
    promise_withdraw: async () => ({ promise: await promise() }),
    activity_log: () => ({ partner: 'P04', kind: 'market', on: TODAY, next_on: TODAY }),
    activity_reverse: async () => ({ activity: await activity() }),
    alert_act: async () => ({ alert: await alert() }),
    alert_close: async () => ({ alert: await alert() }),
  };
  return { members };
}
