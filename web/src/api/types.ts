// The server's operations and their shapes.

import type { Operation, Page } from './operation';

export type Money = string;
export type Day = string;

export interface Session {
  name: string;
  role: string;
}

export interface Account {
  id: string;
  code: string;
  name?: string;
  partner: string;
  currency: string;
  terms_days: number;
  limit: Money | null;
  state: string;
  status?: string;
  exposure?: Money;
  overdue?: Money;
  oldest_overdue_days?: number;
}

export interface Exposure {
  account: string;
  currency: string;
  ordered: Money;
  shipped: Money;
  receivable: Money;
  cheque: Money;
  advance: Money;
  exposure: Money;
  limit: Money | null;
  limit_from: string | null;
  available: Money | null;
  overdue: Money;
  oldest_overdue_days: number;
}

export type Outcome = 'pass' | 'warn' | 'hold' | 'refuse';
export type Figure = string | number | null;

export interface Rule {
  kind: string;
  value: Figure;
  threshold: Figure;
  outcome: string;
  text: string;
  account?: string;
}

export interface Decision {
  id: string;
  gate: string;
  outcome: string;
  exposure_before: Money;
  exposure_after: Money;
  limit: Money | null;
  available_after: Money | null;
  rules: Rule[];
}

export interface DecisionRecord extends Decision {
  account: string;
  order: string | null;
  on: Day;
}

export interface OrderLine {
  product: string;
  quantity: string;
  unit_price: string;
  shipped: string;
  invoiced: string;
  open: string;
}

export interface Order {
  id: string;
  number: string;
  account: string;
  status: string;
  total: Money;
  currency: string;
  ordered_on: Day;
  wanted_on: Day | null;
  lines: OrderLine[];
  decision: Decision | null;
}

export interface Invoice {
  id: string;
  number: string;
  account: string;
  currency: string;
  amount: Money;
  open: Money;
  invoiced_on: Day;
  due_on: Day;
  status: string;
}

export interface PromiseRecord {
  id: string;
  account: string;
  amount: Money;
  due_on: Day;
  status: string;
  level: number;
  vouched_by: string | null;
}

export interface Approval {
  id: string;
  what: string;
  account: string;
  order?: string | null;
  amount: Money | null;
  requested_by: string;
  reason?: string;
  status: string;
}

export interface AgingRow {
  not_due: Money;
  d1_30: Money;
  d31_60: Money;
  d61_90: Money;
  d91_plus: Money;
  cheque: Money;
  advance: Money;
  total: Money;
}

export interface AgingItem extends AgingRow {
  account: string;
  currency: string;
}

export interface Aging {
  as_of?: Day;
  items: AgingItem[];
  total: AgingRow | Record<string, AgingRow>;
}

export interface ListIn {
  limit?: number;
  cursor?: string;
  sort?: string;
  account?: string;
  status?: string;
}

export interface PromiseIn {
  due_on: Day;
  amount: Money;
}

export interface ReleaseIn {
  order: string;
  reason: string;
  amount_max?: Money;
  expires_on?: Day;
  promise?: PromiseIn;
}

export interface ReleaseRequestIn {
  order: string;
  reason: string;
  reason_code: string;
  promise?: PromiseIn;
  amount_max?: Money;
}

export interface ReleaseOut {
  status: string;
  decision: Decision;
  approval: string | null;
  release: string | null;
}

export const session_create: Operation<{ name: string; password: string }, Session> = { name: 'session_create', method: 'POST', path: '/sessions' };
export const session_current: Operation<object, Session> = { name: 'session_current', method: 'GET', path: '/sessions/current' };
export const session_end: Operation<object, object> = { name: 'session_end', method: 'DELETE', path: '/sessions/current' };
export const account_list: Operation<ListIn, Page<Account>> = { name: 'account_list', method: 'GET', path: '/accounts' };
export const account_get: Operation<{ account: string }, Account> = { name: 'account_get', method: 'GET', path: '/accounts/{account}' };
export const exposure_get: Operation<{ account: string }, Exposure> = { name: 'exposure_get', method: 'GET', path: '/accounts/{account}/exposure' };
export const order_list: Operation<ListIn, Page<Order>> = { name: 'order_list', method: 'GET', path: '/orders' };
export const order_get: Operation<{ order: string }, Order> = { name: 'order_get', method: 'GET', path: '/orders/{order}' };
export const order_release: Operation<ReleaseIn, ReleaseOut> = { name: 'order_release', method: 'POST', path: '/orders/{order}/release' };
export const order_release_request: Operation<ReleaseRequestIn, { approval: string }> = { name: 'order_release_request', method: 'POST', path: '/orders/{order}/release-request' };
export const order_refuse: Operation<{ order: string; reason: string }, { status: string }> = { name: 'order_refuse', method: 'POST', path: '/orders/{order}/refuse' };
export const order_recheck: Operation<{ order: string }, { status: string; decision: Decision }> = { name: 'order_recheck', method: 'POST', path: '/orders/{order}/recheck' };
export const invoice_list: Operation<ListIn, Page<Invoice>> = { name: 'invoice_list', method: 'GET', path: '/invoices' };
export const promise_list: Operation<ListIn, Page<PromiseRecord>> = { name: 'promise_list', method: 'GET', path: '/promises' };
export const decision_list: Operation<ListIn, Page<DecisionRecord>> = { name: 'decision_list', method: 'GET', path: '/decisions' };
export const approval_list: Operation<ListIn, Page<Approval>> = { name: 'approval_list', method: 'GET', path: '/approvals' };
export const aging_report: Operation<{ as_of?: Day; account?: string }, Aging> = { name: 'aging_report', method: 'GET', path: '/reports/aging' };
