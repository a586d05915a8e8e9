// The operations of the server and their shapes, written by tools/apitypes from `guanxi openapi`: `make apitypes`.

import type { Operation } from './operation';

export type AccountChangeIn = {
  terms_days?: number | null;
  parent?: string | null;
  fields?: Record<string, string | number | boolean | null> | null;
};

export type AccountCreateIn = {
  code: string;
  partner: string;
  currency: string;
  terms_days: number;
  limit?: string | number | null;
  parent?: string | null;
  fields?: Record<string, string | number | boolean | null> | null;
};

export type AccountRemoveOut = {
  id?: string;
  code: string | null;
};

export type AccountReply = {
  id?: string;
  code: string | null;
  limit: string | null;
  state: 'normal' | 'watch' | 'prepay' | 'pay_down' | 'stop' | null;
  status: string | null;
  approval: string | null;
  parent_approval: string | null;
  version: number;
};

export type AccountStateIn = {
  state: 'normal' | 'watch' | 'prepay' | 'pay_down' | 'stop';
  reason: string;
};

export type AccountStateOut = {
  state: 'normal' | 'watch' | 'prepay' | 'pay_down' | 'stop' | null;
  status: string | null;
  approval: string | null;
};

export type AccountView = {
  id?: string;
  code: string | null;
  partner: string | null;
  partner_name: string | null;
  owner: string | null;
  currency: string | null;
  terms_days: number;
  parent: string | null;
  limit: string | null;
  limit_from: string | null;
  exposure: string | null;
  limit_use: number | null;
  overdue: string | null;
  state: 'normal' | 'watch' | 'prepay' | 'pay_down' | 'stop' | null;
  state_since_on: string | null;
  state_reason: string | null;
  status: 'in_force' | 'pending' | null;
  approval: string | null;
  opened_on: string | null;
  fields: Record<string, string | number | boolean | null>;
  version: number;
};

export type AccountViewList = {
  items: AccountView[];
  next: string | null;
};

export type ActivityLogIn = {
  partner: string;
  kind: 'information' | 'market' | 'planning' | 'review' | 'training' | 'hospitality' | 'collection' | 'service';
  on: string;
  direction?: 'given' | 'received' | null;
  cost?: string | number | null;
  minutes?: number | null;
  outcome?: string | null;
  note?: string | null;
  next_on?: string | null;
  next_step?: string | null;
  follows?: string | null;
  contacts?: string[] | null;
  staff?: string[] | null;
  fields?: Record<string, string | number | boolean | null> | null;
};

export type ActivityReply = {
  id?: string;
  status: string | null;
};

export type ActivityReverseIn = {
  reason: string;
};

export type ActivityView = {
  id?: string;
  partner: string | null;
  partner_name: string | null;
  kind: 'information' | 'market' | 'planning' | 'review' | 'training' | 'hospitality' | 'collection' | 'service' | null;
  on: string | null;
  direction: 'given' | 'received' | null;
  currency: string | null;
  cost: string | null;
  minutes: number | null;
  outcome: string | null;
  note: string | null;
  status: 'posted' | 'reversed' | null;
  logged_by: string | null;
  logged_on: string | null;
  next_on: string | null;
  next_step: string | null;
  follows: string | null;
  staff: string[];
  contacts: string[];
  fields: Record<string, string | number | boolean | null>;
};

export type ActivityViewGet = {
  id?: string;
  partner: string | null;
  partner_name: string | null;
  kind: 'information' | 'market' | 'planning' | 'review' | 'training' | 'hospitality' | 'collection' | 'service' | null;
  on: string | null;
  direction: 'given' | 'received' | null;
  currency: string | null;
  cost: string | null;
  minutes: number | null;
  outcome: string | null;
  note: string | null;
  status: 'posted' | 'reversed' | null;
  logged_by: string | null;
  logged_on: string | null;
  next_on: string | null;
  next_step: string | null;
  follows: string | null;
  staff: string[];
  contacts: string[];
  fields: Record<string, string | number | boolean | null>;
  version: number;
};

export type ActivityViewList = {
  items: ActivityView[];
  next: string | null;
};

export type AgingItem = {
  account: string | null;
  partner_name: string | null;
  currency: string | null;
  not_due: string | null;
  d1_30: string | null;
  d31_60: string | null;
  d61_90: string | null;
  d91_plus: string | null;
  cheque: string | null;
  advance: string | null;
  total: string | null;
};

export type AgingOut = {
  as_of: string | null;
  items: AgingItem[];
  total: unknown;
  next: string | null;
};

export type Alert = {
  id?: string;
  kind: 'exposure_over_limit' | 'limit_use' | 'overdue' | 'broken_promise' | 'owner_exceptions' | 'owner_overdue_share' | 'hospitality_no_growth' | 'hospitality_redate' | 'mutual_clearing' | 'invoiced_beyond_shipped' | 'shipped_not_invoiced' | 'self_approved' | null;
  account: string | null;
  partner: string | null;
  partner_name: string | null;
  owner: string | null;
  other: string | null;
  severity: 'info' | 'warning' | 'critical' | null;
  since: string | null;
  first_action_on: string | null;
  last_seen_on: string | null;
  status: 'open' | 'ended' | 'closed' | null;
  closed_by: string | null;
  closed_on: string | null;
  because: unknown;
};

export type AlertGet = {
  id?: string;
  kind: 'exposure_over_limit' | 'limit_use' | 'overdue' | 'broken_promise' | 'owner_exceptions' | 'owner_overdue_share' | 'hospitality_no_growth' | 'hospitality_redate' | 'mutual_clearing' | 'invoiced_beyond_shipped' | 'shipped_not_invoiced' | 'self_approved' | null;
  account: string | null;
  partner: string | null;
  partner_name: string | null;
  owner: string | null;
  other: string | null;
  severity: 'info' | 'warning' | 'critical' | null;
  since: string | null;
  first_action_on: string | null;
  last_seen_on: string | null;
  status: 'open' | 'ended' | 'closed' | null;
  closed_by: string | null;
  closed_on: string | null;
  because: unknown;
  version: number;
};

export type AlertIn = {
  reason: string;
};

export type AlertList = {
  items: Alert[];
  next: string | null;
};

export type AlertReply = {
  id?: string;
  status: string | null;
  first_action_on: string | null;
};

export type AllocationAskIn = {
  invoice: string;
  amount: string | number;
};

export type AllocationMade = {
  id?: string;
  invoice: string | null;
  number: string | null;
  amount: string | null;
  effective_on: string | null;
};

export type AllocationPostIn = {
  payment: string;
  allocations: AllocationAskIn[];
};

export type AllocationPostOut = {
  payment: string | null;
  allocated: string | null;
  advance: string | null;
  allocations: AllocationMade[];
};

export type AllocationReverseIn = {
  reason: string;
};

export type AllocationReverseOut = {
  id?: string;
  status: string | null;
  advance: string | null;
  decision_id: string | null;
};

export type AllocationView = {
  id?: string;
  account: string | null;
  partner: string | null;
  partner_name: string | null;
  owner: string | null;
  by: 'payment' | 'credit_note' | 'write_off' | null;
  payment: string | null;
  invoice: string | null;
  number: string | null;
  currency: string | null;
  amount: string | null;
  effective_on: string | null;
  booked_on: string | null;
  reverses: string | null;
  status: 'posted' | 'reversed' | null;
};

export type AllocationViewGet = {
  id?: string;
  account: string | null;
  partner: string | null;
  partner_name: string | null;
  owner: string | null;
  by: 'payment' | 'credit_note' | 'write_off' | null;
  payment: string | null;
  invoice: string | null;
  number: string | null;
  currency: string | null;
  amount: string | null;
  effective_on: string | null;
  booked_on: string | null;
  reverses: string | null;
  status: 'posted' | 'reversed' | null;
  version: number;
};

export type AllocationViewList = {
  items: AllocationView[];
  next: string | null;
};

export type ApprovalIn = {
  reason: string;
};

export type ApprovalOut = {
  id?: string;
  what: string | null;
  status: string | null;
  waits_for: string | null;
  fallen: string[];
};

export type ApprovalView = {
  id?: string;
  what: string | null;
  account: string | null;
  partner: string | null;
  partner_name: string | null;
  owner: string | null;
  order: string | null;
  order_number: string | null;
  currency: string | null;
  amount: string | null;
  reason: string | null;
  reason_code: string | null;
  input: unknown;
  requested_by: string | null;
  requested_on: string | null;
  lapses_on: string | null;
  ended_on: string | null;
  status: 'pending' | 'approved' | 'rejected' | 'void' | 'lapsed' | null;
  self_approved: boolean;
  consents: ConsentView[];
};

export type ApprovalViewGet = {
  id?: string;
  what: string | null;
  account: string | null;
  partner: string | null;
  partner_name: string | null;
  owner: string | null;
  order: string | null;
  order_number: string | null;
  currency: string | null;
  amount: string | null;
  reason: string | null;
  reason_code: string | null;
  input: unknown;
  requested_by: string | null;
  requested_on: string | null;
  lapses_on: string | null;
  ended_on: string | null;
  status: 'pending' | 'approved' | 'rejected' | 'void' | 'lapsed' | null;
  self_approved: boolean;
  consents: ConsentView[];
  version: number;
};

export type ApprovalViewList = {
  items: ApprovalView[];
  next: string | null;
};

export type Approver = {
  user: string | null;
  role: string | null;
  may: boolean;
  has_consented: boolean;
  refusal: string | null;
};

export type ApproversOut = {
  approval: string | null;
  currency: string | null;
  amount: string | null;
  needs: string[];
  refusing: CreditRuleView[];
  items: Approver[];
};

export type AuditChange = {
  field: string | null;
  before: string | null;
  after: string | null;
};

export type AuditItem = {
  id: string | null;
  at: string | null;
  on: string | null;
  by: string | null;
  what: string | null;
  account: string | null;
  input: unknown;
  changes: AuditChange[];
};

export type AuditListOut = {
  items: AuditItem[];
  next: string | null;
};

export type Clear = {
  rule: string | null;
  what: string | null;
  invoice: string | null;
  invoice_number: string | null;
  shipment: string | null;
  shipment_number: string | null;
  amount: string | null;
  is_enough: boolean;
  text: string | null;
};

export type ConsentView = {
  user: string | null;
  role: string | null;
  reason: string | null;
  on: string | null;
};

export type Contact = {
  id?: string;
  partner: string;
  partner_name: string | null;
  name: string;
  title: string | null;
  phone: string | null;
  email: string | null;
  note: string | null;
  fields: Record<string, string | number | boolean | null>;
  version: number;
};

export type ContactChange = {
  name?: string | null;
  title?: string | null;
  phone?: string | null;
  email?: string | null;
  note?: string | null;
  fields?: Record<string, string | number | boolean | null> | null;
};

export type ContactCreate = {
  partner: string;
  name: string;
  title?: string | null;
  phone?: string | null;
  email?: string | null;
  note?: string | null;
  fields?: Record<string, string | number | boolean | null> | null;
};

export type ContactList = {
  items: Contact[];
  next: string | null;
};

export type CreditGroup = {
  account: string | null;
  currency: string | null;
  exposure_before: string | null;
  exposure_after: string | null;
};

export type CreditNote = {
  id?: string;
  number: string | null;
  account: string | null;
  partner: string | null;
  partner_name: string | null;
  owner: string | null;
  invoice: string | null;
  invoice_number: string | null;
  return: string | null;
  return_number: string | null;
  currency: string | null;
  amount: string | null;
  net: string | null;
  tax: string | null;
  gross: string | null;
  advance: string | null;
  reason: string | null;
  posted_on: string | null;
  booked_on: string | null;
  status: 'pending' | 'posted' | 'reversed' | 'rejected' | null;
  reversed_on: string | null;
  approval: string | null;
  posted_by: string | null;
};

export type CreditNoteGet = {
  id?: string;
  number: string | null;
  account: string | null;
  partner: string | null;
  partner_name: string | null;
  owner: string | null;
  invoice: string | null;
  invoice_number: string | null;
  return: string | null;
  return_number: string | null;
  currency: string | null;
  amount: string | null;
  net: string | null;
  tax: string | null;
  gross: string | null;
  advance: string | null;
  reason: string | null;
  posted_on: string | null;
  booked_on: string | null;
  status: 'pending' | 'posted' | 'reversed' | 'rejected' | null;
  reversed_on: string | null;
  approval: string | null;
  posted_by: string | null;
  version: number;
};

export type CreditNoteList = {
  items: CreditNote[];
  next: string | null;
};

export type CreditNotePostIn = {
  account: string;
  amount: string | number;
  reason: string;
  invoice?: string | null;
  return?: string | null;
  tax?: string | number | null;
};

export type CreditNotePostOut = {
  id?: string;
  number: string | null;
  status: string | null;
  currency: string | null;
  amount: string | null;
  advance: string | null;
  approval: string | null;
};

export type CreditNoteReverseIn = {
  reason: string;
};

export type CreditNoteReverseOut = {
  id?: string;
  number: string | null;
  status: string | null;
  decision_id: string | null;
};

export type CreditRuleView = {
  kind: string | null;
  value: unknown;
  threshold: unknown;
  outcome: string | null;
  text: string | null;
  account: string | null;
  lacks: unknown;
};

export type CustomField = {
  id?: string;
  record: 'partner' | 'account' | 'contact' | 'product' | 'order' | 'activity';
  code: string;
  label_en: string | null;
  label_zh: string | null;
  kind: 'text' | 'decimal' | 'integer' | 'date' | 'yes_no' | 'choice' | 'money';
  currency: string | null;
  required: boolean;
  retired: boolean;
  place: number | null;
  options: CustomOption[];
  version: number;
};

export type CustomFieldChange = {
  label_en?: string | null;
  label_zh?: string | null;
  required?: boolean;
  retired?: boolean;
  place?: number | null;
  options?: CustomOptionGiven[] | null;
};

export type CustomFieldCreate = {
  record: 'partner' | 'account' | 'contact' | 'product' | 'order' | 'activity';
  code: string;
  label_en?: string | null;
  label_zh?: string | null;
  kind: 'text' | 'decimal' | 'integer' | 'date' | 'yes_no' | 'choice' | 'money';
  currency?: string | null;
  required?: boolean;
  retired?: boolean;
  place?: number | null;
  options?: CustomOptionGiven[] | null;
};

export type CustomFieldList = {
  items: CustomField[];
  next: string | null;
};

export type CustomOption = {
  code: string;
  label_en: string | null;
  label_zh: string | null;
  retired: boolean;
};

export type CustomOptionGiven = {
  code: string;
  label_en?: string | null;
  label_zh?: string | null;
  retired?: boolean;
};

export type DayCloseIn = {
  on: string;
};

export type DayCloseOut = {
  on: string | null;
  days: number;
  promises_kept: number;
  promises_partly_kept: number;
  promises_broken: number;
  releases_ended: number;
  orders_held: number;
  requests_lapsed: number;
  limits_changed: number;
  alerts_raised: number;
  alerts_ended: number;
  seal: string | null;
};

export type DayLogItem = {
  on: string | null;
  sealed_on: string | null;
  at: string | null;
  counts: unknown;
  seal: string | null;
};

export type DayLogOut = {
  items: DayLogItem[];
  next: string | null;
};

export type DecisionOut = {
  id?: string;
  account: string | null;
  partner: string | null;
  partner_name: string | null;
  gate: 'order' | 'shipment' | 'both' | 'release' | null;
  outcome: 'pass' | 'warn' | 'hold' | 'refuse' | null;
  policy_version: number;
  on: string | null;
  at: string | null;
  order: string | null;
  order_number: string | null;
  exposure_before: string | null;
  exposure_after: string | null;
  limit: string | null;
  available_after: string | null;
  limit_currency: string | null;
  group: CreditGroup | null;
  inputs: unknown;
  rules: CreditRuleView[];
  version: number;
};

export type DecisionRecord = {
  id?: string;
  account: string | null;
  partner: string | null;
  partner_name: string | null;
  owner: string | null;
  gate: 'order' | 'shipment' | 'both' | 'release' | null;
  outcome: 'pass' | 'warn' | 'hold' | 'refuse' | null;
  order: string | null;
  order_number: string | null;
  policy_version: number;
  on: string | null;
};

export type DecisionRecordList = {
  items: DecisionRecord[];
  next: string | null;
};

export type DecisionView = {
  id?: string;
  gate: 'order' | 'shipment' | 'both' | 'release' | null;
  outcome: 'pass' | 'warn' | 'hold' | 'refuse' | null;
  exposure_before: string | null;
  exposure_after: string | null;
  limit: string | null;
  available_after: string | null;
  limit_currency: string | null;
  group: CreditGroup | null;
  rules: CreditRuleView[];
};

export type DsoItem = {
  account: string | null;
  partner_name: string | null;
  currency: string | null;
  receivable: string | null;
  invoiced: string | null;
  dso: string | null;
  months: DsoMonth[];
};

export type DsoMonth = {
  month: string | null;
  currency: string | null;
  receivable: string | null;
  invoiced: string | null;
  dso: string | null;
};

export type DsoOut = {
  until: string | null;
  window: number;
  items: DsoItem[];
  totals: DsoTotal[];
  next: string | null;
};

export type DsoTotal = {
  currency: string | null;
  receivable: string | null;
  invoiced: string | null;
  dso: string | null;
  months: DsoMonth[];
};

export type Entry = {
  id?: string;
  account: string | null;
  on: string | null;
  booked_on: string | null;
  event: string | null;
  from: string | null;
  to: string | null;
  currency: string | null;
  amount: string | null;
  document_kind: string | null;
  document: string | null;
  number: string | null;
  order: string | null;
  order_number: string | null;
};

export type EntryList = {
  items: Entry[];
  next: string | null;
};

export type ExposureOut = {
  account: string | null;
  currency: string | null;
  ordered: string | null;
  shipped: string | null;
  receivable: string | null;
  cheque: string | null;
  advance: string | null;
  exposure: string | null;
  limit: string | null;
  limit_from: string | null;
  available: string | null;
  overdue: string | null;
  oldest_overdue_days: number;
  groups: GroupLimit[];
};

export type GroupLimit = {
  account: string | null;
  currency: string | null;
  limit: string | null;
  exposure: string | null;
  available: string | null;
};

export type History = {
  items: HistoryItem[];
  next: string | null;
};

export type HistoryItem = {
  at: string | null;
  on: string | null;
  by: string | null;
  what: string | null;
  changes: AuditChange[];
};

export type ImportMapping = {
  what: string;
  header: string;
  document: string;
};

export type ImportMappingGiven = {
  what: string;
  header: string;
  document: string;
};

export type ImportMappingListOut = {
  items: ImportMapping[];
};

export type ImportRow = {
  id: string | null;
  kind: string | null;
  name: string | null;
  account: string | null;
  made_by: string | null;
  undo: string | null;
  is_undone: boolean;
  at: string | null;
};

export type ImportRowsOut = {
  items: ImportRow[];
  next: string | null;
};

export type ImportRun = {
  id?: string;
  what: string | null;
  file: string | null;
  by: string | null;
  begun_on: string | null;
  begun_at: string | null;
  stored: number | null;
  skipped: number | null;
  refused: number | null;
  undone: number;
  version: number;
};

export type ImportRunList = {
  items: ImportRun[];
  next: string | null;
};

export type InvoicePaid = {
  id?: string;
  by: string | null;
  currency: string | null;
  amount: string | null;
  effective_on: string | null;
};

export type InvoicePostIn = {
  account: string;
  amount: string | number;
  invoiced_on: string;
  number?: string | null;
  due_on?: string | null;
  order?: string | null;
  lines?: LineAsk[] | null;
  final?: boolean;
  tax?: string | number | null;
};

export type InvoicePostOut = {
  id?: string;
  number: string | null;
  status: 'open' | 'settled' | 'reversed' | null;
  currency: string | null;
  amount: string | null;
  open: string | null;
  invoiced_on: string | null;
  due_on: string | null;
  approval: string | null;
  decision_id: string | null;
};

export type InvoiceReverseIn = {
  reason: string;
};

export type InvoiceReverseOut = {
  id?: string;
  number: string | null;
  status: string | null;
  decision_id: string | null;
};

export type InvoiceView = {
  id?: string;
  number: string | null;
  account: string | null;
  partner: string | null;
  partner_name: string | null;
  owner: string | null;
  order: string | null;
  order_number: string | null;
  currency: string | null;
  amount: string | null;
  net: string | null;
  tax: string | null;
  gross: string | null;
  open: string | null;
  invoiced_on: string | null;
  due_on: string | null;
  settled_on: string | null;
  is_overdue: boolean;
  booked_on: string | null;
  final: boolean;
  from_shipped: string | null;
  from_ordered: string | null;
  from_outside: string | null;
  status: 'open' | 'settled' | 'reversed' | null;
  reversed_on: string | null;
  approval: string | null;
  posted_by: string | null;
  decision_id: string | null;
  lines: LinePartView[];
  allocations: InvoicePaid[];
  decision: DecisionView | null;
};

export type InvoiceViewGet = {
  id?: string;
  number: string | null;
  account: string | null;
  partner: string | null;
  partner_name: string | null;
  owner: string | null;
  order: string | null;
  order_number: string | null;
  currency: string | null;
  amount: string | null;
  net: string | null;
  tax: string | null;
  gross: string | null;
  open: string | null;
  invoiced_on: string | null;
  due_on: string | null;
  settled_on: string | null;
  is_overdue: boolean;
  booked_on: string | null;
  final: boolean;
  from_shipped: string | null;
  from_ordered: string | null;
  from_outside: string | null;
  status: 'open' | 'settled' | 'reversed' | null;
  reversed_on: string | null;
  approval: string | null;
  posted_by: string | null;
  decision_id: string | null;
  lines: LinePartView[];
  allocations: InvoicePaid[];
  decision: DecisionView | null;
  version: number;
};

export type InvoiceViewList = {
  items: InvoiceView[];
  next: string | null;
};

export type LatenessItem = {
  account: string | null;
  partner_name: string | null;
  currency: string | null;
  due: string | null;
  on_time: string | null;
  late: string | null;
  very_late: string | null;
  unpaid: string | null;
  late_share: number | null;
};

export type LatenessMonth = {
  month: string | null;
  currency: string | null;
  due: string | null;
  on_time: string | null;
  late: string | null;
  very_late: string | null;
  unpaid: string | null;
  late_share: number | null;
};

export type LatenessOut = {
  from: string | null;
  until: string | null;
  items: LatenessItem[];
  totals: LatenessTotal[];
  next: string | null;
};

export type LatenessTotal = {
  currency: string | null;
  due: string | null;
  on_time: string | null;
  late: string | null;
  very_late: string | null;
  unpaid: string | null;
  late_share: number | null;
  months: LatenessMonth[];
};

export type Limit = {
  id?: string;
  account: string | null;
  partner: string | null;
  partner_name: string | null;
  owner: string | null;
  kind: 'base' | 'seasonal' | 'insured' | 'guaranteed' | null;
  currency: string | null;
  amount: string | null;
  from: string | null;
  until: string | null;
  steps: StepView[];
  reason: string | null;
  status: 'in_force' | 'pending' | 'rejected' | 'replaced' | null;
  approval: string | null;
  set_by: string | null;
  set_on: string | null;
};

export type LimitGet = {
  id?: string;
  account: string | null;
  partner: string | null;
  partner_name: string | null;
  owner: string | null;
  kind: 'base' | 'seasonal' | 'insured' | 'guaranteed' | null;
  currency: string | null;
  amount: string | null;
  from: string | null;
  until: string | null;
  steps: StepView[];
  reason: string | null;
  status: 'in_force' | 'pending' | 'rejected' | 'replaced' | null;
  approval: string | null;
  set_by: string | null;
  set_on: string | null;
  version: number;
};

export type LimitList = {
  items: Limit[];
  next: string | null;
};

export type LimitSetIn = {
  account: string;
  amount: string | number | null;
  reason: string;
  kind?: 'base' | 'seasonal' | 'insured' | 'guaranteed' | null;
  from?: string | null;
  until?: string | null;
  steps?: LimitStep[] | null;
};

export type LimitSetOut = {
  id?: string;
  status: string | null;
  approval: string | null;
};

export type LimitStep = {
  from: string;
  amount: string | number;
};

export type LineAsk = {
  line?: number | null;
  product?: string | null;
  quantity: string | number;
};

export type LineIn = {
  line?: number | null;
  product?: string | null;
  quantity: string | number;
  unit_price?: string | number | null;
};

export type LinePartView = {
  line: number;
  product: string | null;
  quantity: string | null;
  currency: string | null;
  amount: string | null;
  net: string | null;
  tax: string | null;
  gross: string | null;
};

export type LineView = {
  line: number;
  product: string | null;
  product_name: string | null;
  quantity: string | null;
  unit_price: string | null;
  tax_rate: string | null;
  net: string | null;
  tax: string | null;
  gross: string | null;
  shipped: string | null;
  invoiced: string | null;
  open: string | null;
};

export type ListGroup = {
  value: string | null;
  count: number;
  sums: ListSum[];
};

export type ListSum = {
  field: string | null;
  currency: string | null;
  sum: string | null;
};

export type ListTotals = {
  count: number;
  sums: ListSum[];
  groups: ListGroup[];
};

export type NewsOut = {
  last: string | null;
  changed: string[];
  accounts: string[];
};

export type OrderChangeIn = {
  lines?: LineIn[] | null;
  wanted_on?: string | null;
  fields?: Record<string, string | number | boolean | null> | null;
};

export type OrderPlaceIn = {
  account: string;
  lines: LineIn[];
  number?: string | null;
  ordered_on?: string | null;
  wanted_on?: string | null;
  fields?: Record<string, string | number | boolean | null> | null;
};

export type OrderReasonIn = {
  reason: string;
};

export type OrderReply = {
  id?: string;
  number: string | null;
  status: 'held' | 'approved' | 'shipped' | 'invoiced' | 'cancelled' | 'closed' | null;
  currency: string | null;
  total: string | null;
  decision: DecisionView | null;
};

export type OrderView = {
  id?: string;
  number: string | null;
  account: string | null;
  partner: string | null;
  partner_name: string | null;
  owner: string | null;
  status: 'held' | 'approved' | 'shipped' | 'invoiced' | 'cancelled' | 'closed' | null;
  currency: string | null;
  total: string | null;
  held_amount: string | null;
  net: string | null;
  tax: string | null;
  gross: string | null;
  ordered: string | null;
  shipped_amount: string | null;
  invoiced_amount: string | null;
  ordered_on: string | null;
  wanted_on: string | null;
  held_on: string | null;
  placed_by: string | null;
  changed_by: string | null;
  release: string | null;
  reason: string | null;
  final: boolean;
  decision_id: string | null;
  lines: LineView[];
  decision: DecisionView | null;
  fields: Record<string, string | number | boolean | null>;
};

export type OrderViewGet = {
  id?: string;
  number: string | null;
  account: string | null;
  partner: string | null;
  partner_name: string | null;
  owner: string | null;
  status: 'held' | 'approved' | 'shipped' | 'invoiced' | 'cancelled' | 'closed' | null;
  currency: string | null;
  total: string | null;
  held_amount: string | null;
  net: string | null;
  tax: string | null;
  gross: string | null;
  ordered: string | null;
  shipped_amount: string | null;
  invoiced_amount: string | null;
  ordered_on: string | null;
  wanted_on: string | null;
  held_on: string | null;
  placed_by: string | null;
  changed_by: string | null;
  release: string | null;
  reason: string | null;
  final: boolean;
  decision_id: string | null;
  lines: LineView[];
  decision: DecisionView | null;
  fields: Record<string, string | number | boolean | null>;
  version: number;
};

export type OrderViewList = {
  items: OrderView[];
  next: string | null;
};

export type OrgChangeIn = {
  timezone?: string | null;
  prices_include_tax?: boolean;
};

export type OrgOut = {
  uuid: string | null;
  currency: string | null;
  timezone: string | null;
  is_solo: boolean;
  prices_include_tax: boolean;
  closed_until: string | null;
  last_day_close: string | null;
  version: number;
};

export type Partner = {
  id?: string;
  code: string;
  name: string;
  roles: ('distributor' | 'supplier' | 'service_provider' | 'consumer')[];
  territory: string | null;
  owner: string | null;
  tier: string | null;
  created_on: string | null;
  approval: string | null;
  fields: Record<string, string | number | boolean | null>;
  version: number;
};

export type PartnerChange = {
  code?: string | null;
  name?: string | null;
  roles?: ('distributor' | 'supplier' | 'service_provider' | 'consumer')[] | null;
  territory?: string | null;
  owner?: string | null;
  tier?: string | null;
  fields?: Record<string, string | number | boolean | null> | null;
};

export type PartnerCreate = {
  code: string;
  name: string;
  roles: ('distributor' | 'supplier' | 'service_provider' | 'consumer')[];
  territory?: string | null;
  owner?: string | null;
  tier?: string | null;
  fields?: Record<string, string | number | boolean | null> | null;
};

export type PartnerList = {
  items: Partner[];
  next: string | null;
};

export type PasswordChangeIn = {
  old_password: string;
  password: string;
};

export type PasswordChangeOut = {
  status: string | null;
};

export type PaymentPart = {
  id?: string;
  invoice: string | null;
  number: string | null;
  currency: string | null;
  amount: string | null;
  effective_on: string | null;
  reversed: boolean;
};

export type PaymentPostIn = {
  account: string;
  amount: string | number;
  received_on: string;
  reference?: string | null;
  order?: string | null;
  allocations?: AllocationAskIn[] | null;
};

export type PaymentPostOut = {
  id?: string;
  status: string | null;
  currency: string | null;
  amount: string | null;
  allocated: string | null;
  advance: string | null;
  allocations: AllocationMade[];
  unblocked: string[];
};

export type PaymentReverseIn = {
  reason: string;
};

export type PaymentView = {
  id?: string;
  account: string | null;
  partner: string | null;
  partner_name: string | null;
  owner: string | null;
  order: string | null;
  order_number: string | null;
  currency: string | null;
  amount: string | null;
  allocated: string | null;
  advance: string | null;
  received_on: string | null;
  booked_on: string | null;
  reference: string | null;
  status: 'pending' | 'posted' | 'bounced' | 'reversed' | null;
  reversed_on: string | null;
  posted_by: string | null;
  allocations: PaymentPart[];
};

export type PaymentViewGet = {
  id?: string;
  account: string | null;
  partner: string | null;
  partner_name: string | null;
  owner: string | null;
  order: string | null;
  order_number: string | null;
  currency: string | null;
  amount: string | null;
  allocated: string | null;
  advance: string | null;
  received_on: string | null;
  booked_on: string | null;
  reference: string | null;
  status: 'pending' | 'posted' | 'bounced' | 'reversed' | null;
  reversed_on: string | null;
  posted_by: string | null;
  allocations: PaymentPart[];
  version: number;
};

export type PaymentViewList = {
  items: PaymentView[];
  next: string | null;
};

export type PeriodCloseIn = {
  until: string;
  reason?: string | null;
};

export type PeriodOut = {
  closed_until: string | null;
  status: string | null;
  approval: string | null;
};

export type PeriodReopenIn = {
  reason: string;
  until?: string | null;
};

export type PeriodView = {
  action: 'close' | 'reopen' | null;
  until: string | null;
  reason: string | null;
  status: 'in_force' | 'pending' | 'rejected' | 'replaced' | null;
  approval: string | null;
  done_by: string | null;
  on: string | null;
};

export type PeriodViewList = {
  items: PeriodView[];
  next: string | null;
};

export type Policy = {
  version: number | null;
  rules: PolicyRule[];
  promise_tolerance_days: number;
  promise_tolerance_amount: string;
  promise_max_days: number;
  partly_share: unknown;
  conflict_days: number;
  small_amount: string;
  overdue_min: string;
  pay_down_ratio: unknown;
  approval: PolicyStep[];
};

export type PolicyGiven = {
  version?: number | null;
  rules: PolicyRuleGiven[];
  promise_tolerance_days: number;
  promise_tolerance_amount: string | number;
  promise_max_days: number;
  partly_share: unknown;
  conflict_days: number;
  small_amount: string | number;
  overdue_min: string | number;
  pay_down_ratio: unknown;
  approval: PolicyStepGiven[];
};

export type PolicyHistory = {
  items: PolicyVersion[];
  next: string | null;
};

export type PolicyRule = {
  kind: 'limit' | 'limit_use' | 'overdue_days' | 'overdue_amount' | 'overdue_share' | 'unbilled_days' | 'broken_promises' | 'order_amount' | 'account_state' | 'promise_broken_open' | 'promise_level' | 'releases_365d' | 'release_excess_percent' | 'released_excess_open';
  threshold: unknown;
  gate: 'order' | 'shipment' | 'both' | 'release';
  outcome: 'pass' | 'warn' | 'hold' | 'refuse';
  horizon_days: number | null;
  scope: PolicyScope | null;
};

export type PolicyRuleGiven = {
  kind: 'limit' | 'limit_use' | 'overdue_days' | 'overdue_amount' | 'overdue_share' | 'unbilled_days' | 'broken_promises' | 'order_amount' | 'account_state' | 'promise_broken_open' | 'promise_level' | 'releases_365d' | 'release_excess_percent' | 'released_excess_open';
  threshold?: unknown;
  gate: 'order' | 'shipment' | 'both' | 'release';
  outcome: 'pass' | 'warn' | 'hold' | 'refuse';
  horizon_days?: number | null;
  scope?: PolicyScopeGiven | null;
};

export type PolicyScope = {
  account: string | null;
  tier: string | null;
};

export type PolicyScopeGiven = {
  account?: string | null;
  tier?: string | null;
};

export type PolicySetOut = {
  version: number;
  status: string | null;
  approval: string | null;
};

export type PolicyStep = {
  all_of: ('admin' | 'manager' | 'sales' | 'credit' | 'collections' | 'finance')[];
  up_to: string | null;
};

export type PolicyStepGiven = {
  all_of: ('admin' | 'manager' | 'sales' | 'credit' | 'collections' | 'finance')[];
  up_to?: string | number | null;
};

export type PolicyTrialIn = {
  policy: PolicyGiven;
  days?: number | null;
};

export type PolicyTrialOut = {
  since: string | null;
  judged: number;
  left_out: number;
  groups: TrialGroup[];
  changed: TrialChange[];
};

export type PolicyVersion = {
  version: number;
  status: 'in_force' | 'pending' | 'rejected' | 'replaced' | null;
  on: string | null;
  by: string | null;
  approval: string | null;
  policy: Policy | null;
};

export type Preference = {
  language: 'en' | 'zh' | null;
  numbers: 'comma' | 'point' | 'blank' | 'plain' | null;
  days: 'words' | 'iso' | null;
};

export type PreferenceGiven = {
  language?: 'en' | 'zh' | null;
  numbers?: 'comma' | 'point' | 'blank' | 'plain' | null;
  days?: 'words' | 'iso' | null;
};

export type PreviewOut = {
  currency: string | null;
  total: string | null;
  decision: DecisionView | null;
  clears: Clear[];
};

export type Product = {
  id?: string;
  code: string;
  name: string;
  unit_price: string;
  unit_cost: string | null;
  tax_rate: string | null;
  fields: Record<string, string | number | boolean | null>;
  version: number;
};

export type ProductChange = {
  code?: string | null;
  name?: string | null;
  unit_price?: string | number | null;
  unit_cost?: string | number | null;
  tax_rate?: string | number | null;
  fields?: Record<string, string | number | boolean | null> | null;
};

export type ProductCreate = {
  code: string;
  name: string;
  unit_price: string | number;
  unit_cost?: string | number | null;
  tax_rate?: string | number | null;
  fields?: Record<string, string | number | boolean | null> | null;
};

export type ProductList = {
  items: Product[];
  next: string | null;
};

export type PromiseInvoice = {
  id?: string;
  number: string | null;
};

export type PromiseMakeIn = {
  account: string;
  amount: string | number;
  due_on: string;
  invoices?: string[] | null;
  replaces?: string | null;
};

export type PromiseMakeOut = {
  id?: string;
  status: string | null;
  level: number;
  currency: string | null;
  amount: string | null;
  due_on: string | null;
};

export type PromiseView = {
  id?: string;
  account: string | null;
  partner: string | null;
  partner_name: string | null;
  owner: string | null;
  currency: string | null;
  amount: string | null;
  target: string | null;
  received: string | null;
  lacks: string | null;
  due_on: string | null;
  made_on: string | null;
  window_end_on: string | null;
  ended_on: string | null;
  status: 'open' | 'kept' | 'partly_kept' | 'broken' | 'withdrawn' | 'replaced' | null;
  level: number;
  vouched_by: string | null;
  release: string | null;
  order: string | null;
  order_number: string | null;
  replaces: string | null;
  replaced_by: string | null;
  reason: string | null;
  invoices: PromiseInvoice[];
  verdicts: VerdictView[];
};

export type PromiseViewGet = {
  id?: string;
  account: string | null;
  partner: string | null;
  partner_name: string | null;
  owner: string | null;
  currency: string | null;
  amount: string | null;
  target: string | null;
  received: string | null;
  lacks: string | null;
  due_on: string | null;
  made_on: string | null;
  window_end_on: string | null;
  ended_on: string | null;
  status: 'open' | 'kept' | 'partly_kept' | 'broken' | 'withdrawn' | 'replaced' | null;
  level: number;
  vouched_by: string | null;
  release: string | null;
  order: string | null;
  order_number: string | null;
  replaces: string | null;
  replaced_by: string | null;
  reason: string | null;
  invoices: PromiseInvoice[];
  verdicts: VerdictView[];
  version: number;
};

export type PromiseViewList = {
  items: PromiseView[];
  next: string | null;
};

export type PromiseWithdrawIn = {
  reason: string;
};

export type PromiseWithdrawOut = {
  id?: string;
  status: string | null;
};

export type Proposal = {
  account: string | null;
  amount: string | null;
  return: string | null;
  reason: string | null;
};

export type RateSetIn = {
  currency: string;
  rate: string | number;
  on: string;
};

export type RateSetOut = {
  id?: string;
};

export type RateView = {
  id?: string;
  currency: string | null;
  rate: string | null;
  on: string | null;
  set_by: string | null;
};

export type RateViewGet = {
  id?: string;
  currency: string | null;
  rate: string | null;
  on: string | null;
  set_by: string | null;
  version: number;
};

export type RateViewList = {
  items: RateView[];
  next: string | null;
};

export type RefundPostIn = {
  account: string;
  amount: string | number;
  reason: string;
};

export type RefundPostOut = {
  id?: string;
  status: string | null;
  currency: string | null;
  amount: string | null;
  approval: string | null;
};

export type RefundReverseIn = {
  reason: string;
};

export type RefundReverseOut = {
  id?: string;
  status: string | null;
};

export type RefundView = {
  id?: string;
  account: string | null;
  partner: string | null;
  partner_name: string | null;
  owner: string | null;
  currency: string | null;
  amount: string | null;
  reason: string | null;
  posted_on: string | null;
  booked_on: string | null;
  status: 'pending' | 'posted' | 'reversed' | 'rejected' | null;
  reversed_on: string | null;
  approval: string | null;
  decision_id: string | null;
  posted_by: string | null;
};

export type RefundViewGet = {
  id?: string;
  account: string | null;
  partner: string | null;
  partner_name: string | null;
  owner: string | null;
  currency: string | null;
  amount: string | null;
  reason: string | null;
  posted_on: string | null;
  booked_on: string | null;
  status: 'pending' | 'posted' | 'reversed' | 'rejected' | null;
  reversed_on: string | null;
  approval: string | null;
  decision_id: string | null;
  posted_by: string | null;
  version: number;
};

export type RefundViewList = {
  items: RefundView[];
  next: string | null;
};

export type Relation = {
  id?: string;
  partner: string;
  partner_name: string | null;
  other: string;
  other_name: string | null;
  kind: 'supplies' | 'distributes_for' | 'serves' | 'consumes_from' | 'owns' | 'guarantees' | 'family_of' | 'competes_with';
  from: string | null;
  until: string | null;
  note: string | null;
  version: number;
};

export type RelationChange = {
  from?: string | null;
  until?: string | null;
  note?: string | null;
};

export type RelationCreate = {
  partner: string;
  other: string;
  kind: 'supplies' | 'distributes_for' | 'serves' | 'consumes_from' | 'owns' | 'guarantees' | 'family_of' | 'competes_with';
  from?: string | null;
  until?: string | null;
  note?: string | null;
};

export type RelationList = {
  items: Relation[];
  next: string | null;
};

export type ReleaseIn = {
  reason: string;
  amount_max?: string | number | null;
  expires_on?: string | null;
  promise?: ReleasePromise | null;
};

export type ReleaseOut = {
  number: string | null;
  status: string | null;
  waits_for: string | null;
  fallen: string[];
  approval: string | null;
  release: string | null;
  promise: string | null;
  currency: string | null;
  amount_max: string | null;
  expires_on: string | null;
  decision: DecisionView | null;
};

export type ReleasePromise = {
  due_on: string;
  amount: string | number;
};

export type ReleaseRequestIn = {
  reason: string;
  reason_code: 'cash_short' | 'season' | 'strategic' | 'bank_delay' | 'dispute' | 'other';
  promise?: ReleasePromise | null;
  amount_max?: string | number | null;
};

export type ReleaseRequestOut = {
  approval: string | null;
  status: string | null;
};

export type ReleaseView = {
  id?: string;
  account: string | null;
  partner: string | null;
  partner_name: string | null;
  owner: string | null;
  order: string | null;
  order_number: string | null;
  approval: string | null;
  decision_id: string | null;
  promise: string | null;
  currency: string | null;
  amount_max: string | null;
  used: string | null;
  excess: string | null;
  given_on: string | null;
  expires_on: string | null;
  ended_on: string | null;
  given_by: string | null;
  reason: string | null;
  status: 'active' | 'expired' | 'withdrawn' | 'void' | 'broken' | null;
};

export type ReleaseViewGet = {
  id?: string;
  account: string | null;
  partner: string | null;
  partner_name: string | null;
  owner: string | null;
  order: string | null;
  order_number: string | null;
  approval: string | null;
  decision_id: string | null;
  promise: string | null;
  currency: string | null;
  amount_max: string | null;
  used: string | null;
  excess: string | null;
  given_on: string | null;
  expires_on: string | null;
  ended_on: string | null;
  given_by: string | null;
  reason: string | null;
  status: 'active' | 'expired' | 'withdrawn' | 'void' | 'broken' | null;
  version: number;
};

export type ReleaseViewList = {
  items: ReleaseView[];
  next: string | null;
};

export type ReleaseWithdrawIn = {
  reason: string;
};

export type ReleaseWithdrawOut = {
  release: string | null;
  status: string | null;
  order_status: 'held' | 'approved' | 'shipped' | 'invoiced' | 'cancelled' | 'closed' | null;
};

export type ReplayOut = {
  same: boolean;
  outcome: string | null;
  rules: CreditRuleView[];
};

export type ReturnPostIn = {
  shipment: string;
  lines: LineAsk[];
  reason: string;
  returned_on?: string | null;
};

export type ReturnPostOut = {
  id?: string;
  number: string | null;
  status: string | null;
  currency: string | null;
  amount: string | null;
  moved: string | null;
  proposes: Proposal | null;
};

export type ReturnReverseIn = {
  reason: string;
};

export type ReturnReverseOut = {
  id?: string;
  number: string | null;
  status: string | null;
  decision_id: string | null;
};

export type ReturnView = {
  id?: string;
  number: string | null;
  account: string | null;
  partner: string | null;
  partner_name: string | null;
  owner: string | null;
  shipment: string | null;
  shipment_number: string | null;
  currency: string | null;
  amount: string | null;
  net: string | null;
  tax: string | null;
  gross: string | null;
  moved: string | null;
  proposed: string | null;
  reason: string | null;
  returned_on: string | null;
  booked_on: string | null;
  status: 'pending' | 'posted' | 'reversed' | 'rejected' | null;
  reversed_on: string | null;
  posted_by: string | null;
  lines: LinePartView[];
  proposes: Proposal | null;
};

export type ReturnViewGet = {
  id?: string;
  number: string | null;
  account: string | null;
  partner: string | null;
  partner_name: string | null;
  owner: string | null;
  shipment: string | null;
  shipment_number: string | null;
  currency: string | null;
  amount: string | null;
  net: string | null;
  tax: string | null;
  gross: string | null;
  moved: string | null;
  proposed: string | null;
  reason: string | null;
  returned_on: string | null;
  booked_on: string | null;
  status: 'pending' | 'posted' | 'reversed' | 'rejected' | null;
  reversed_on: string | null;
  posted_by: string | null;
  lines: LinePartView[];
  proposes: Proposal | null;
  version: number;
};

export type ReturnViewList = {
  items: ReturnView[];
  next: string | null;
};

export type ReverseOut = {
  id?: string;
  status: string | null;
  decision_id: string | null;
};

export type SearchHit = {
  id: string | null;
  kind: 'account' | 'partner' | 'contact' | 'product' | 'order' | 'invoice' | 'credit_note' | 'shipment' | 'return' | 'payment' | null;
  how: 'exact' | 'code' | 'name' | 'word' | 'pinyin' | 'initials' | 'field' | null;
  code: string | null;
  name: string | null;
  account: string | null;
  partner: string | null;
  status: string | null;
  currency: string | null;
  amount: string | null;
  on: string | null;
  field: string | null;
  value: string | null;
};

export type SearchOut = {
  items: SearchHit[];
};

export type Session = {
  name: string | null;
  role: string | null;
  permissions: string[];
  partner: string | null;
  territories: string[];
  ends_at: string | null;
  today: string | null;
  language: 'en' | 'zh' | null;
  numbers: 'comma' | 'point' | 'blank' | 'plain' | null;
  days: 'words' | 'iso' | null;
};

export type SessionCreateIn = {
  name: string;
  password: string;
};

export type SessionEndOut = {
  status: string | null;
};

export type ShipmentPostIn = {
  order: string;
  lines?: LineAsk[] | null;
  shipped_on?: string | null;
};

export type ShipmentPostOut = {
  id?: string;
  number: string | null;
  status: 'posted' | 'held' | null;
  currency: string | null;
  amount: string | null;
  shipped_on: string | null;
  order_status: string | null;
  decision: DecisionView | null;
};

export type ShipmentReverseIn = {
  reason: string;
};

export type ShipmentReverseOut = {
  id?: string;
  number: string | null;
  status: string | null;
  order_status: string | null;
  decision_id: string | null;
};

export type ShipmentView = {
  id?: string;
  number: string | null;
  account: string | null;
  partner: string | null;
  partner_name: string | null;
  owner: string | null;
  order: string | null;
  order_number: string | null;
  currency: string | null;
  amount: string | null;
  net: string | null;
  tax: string | null;
  gross: string | null;
  invoiced: string | null;
  returned: string | null;
  is_invoiced: boolean;
  shipped_on: string | null;
  booked_on: string | null;
  status: 'pending' | 'posted' | 'reversed' | 'rejected' | null;
  reversed_on: string | null;
  posted_by: string | null;
  release: string | null;
  decision_id: string | null;
  lines: LinePartView[];
  decision: DecisionView | null;
};

export type ShipmentViewGet = {
  id?: string;
  number: string | null;
  account: string | null;
  partner: string | null;
  partner_name: string | null;
  owner: string | null;
  order: string | null;
  order_number: string | null;
  currency: string | null;
  amount: string | null;
  net: string | null;
  tax: string | null;
  gross: string | null;
  invoiced: string | null;
  returned: string | null;
  is_invoiced: boolean;
  shipped_on: string | null;
  booked_on: string | null;
  status: 'pending' | 'posted' | 'reversed' | 'rejected' | null;
  reversed_on: string | null;
  posted_by: string | null;
  release: string | null;
  decision_id: string | null;
  lines: LinePartView[];
  decision: DecisionView | null;
  version: number;
};

export type ShipmentViewList = {
  items: ShipmentView[];
  next: string | null;
};

export type SightOut = {
  may_see: boolean;
  role: string | null;
  permission: string | null;
  partner: string | null;
  partner_name: string | null;
  territory: string | null;
  territories: string[];
  rules: SightRule[];
};

export type SightRule = {
  rule: 'active' | 'inactive' | 'permission' | 'no_permission' | 'own_partner' | 'other_partner' | 'all_territories' | 'no_partner' | 'no_territory' | 'own_territory' | 'other_territory' | null;
  lets: boolean;
};

export type StepView = {
  from: string | null;
  amount: string | null;
};

export type StreamItem = {
  id: string | null;
  kind: string | null;
  on: string | null;
  account: string | null;
  number: string | null;
  what: string | null;
  status: string | null;
  currency: string | null;
  amount: string | null;
  by: string | null;
  order: string | null;
  note: string | null;
};

export type StreamOut = {
  items: StreamItem[];
  next: string | null;
};

export type Territory = {
  id?: string;
  code: string;
  name: string;
  owner: string | null;
  version: number;
};

export type TerritoryChange = {
  code?: string | null;
  name?: string | null;
  owner?: string | null;
};

export type TerritoryCreate = {
  code: string;
  name: string;
  owner?: string | null;
};

export type TerritoryList = {
  items: Territory[];
  next: string | null;
};

export type Token = {
  id?: string;
  user: string | null;
  status: 'active' | 'revoked' | null;
  created_at: string | null;
  revoked_at: string | null;
};

export type TokenCreateIn = {
  user: string;
};

export type TokenGet = {
  id?: string;
  user: string | null;
  status: 'active' | 'revoked' | null;
  created_at: string | null;
  revoked_at: string | null;
  version: number;
};

export type TokenList = {
  items: Token[];
  next: string | null;
};

export type TokenReply = {
  id?: string;
  token: string | null;
};

export type TokenRevokeOut = {
  id?: string;
  status: string | null;
};

export type TrialChange = {
  decision: string | null;
  account: string | null;
  number: string | null;
  on: string | null;
  gate: 'order' | 'shipment' | 'both' | 'release' | null;
  before: 'pass' | 'warn' | 'hold' | 'refuse' | null;
  after: 'pass' | 'warn' | 'hold' | 'refuse' | null;
  currency: string | null;
  amount: string | null;
};

export type TrialGroup = {
  gate: 'order' | 'shipment' | 'both' | 'release' | null;
  before: 'pass' | 'warn' | 'hold' | 'refuse' | null;
  after: 'pass' | 'warn' | 'hold' | 'refuse' | null;
  currency: string | null;
  count: number;
  amount: string | null;
};

export type User = {
  id?: string;
  name: string | null;
  role: 'admin' | 'manager' | 'sales' | 'credit' | 'collections' | 'finance' | 'viewer' | 'partner' | null;
  partner: string | null;
  territories: string[];
  reports_to: string | null;
  is_active: boolean;
  has_password: boolean;
  created_on: string | null;
  version: number;
};

export type UserChangeIn = {
  role?: 'admin' | 'manager' | 'sales' | 'credit' | 'collections' | 'finance' | 'viewer' | 'partner' | null;
  password?: string | null;
  partner?: string | null;
  territories?: string[] | null;
  reports_to?: string | null;
  is_active?: boolean;
};

export type UserCreateIn = {
  name: string;
  role: 'admin' | 'manager' | 'sales' | 'credit' | 'collections' | 'finance' | 'viewer' | 'partner';
  password?: string | null;
  partner?: string | null;
  territories?: string[] | null;
  reports_to?: string | null;
};

export type UserList = {
  items: User[];
  next: string | null;
};

export type UserSignOutOut = {
  status: string | null;
};

export type VerdictView = {
  currency: string | null;
  status: string | null;
  received: string | null;
  on: string | null;
};

export type View = {
  id?: string;
  list: string;
  name: string;
  query: string;
  shared: boolean;
  pinned: boolean;
  owner: string | null;
  version: number;
};

export type ViewChange = {
  name?: string | null;
  query?: string | null;
  shared?: boolean;
  pinned?: boolean;
};

export type ViewCreate = {
  list: string;
  name: string;
  query: string;
  shared?: boolean;
  pinned?: boolean;
};

export type ViewList = {
  items: View[];
  next: string | null;
};

export type WorkItem = {
  what: string | null;
  id: string | null;
  number: string | null;
  account: string | null;
  partner: string | null;
  partner_name: string | null;
  for_whom: string | null;
  why: string | null;
  due: string | null;
  currency: string | null;
  amount: string | null;
  whole: string | null;
};

export type WorklistOut = {
  items: WorkItem[];
  next: string | null;
};

export type WriteOff = {
  id?: string;
  account: string | null;
  partner: string | null;
  partner_name: string | null;
  owner: string | null;
  invoice: string | null;
  invoice_number: string | null;
  currency: string | null;
  amount: string | null;
  standing: string | null;
  recovered: string | null;
  reason: string | null;
  posted_on: string | null;
  booked_on: string | null;
  status: 'pending' | 'posted' | 'reversed' | 'rejected' | null;
  reversed_on: string | null;
  approval: string | null;
  posted_by: string | null;
};

export type WriteOffGet = {
  id?: string;
  account: string | null;
  partner: string | null;
  partner_name: string | null;
  owner: string | null;
  invoice: string | null;
  invoice_number: string | null;
  currency: string | null;
  amount: string | null;
  standing: string | null;
  recovered: string | null;
  reason: string | null;
  posted_on: string | null;
  booked_on: string | null;
  status: 'pending' | 'posted' | 'reversed' | 'rejected' | null;
  reversed_on: string | null;
  approval: string | null;
  posted_by: string | null;
  version: number;
};

export type WriteOffList = {
  items: WriteOff[];
  next: string | null;
};

export type WriteOffPostIn = {
  account: string;
  amount: string | number;
  reason: string;
  invoice?: string | null;
};

export type WriteOffPostOut = {
  id?: string;
  status: string | null;
  currency: string | null;
  amount: string | null;
  approval: string | null;
  state: string | null;
};

export type WriteOffReverseIn = {
  reason: string;
};

export type WriteOffReverseOut = {
  id?: string;
  status: string | null;
  decision_id: string | null;
};

export type OrgGetInput = object;
export type OrgGetOutput = OrgOut;
/** The organisation's settings and the dates that bound its books. */
export const org_get: Operation<OrgGetInput, OrgGetOutput> = { name: 'org_get', method: 'GET', path: '/org' };

export type OrgChangeInput = OrgChangeIn;
export type OrgChangeOutput = OrgOut;
/** Change the organisation's settings. */
export const org_change: Operation<OrgChangeInput, OrgChangeOutput> = { name: 'org_change', method: 'PATCH', path: '/org' };

export type OrgHistoryInput = {
  limit?: number;
  cursor?: string;
};
export type OrgHistoryOutput = History;
export type OrgHistoryItem = OrgHistoryOutput['items'][number];
/** What was done to the organisation's settings, oldest first. */
export const org_history: Operation<OrgHistoryInput, OrgHistoryOutput> = { name: 'org_history', method: 'GET', path: '/org/history' };

export type UserListInput = {
  role?: 'admin' | 'manager' | 'sales' | 'credit' | 'collections' | 'finance' | 'viewer' | 'partner';
  partner?: string;
  reports_to?: string;
  is_active?: boolean;
  limit?: number;
  skip?: number;
  cursor?: string;
  sort?: string;
  filter?: string;
  from?: string;
  until?: string;
};
export type UserListOutput = UserList;
export type UserListItem = UserListOutput['items'][number];
/** List users, page by page. */
export const user_list: Operation<UserListInput, UserListOutput> = { name: 'user_list', method: 'GET', path: '/users' };

export type UserCreateInput = UserCreateIn;
export type UserCreateOutput = User;
/** Add a user. */
export const user_create: Operation<UserCreateInput, UserCreateOutput> = { name: 'user_create', method: 'POST', path: '/users' };

export type UserGetInput = {
  user: string;
};
export type UserGetOutput = User;
/** Read a user. */
export const user_get: Operation<UserGetInput, UserGetOutput> = { name: 'user_get', method: 'GET', path: '/users/{user}' };

export type UserChangeInput = {
  user: string;
} & UserChangeIn;
export type UserChangeOutput = User;
/** Change a user's role, sight, superior or password, or take the user out of use. */
export const user_change: Operation<UserChangeInput, UserChangeOutput> = { name: 'user_change', method: 'PATCH', path: '/users/{user}' };

export type UserHistoryInput = {
  user: string;
  limit?: number;
  cursor?: string;
};
export type UserHistoryOutput = History;
export type UserHistoryItem = UserHistoryOutput['items'][number];
/** What was done to a user, oldest first. */
export const user_history: Operation<UserHistoryInput, UserHistoryOutput> = { name: 'user_history', method: 'GET', path: '/users/{user}/history' };

export type UserSignOutInput = {
  user: string;
};
export type UserSignOutOutput = UserSignOutOut;
/** End all sessions of a user. */
export const user_sign_out: Operation<UserSignOutInput, UserSignOutOutput> = { name: 'user_sign_out', method: 'POST', path: '/users/{user}/sign-out' };

export type TokenListInput = {
  user?: string;
  status?: 'active' | 'revoked';
  limit?: number;
  skip?: number;
  cursor?: string;
  sort?: string;
  filter?: string;
};
export type TokenListOutput = TokenList;
export type TokenListItem = TokenListOutput['items'][number];
/** List tokens, page by page. */
export const token_list: Operation<TokenListInput, TokenListOutput> = { name: 'token_list', method: 'GET', path: '/tokens' };

export type TokenCreateInput = TokenCreateIn;
export type TokenCreateOutput = TokenReply;
/** Make a bearer token for a user; it is shown once. */
export const token_create: Operation<TokenCreateInput, TokenCreateOutput> = { name: 'token_create', method: 'POST', path: '/tokens' };

export type TokenGetInput = {
  token: string;
};
export type TokenGetOutput = TokenGet;
/** Read a bearer token. */
export const token_get: Operation<TokenGetInput, TokenGetOutput> = { name: 'token_get', method: 'GET', path: '/tokens/{token}' };

export type TokenHistoryInput = {
  token: string;
  limit?: number;
  cursor?: string;
};
export type TokenHistoryOutput = History;
export type TokenHistoryItem = TokenHistoryOutput['items'][number];
/** What was done to a bearer token, oldest first. */
export const token_history: Operation<TokenHistoryInput, TokenHistoryOutput> = { name: 'token_history', method: 'GET', path: '/tokens/{token}/history' };

export type TokenRevokeInput = {
  token: string;
};
export type TokenRevokeOutput = TokenRevokeOut;
/** Revoke a token; the next call with it is refused. */
export const token_revoke: Operation<TokenRevokeInput, TokenRevokeOutput> = { name: 'token_revoke', method: 'POST', path: '/tokens/{token}/revoke' };

export type SessionCreateInput = SessionCreateIn;
export type SessionCreateOutput = Session;
/** Sign in; over HTTP the session is a cookie. */
export const session_create: Operation<SessionCreateInput, SessionCreateOutput> = { name: 'session_create', method: 'POST', path: '/sessions' };

export type SessionCurrentInput = object;
export type SessionCurrentOutput = Session;
/** Who one is, and what one may do. */
export const session_current: Operation<SessionCurrentInput, SessionCurrentOutput> = { name: 'session_current', method: 'GET', path: '/sessions/current' };

export type SessionEndInput = object;
export type SessionEndOutput = SessionEndOut;
/** Sign out: the session ends at once. */
export const session_end: Operation<SessionEndInput, SessionEndOutput> = { name: 'session_end', method: 'DELETE', path: '/sessions/current' };

export type PasswordChangeInput = PasswordChangeIn;
export type PasswordChangeOutput = PasswordChangeOut;
/** Change one's own password; one's other sessions end. */
export const password_change: Operation<PasswordChangeInput, PasswordChangeOutput> = { name: 'password_change', method: 'PUT', path: '/sessions/current/password' };

export type PreferenceSetInput = PreferenceGiven;
export type PreferenceSetOutput = Preference;
/** Set one's own language and how numbers and days are written; what is absent goes by what is usual. */
export const preference_set: Operation<PreferenceSetInput, PreferenceSetOutput> = { name: 'preference_set', method: 'PUT', path: '/sessions/current/preferences' };

export type SightExplainInput = {
  user: string;
  kind: 'account' | 'partner' | 'contact' | 'product' | 'order' | 'shipment' | 'return' | 'invoice' | 'credit_note' | 'payment' | 'promise' | 'activity';
  record: string;
};
export type SightExplainOutput = SightOut;
/** Why a user sees a record, or does not: each rule that lets or denies. */
export const sight_explain: Operation<SightExplainInput, SightExplainOutput> = { name: 'sight_explain', method: 'GET', path: '/users/{user}/sight' };

export type AuditListInput = {
  by?: string;
  what?: string;
  account?: string;
  record?: string;
  from?: string;
  until?: string;
  limit?: number;
  cursor?: string;
};
export type AuditListOutput = AuditListOut;
export type AuditListItem = AuditListOutput['items'][number];
/** What was done, latest first. */
export const audit_list: Operation<AuditListInput, AuditListOutput> = { name: 'audit_list', method: 'GET', path: '/audit' };

export type ImportMappingListInput = {
  what?: string;
  header?: string;
};
export type ImportMappingListOutput = ImportMappingListOut;
export type ImportMappingListItem = ImportMappingListOutput['items'][number];
/** Mappings that are remembered, newest first. */
export const import_mapping_list: Operation<ImportMappingListInput, ImportMappingListOutput> = { name: 'import_mapping_list', method: 'GET', path: '/import-mappings' };

export type ImportMappingSetInput = ImportMappingGiven;
export type ImportMappingSetOutput = ImportMapping;
/** Remember how files of a kind with this header are mapped. */
export const import_mapping_set: Operation<ImportMappingSetInput, ImportMappingSetOutput> = { name: 'import_mapping_set', method: 'PUT', path: '/import-mappings' };

export type ImportRunListInput = {
  what?: string;
  by?: string;
  limit?: number;
  skip?: number;
  cursor?: string;
  sort?: string;
  filter?: string;
  from?: string;
  until?: string;
};
export type ImportRunListOutput = ImportRunList;
export type ImportRunListItem = ImportRunListOutput['items'][number];
/** List import runs, page by page. */
export const import_run_list: Operation<ImportRunListInput, ImportRunListOutput> = { name: 'import_run_list', method: 'GET', path: '/import-runs' };

export type ImportRunGetInput = {
  import_run: string;
};
export type ImportRunGetOutput = ImportRun;
/** Read an import that stored something. */
export const import_run_get: Operation<ImportRunGetInput, ImportRunGetOutput> = { name: 'import_run_get', method: 'GET', path: '/import-runs/{import_run}' };

export type ImportRunHistoryInput = {
  import_run: string;
  limit?: number;
  cursor?: string;
};
export type ImportRunHistoryOutput = History;
export type ImportRunHistoryItem = ImportRunHistoryOutput['items'][number];
/** What was done to an import that stored something, oldest first. */
export const import_run_history: Operation<ImportRunHistoryInput, ImportRunHistoryOutput> = { name: 'import_run_history', method: 'GET', path: '/import-runs/{import_run}/history' };

export type ImportRunRowsInput = {
  import_run: string;
  limit?: number;
  cursor?: string;
};
export type ImportRunRowsOutput = ImportRowsOut;
export type ImportRunRowsItem = ImportRunRowsOutput['items'][number];
/** What an import made, latest first, and what of it was taken back. */
export const import_run_rows: Operation<ImportRunRowsInput, ImportRunRowsOutput> = { name: 'import_run_rows', method: 'GET', path: '/import-runs/{import_run}/rows' };

export type PartnerListInput = {
  territory?: string;
  owner?: string;
  tier?: string;
  limit?: number;
  skip?: number;
  cursor?: string;
  sort?: string;
  filter?: string;
  from?: string;
  until?: string;
};
export type PartnerListOutput = PartnerList;
export type PartnerListItem = PartnerListOutput['items'][number];
/** List partners, page by page. */
export const partner_list: Operation<PartnerListInput, PartnerListOutput> = { name: 'partner_list', method: 'GET', path: '/partners' };

export type PartnerCreateInput = PartnerCreate;
export type PartnerCreateOutput = Partner;
/** Create a partner: whoever we deal with. */
export const partner_create: Operation<PartnerCreateInput, PartnerCreateOutput> = { name: 'partner_create', method: 'POST', path: '/partners' };

export type PartnerGetInput = {
  partner: string;
};
export type PartnerGetOutput = Partner;
/** Read a partner: whoever we deal with. */
export const partner_get: Operation<PartnerGetInput, PartnerGetOutput> = { name: 'partner_get', method: 'GET', path: '/partners/{partner}' };

export type PartnerChangeInput = {
  partner: string;
} & PartnerChange;
export type PartnerChangeOutput = Partner;
/** Change a partner: whoever we deal with; members left out stay, null clears. */
export const partner_change: Operation<PartnerChangeInput, PartnerChangeOutput> = { name: 'partner_change', method: 'PATCH', path: '/partners/{partner}' };

export type PartnerRemoveInput = {
  partner: string;
};
export type PartnerRemoveOutput = Partner;
/** Remove a partner: whoever we deal with to which nothing refers; answers what it was. */
export const partner_remove: Operation<PartnerRemoveInput, PartnerRemoveOutput> = { name: 'partner_remove', method: 'DELETE', path: '/partners/{partner}' };

export type PartnerHistoryInput = {
  partner: string;
  limit?: number;
  cursor?: string;
};
export type PartnerHistoryOutput = History;
export type PartnerHistoryItem = PartnerHistoryOutput['items'][number];
/** What was done to a partner: whoever we deal with, oldest first. */
export const partner_history: Operation<PartnerHistoryInput, PartnerHistoryOutput> = { name: 'partner_history', method: 'GET', path: '/partners/{partner}/history' };

export type ContactListInput = {
  partner?: string;
  name?: string;
  email?: string;
  limit?: number;
  skip?: number;
  cursor?: string;
  sort?: string;
  filter?: string;
};
export type ContactListOutput = ContactList;
export type ContactListItem = ContactListOutput['items'][number];
/** List contacts, page by page. */
export const contact_list: Operation<ContactListInput, ContactListOutput> = { name: 'contact_list', method: 'GET', path: '/contacts' };

export type ContactCreateInput = ContactCreate;
export type ContactCreateOutput = Contact;
/** Create a person at a partner. */
export const contact_create: Operation<ContactCreateInput, ContactCreateOutput> = { name: 'contact_create', method: 'POST', path: '/contacts' };

export type ContactGetInput = {
  contact: string;
};
export type ContactGetOutput = Contact;
/** Read a person at a partner. */
export const contact_get: Operation<ContactGetInput, ContactGetOutput> = { name: 'contact_get', method: 'GET', path: '/contacts/{contact}' };

export type ContactChangeInput = {
  contact: string;
} & ContactChange;
export type ContactChangeOutput = Contact;
/** Change a person at a partner; members left out stay, null clears. */
export const contact_change: Operation<ContactChangeInput, ContactChangeOutput> = { name: 'contact_change', method: 'PATCH', path: '/contacts/{contact}' };

export type ContactRemoveInput = {
  contact: string;
};
export type ContactRemoveOutput = Contact;
/** Remove a person at a partner to which nothing refers; answers what it was. */
export const contact_remove: Operation<ContactRemoveInput, ContactRemoveOutput> = { name: 'contact_remove', method: 'DELETE', path: '/contacts/{contact}' };

export type ContactHistoryInput = {
  contact: string;
  limit?: number;
  cursor?: string;
};
export type ContactHistoryOutput = History;
export type ContactHistoryItem = ContactHistoryOutput['items'][number];
/** What was done to a person at a partner, oldest first. */
export const contact_history: Operation<ContactHistoryInput, ContactHistoryOutput> = { name: 'contact_history', method: 'GET', path: '/contacts/{contact}/history' };

export type RelationListInput = {
  partner?: string;
  other?: string;
  kind?: 'supplies' | 'distributes_for' | 'serves' | 'consumes_from' | 'owns' | 'guarantees' | 'family_of' | 'competes_with';
  limit?: number;
  skip?: number;
  cursor?: string;
  sort?: string;
  filter?: string;
  from?: string;
  until?: string;
};
export type RelationListOutput = RelationList;
export type RelationListItem = RelationListOutput['items'][number];
/** List relations, page by page. */
export const relation_list: Operation<RelationListInput, RelationListOutput> = { name: 'relation_list', method: 'GET', path: '/relations' };

export type RelationCreateInput = RelationCreate;
export type RelationCreateOutput = Relation;
/** Create a relation between two partners. */
export const relation_create: Operation<RelationCreateInput, RelationCreateOutput> = { name: 'relation_create', method: 'POST', path: '/relations' };

export type RelationGetInput = {
  relation: string;
};
export type RelationGetOutput = Relation;
/** Read a relation between two partners. */
export const relation_get: Operation<RelationGetInput, RelationGetOutput> = { name: 'relation_get', method: 'GET', path: '/relations/{relation}' };

export type RelationChangeInput = {
  relation: string;
} & RelationChange;
export type RelationChangeOutput = Relation;
/** Change a relation between two partners; members left out stay, null clears. */
export const relation_change: Operation<RelationChangeInput, RelationChangeOutput> = { name: 'relation_change', method: 'PATCH', path: '/relations/{relation}' };

export type RelationRemoveInput = {
  relation: string;
};
export type RelationRemoveOutput = Relation;
/** Remove a relation between two partners to which nothing refers; answers what it was. */
export const relation_remove: Operation<RelationRemoveInput, RelationRemoveOutput> = { name: 'relation_remove', method: 'DELETE', path: '/relations/{relation}' };

export type RelationHistoryInput = {
  relation: string;
  limit?: number;
  cursor?: string;
};
export type RelationHistoryOutput = History;
export type RelationHistoryItem = RelationHistoryOutput['items'][number];
/** What was done to a relation between two partners, oldest first. */
export const relation_history: Operation<RelationHistoryInput, RelationHistoryOutput> = { name: 'relation_history', method: 'GET', path: '/relations/{relation}/history' };

export type ProductListInput = {
  limit?: number;
  skip?: number;
  cursor?: string;
  sort?: string;
  filter?: string;
};
export type ProductListOutput = ProductList;
export type ProductListItem = ProductListOutput['items'][number];
/** List products, page by page. */
export const product_list: Operation<ProductListInput, ProductListOutput> = { name: 'product_list', method: 'GET', path: '/products' };

export type ProductCreateInput = ProductCreate;
export type ProductCreateOutput = Product;
/** Create a product. */
export const product_create: Operation<ProductCreateInput, ProductCreateOutput> = { name: 'product_create', method: 'POST', path: '/products' };

export type ProductGetInput = {
  product: string;
};
export type ProductGetOutput = Product;
/** Read a product. */
export const product_get: Operation<ProductGetInput, ProductGetOutput> = { name: 'product_get', method: 'GET', path: '/products/{product}' };

export type ProductChangeInput = {
  product: string;
} & ProductChange;
export type ProductChangeOutput = Product;
/** Change a product; members left out stay, null clears. */
export const product_change: Operation<ProductChangeInput, ProductChangeOutput> = { name: 'product_change', method: 'PATCH', path: '/products/{product}' };

export type ProductRemoveInput = {
  product: string;
};
export type ProductRemoveOutput = Product;
/** Remove a product to which nothing refers; answers what it was. */
export const product_remove: Operation<ProductRemoveInput, ProductRemoveOutput> = { name: 'product_remove', method: 'DELETE', path: '/products/{product}' };

export type ProductHistoryInput = {
  product: string;
  limit?: number;
  cursor?: string;
};
export type ProductHistoryOutput = History;
export type ProductHistoryItem = ProductHistoryOutput['items'][number];
/** What was done to a product, oldest first. */
export const product_history: Operation<ProductHistoryInput, ProductHistoryOutput> = { name: 'product_history', method: 'GET', path: '/products/{product}/history' };

export type CustomFieldListInput = {
  record?: 'partner' | 'account' | 'contact' | 'product' | 'order' | 'activity';
  code?: string;
  kind?: 'text' | 'decimal' | 'integer' | 'date' | 'yes_no' | 'choice' | 'money';
  required?: boolean;
  retired?: boolean;
  limit?: number;
  skip?: number;
  cursor?: string;
  sort?: string;
  filter?: string;
};
export type CustomFieldListOutput = CustomFieldList;
export type CustomFieldListItem = CustomFieldListOutput['items'][number];
/** List custom fields, page by page. */
export const custom_field_list: Operation<CustomFieldListInput, CustomFieldListOutput> = { name: 'custom_field_list', method: 'GET', path: '/custom-fields' };

export type CustomFieldCreateInput = CustomFieldCreate;
export type CustomFieldCreateOutput = CustomField;
/** Create a field that the organisation added to a record. */
export const custom_field_create: Operation<CustomFieldCreateInput, CustomFieldCreateOutput> = { name: 'custom_field_create', method: 'POST', path: '/custom-fields' };

export type CustomFieldGetInput = {
  custom_field: string;
};
export type CustomFieldGetOutput = CustomField;
/** Read a field that the organisation added to a record. */
export const custom_field_get: Operation<CustomFieldGetInput, CustomFieldGetOutput> = { name: 'custom_field_get', method: 'GET', path: '/custom-fields/{custom_field}' };

export type CustomFieldChangeInput = {
  custom_field: string;
} & CustomFieldChange;
export type CustomFieldChangeOutput = CustomField;
/** Change a field that the organisation added to a record; members left out stay, null clears. */
export const custom_field_change: Operation<CustomFieldChangeInput, CustomFieldChangeOutput> = { name: 'custom_field_change', method: 'PATCH', path: '/custom-fields/{custom_field}' };

export type CustomFieldHistoryInput = {
  custom_field: string;
  limit?: number;
  cursor?: string;
};
export type CustomFieldHistoryOutput = History;
export type CustomFieldHistoryItem = CustomFieldHistoryOutput['items'][number];
/** What was done to a field that the organisation added to a record, oldest first. */
export const custom_field_history: Operation<CustomFieldHistoryInput, CustomFieldHistoryOutput> = { name: 'custom_field_history', method: 'GET', path: '/custom-fields/{custom_field}/history' };

export type TerritoryListInput = {
  owner?: string;
  limit?: number;
  skip?: number;
  cursor?: string;
  sort?: string;
  filter?: string;
};
export type TerritoryListOutput = TerritoryList;
export type TerritoryListItem = TerritoryListOutput['items'][number];
/** List territories, page by page. */
export const territory_list: Operation<TerritoryListInput, TerritoryListOutput> = { name: 'territory_list', method: 'GET', path: '/territories' };

export type TerritoryCreateInput = TerritoryCreate;
export type TerritoryCreateOutput = Territory;
/** Create a sales territory. */
export const territory_create: Operation<TerritoryCreateInput, TerritoryCreateOutput> = { name: 'territory_create', method: 'POST', path: '/territories' };

export type TerritoryGetInput = {
  territory: string;
};
export type TerritoryGetOutput = Territory;
/** Read a sales territory. */
export const territory_get: Operation<TerritoryGetInput, TerritoryGetOutput> = { name: 'territory_get', method: 'GET', path: '/territories/{territory}' };

export type TerritoryChangeInput = {
  territory: string;
} & TerritoryChange;
export type TerritoryChangeOutput = Territory;
/** Change a sales territory; members left out stay, null clears. */
export const territory_change: Operation<TerritoryChangeInput, TerritoryChangeOutput> = { name: 'territory_change', method: 'PATCH', path: '/territories/{territory}' };

export type TerritoryRemoveInput = {
  territory: string;
};
export type TerritoryRemoveOutput = Territory;
/** Remove a sales territory to which nothing refers; answers what it was. */
export const territory_remove: Operation<TerritoryRemoveInput, TerritoryRemoveOutput> = { name: 'territory_remove', method: 'DELETE', path: '/territories/{territory}' };

export type TerritoryHistoryInput = {
  territory: string;
  limit?: number;
  cursor?: string;
};
export type TerritoryHistoryOutput = History;
export type TerritoryHistoryItem = TerritoryHistoryOutput['items'][number];
/** What was done to a sales territory, oldest first. */
export const territory_history: Operation<TerritoryHistoryInput, TerritoryHistoryOutput> = { name: 'territory_history', method: 'GET', path: '/territories/{territory}/history' };

export type PeriodListInput = {
  action?: 'close' | 'reopen';
  status?: 'in_force' | 'pending' | 'rejected' | 'replaced';
  done_by?: string;
  limit?: number;
  skip?: number;
  cursor?: string;
  sort?: string;
  filter?: string;
  from?: string;
  until?: string;
};
export type PeriodListOutput = PeriodViewList;
export type PeriodListItem = PeriodListOutput['items'][number];
/** List periods, page by page. */
export const period_list: Operation<PeriodListInput, PeriodListOutput> = { name: 'period_list', method: 'GET', path: '/periods' };

export type PeriodCloseInput = PeriodCloseIn;
export type PeriodCloseOutput = PeriodOut;
/** Close the books up to a day: no document bears that date or an earlier one. */
export const period_close: Operation<PeriodCloseInput, PeriodCloseOutput> = { name: 'period_close', method: 'POST', path: '/periods/close' };

export type PeriodReopenInput = PeriodReopenIn;
export type PeriodReopenOutput = PeriodOut;
/** Ask to reopen the books after a day; somebody else approves. */
export const period_reopen: Operation<PeriodReopenInput, PeriodReopenOutput> = { name: 'period_reopen', method: 'POST', path: '/periods/reopen' };

export type ApprovalListInput = {
  what?: string;
  account?: string;
  partner?: string;
  owner?: string;
  order?: string;
  requested_by?: string;
  status?: 'pending' | 'approved' | 'rejected' | 'void' | 'lapsed';
  limit?: number;
  skip?: number;
  cursor?: string;
  sort?: string;
  filter?: string;
  from?: string;
  until?: string;
};
export type ApprovalListOutput = ApprovalViewList;
export type ApprovalListItem = ApprovalListOutput['items'][number];
/** List approvals, page by page. */
export const approval_list: Operation<ApprovalListInput, ApprovalListOutput> = { name: 'approval_list', method: 'GET', path: '/approvals' };

export type ApprovalGetInput = {
  approval: string;
};
export type ApprovalGetOutput = ApprovalViewGet;
/** Read a request for a second person's consent. */
export const approval_get: Operation<ApprovalGetInput, ApprovalGetOutput> = { name: 'approval_get', method: 'GET', path: '/approvals/{approval}' };

export type ApprovalHistoryInput = {
  approval: string;
  limit?: number;
  cursor?: string;
};
export type ApprovalHistoryOutput = History;
export type ApprovalHistoryItem = ApprovalHistoryOutput['items'][number];
/** What was done to a request for a second person's consent, oldest first. */
export const approval_history: Operation<ApprovalHistoryInput, ApprovalHistoryOutput> = { name: 'approval_history', method: 'GET', path: '/approvals/{approval}/history' };

export type ApprovalApproveInput = {
  approval: string;
} & ApprovalIn;
export type ApprovalApproveOutput = ApprovalOut;
/** Consent to a request; the last consent carries it out. */
export const approval_approve: Operation<ApprovalApproveInput, ApprovalApproveOutput> = { name: 'approval_approve', method: 'POST', path: '/approvals/{approval}/approve' };

export type ApprovalRejectInput = {
  approval: string;
} & ApprovalIn;
export type ApprovalRejectOutput = ApprovalOut;
/** Reject a request, or take one's own back; what waited for it does not take effect. */
export const approval_reject: Operation<ApprovalRejectInput, ApprovalRejectOutput> = { name: 'approval_reject', method: 'POST', path: '/approvals/{approval}/reject' };

export type RateListInput = {
  currency?: string;
  set_by?: string;
  limit?: number;
  skip?: number;
  cursor?: string;
  sort?: string;
  filter?: string;
  from?: string;
  until?: string;
};
export type RateListOutput = RateViewList;
export type RateListItem = RateListOutput['items'][number];
/** List rates, page by page. */
export const rate_list: Operation<RateListInput, RateListOutput> = { name: 'rate_list', method: 'GET', path: '/rates' };

export type RateSetInput = RateSetIn;
export type RateSetOutput = RateSetOut;
/** Set the exchange rate of a currency from a day on. */
export const rate_set: Operation<RateSetInput, RateSetOutput> = { name: 'rate_set', method: 'POST', path: '/rates' };

export type RateGetInput = {
  rate: string;
};
export type RateGetOutput = RateViewGet;
/** Read an exchange rate. */
export const rate_get: Operation<RateGetInput, RateGetOutput> = { name: 'rate_get', method: 'GET', path: '/rates/{rate}' };

export type RateHistoryInput = {
  rate: string;
  limit?: number;
  cursor?: string;
};
export type RateHistoryOutput = History;
export type RateHistoryItem = RateHistoryOutput['items'][number];
/** What was done to an exchange rate, oldest first. */
export const rate_history: Operation<RateHistoryInput, RateHistoryOutput> = { name: 'rate_history', method: 'GET', path: '/rates/{rate}/history' };

export type AccountListInput = {
  partner?: string;
  owner?: string;
  currency?: string;
  parent?: string;
  state?: 'normal' | 'watch' | 'prepay' | 'pay_down' | 'stop';
  status?: 'in_force' | 'pending';
  limit?: number;
  skip?: number;
  cursor?: string;
  sort?: string;
  filter?: string;
  from?: string;
  until?: string;
};
export type AccountListOutput = AccountViewList;
export type AccountListItem = AccountListOutput['items'][number];
/** List accounts, page by page. */
export const account_list: Operation<AccountListInput, AccountListOutput> = { name: 'account_list', method: 'GET', path: '/accounts' };

export type AccountCreateInput = AccountCreateIn;
export type AccountCreateOutput = AccountReply;
/** Open a trading account of a partner. */
export const account_create: Operation<AccountCreateInput, AccountCreateOutput> = { name: 'account_create', method: 'POST', path: '/accounts' };

export type AccountGetInput = {
  account: string;
};
export type AccountGetOutput = AccountView;
/** Read a trading account. */
export const account_get: Operation<AccountGetInput, AccountGetOutput> = { name: 'account_get', method: 'GET', path: '/accounts/{account}' };

export type AccountChangeInput = {
  account: string;
} & AccountChangeIn;
export type AccountChangeOutput = AccountReply;
/** Change an account's terms or parent; what loosens waits for approval. */
export const account_change: Operation<AccountChangeInput, AccountChangeOutput> = { name: 'account_change', method: 'PATCH', path: '/accounts/{account}' };

export type AccountRemoveInput = {
  account: string;
};
export type AccountRemoveOutput = AccountRemoveOut;
/** Remove an account in which nothing was done and to which nothing refers. */
export const account_remove: Operation<AccountRemoveInput, AccountRemoveOutput> = { name: 'account_remove', method: 'DELETE', path: '/accounts/{account}' };

export type AccountStateSetInput = {
  account: string;
} & AccountStateIn;
export type AccountStateSetOutput = AccountStateOut;
/** Set an account's state; a graver one is in force at once, a lighter one waits for approval. */
export const account_state_set: Operation<AccountStateSetInput, AccountStateSetOutput> = { name: 'account_state_set', method: 'POST', path: '/accounts/{account}/state' };

export type AccountHistoryInput = {
  account: string;
  limit?: number;
  cursor?: string;
};
export type AccountHistoryOutput = History;
export type AccountHistoryItem = AccountHistoryOutput['items'][number];
/** What was done to a trading account, oldest first. */
export const account_history: Operation<AccountHistoryInput, AccountHistoryOutput> = { name: 'account_history', method: 'GET', path: '/accounts/{account}/history' };

export type EntryListInput = {
  account: string;
  event?: string;
  document_kind?: string;
  order?: string;
  limit?: number;
  skip?: number;
  cursor?: string;
  sort?: string;
  filter?: string;
  from?: string;
  until?: string;
};
export type EntryListOutput = EntryList;
export type EntryListItem = EntryListOutput['items'][number];
/** List entries, page by page. */
export const entry_list: Operation<EntryListInput, EntryListOutput> = { name: 'entry_list', method: 'GET', path: '/accounts/{account}/entries' };

export type EntryGetInput = {
  entry: string;
};
export type EntryGetOutput = Entry;
/** Read an entry of an account's ledger. */
export const entry_get: Operation<EntryGetInput, EntryGetOutput> = { name: 'entry_get', method: 'GET', path: '/entries/{entry}' };

export type PolicyGetInput = object;
export type PolicyGetOutput = Policy;
/** The credit policy in force. */
export const policy_get: Operation<PolicyGetInput, PolicyGetOutput> = { name: 'policy_get', method: 'GET', path: '/policy' };

export type PolicySetInput = PolicyGiven;
export type PolicySetOutput = PolicySetOut;
/** Propose a whole new credit policy; a second person puts it in force. */
export const policy_set: Operation<PolicySetInput, PolicySetOutput> = { name: 'policy_set', method: 'PUT', path: '/policy' };

export type PolicyHistoryInput = {
  limit?: number;
  cursor?: string;
};
export type PolicyHistoryOutput = PolicyHistory;
export type PolicyHistoryItem = PolicyHistoryOutput['items'][number];
/** All versions of the credit policy, oldest first, whole. */
export const policy_history: Operation<PolicyHistoryInput, PolicyHistoryOutput> = { name: 'policy_history', method: 'GET', path: '/policy/history' };

export type LimitListInput = {
  account?: string;
  partner?: string;
  owner?: string;
  kind?: 'base' | 'seasonal' | 'insured' | 'guaranteed';
  status?: 'in_force' | 'pending' | 'rejected' | 'replaced';
  set_by?: string;
  limit?: number;
  skip?: number;
  cursor?: string;
  sort?: string;
  filter?: string;
  from?: string;
  until?: string;
};
export type LimitListOutput = LimitList;
export type LimitListItem = LimitListOutput['items'][number];
/** List limits, page by page. */
export const limit_list: Operation<LimitListInput, LimitListOutput> = { name: 'limit_list', method: 'GET', path: '/limits' };

export type LimitSetInput = LimitSetIn;
export type LimitSetOutput = LimitSetOut;
/** Set a credit limit, or ask for a higher one. */
export const limit_set: Operation<LimitSetInput, LimitSetOutput> = { name: 'limit_set', method: 'POST', path: '/limits' };

export type LimitGetInput = {
  limit: string;
};
export type LimitGetOutput = LimitGet;
/** Read a dated credit limit. */
export const limit_get: Operation<LimitGetInput, LimitGetOutput> = { name: 'limit_get', method: 'GET', path: '/limits/{limit}' };

export type LimitHistoryInput = {
  limit: string;
  cursor?: string;
};
export type LimitHistoryOutput = History;
export type LimitHistoryItem = LimitHistoryOutput['items'][number];
/** What was done to a dated credit limit, oldest first. */
export const limit_history: Operation<LimitHistoryInput, LimitHistoryOutput> = { name: 'limit_history', method: 'GET', path: '/limits/{limit}/history' };

export type DecisionListInput = {
  account?: string;
  partner?: string;
  owner?: string;
  gate?: 'order' | 'shipment' | 'both' | 'release';
  outcome?: 'pass' | 'warn' | 'hold' | 'refuse';
  order?: string;
  limit?: number;
  skip?: number;
  cursor?: string;
  sort?: string;
  filter?: string;
  from?: string;
  until?: string;
};
export type DecisionListOutput = DecisionRecordList;
export type DecisionListItem = DecisionListOutput['items'][number];
/** List decisions, page by page. */
export const decision_list: Operation<DecisionListInput, DecisionListOutput> = { name: 'decision_list', method: 'GET', path: '/decisions' };

export type DecisionHistoryInput = {
  decision: string;
  limit?: number;
  cursor?: string;
};
export type DecisionHistoryOutput = History;
export type DecisionHistoryItem = DecisionHistoryOutput['items'][number];
/** What was done to a credit decision, oldest first. */
export const decision_history: Operation<DecisionHistoryInput, DecisionHistoryOutput> = { name: 'decision_history', method: 'GET', path: '/decisions/{decision}/history' };

export type DecisionGetInput = {
  decision: string;
};
export type DecisionGetOutput = DecisionOut;
/** A credit decision with every rule, its value and threshold, and what it was given. */
export const decision_get: Operation<DecisionGetInput, DecisionGetOutput> = { name: 'decision_get', method: 'GET', path: '/decisions/{decision}' };

export type DecisionReplayInput = {
  decision: string;
};
export type DecisionReplayOutput = ReplayOut;
/** Judge a stored decision again from what it stored. */
export const decision_replay: Operation<DecisionReplayInput, DecisionReplayOutput> = { name: 'decision_replay', method: 'POST', path: '/decisions/{decision}/replay' };

export type PolicyTrialInput = PolicyTrialIn;
export type PolicyTrialOutput = PolicyTrialOut;
/** Judge the decisions of the last days again by a draft of the policy. */
export const policy_trial: Operation<PolicyTrialInput, PolicyTrialOutput> = { name: 'policy_trial', method: 'POST', path: '/policy/trial' };

export type ExposureGetInput = {
  account: string;
};
export type ExposureGetOutput = ExposureOut;
/** What an account owes, has on order and may still order. */
export const exposure_get: Operation<ExposureGetInput, ExposureGetOutput> = { name: 'exposure_get', method: 'GET', path: '/accounts/{account}/exposure' };

export type OrderListInput = {
  number?: string;
  account?: string;
  partner?: string;
  owner?: string;
  status?: 'held' | 'approved' | 'shipped' | 'invoiced' | 'cancelled' | 'closed';
  placed_by?: string;
  changed_by?: string;
  limit?: number;
  skip?: number;
  cursor?: string;
  sort?: string;
  filter?: string;
  from?: string;
  until?: string;
};
export type OrderListOutput = OrderViewList;
export type OrderListItem = OrderListOutput['items'][number];
/** List orders, page by page. */
export const order_list: Operation<OrderListInput, OrderListOutput> = { name: 'order_list', method: 'GET', path: '/orders' };

export type OrderPlaceInput = OrderPlaceIn;
export type OrderPlaceOutput = OrderReply;
/** Book an order; it is judged as it is booked, and held when a rule holds it. */
export const order_place: Operation<OrderPlaceInput, OrderPlaceOutput> = { name: 'order_place', method: 'POST', path: '/orders' };

export type OrderPreviewInput = OrderPlaceIn;
export type OrderPreviewOutput = PreviewOut;
/** What would be decided about an order; nothing is stored. */
export const order_preview: Operation<OrderPreviewInput, OrderPreviewOutput> = { name: 'order_preview', method: 'POST', path: '/orders/preview' };

export type OrderGetInput = {
  order: string;
};
export type OrderGetOutput = OrderViewGet;
/** Read an order. */
export const order_get: Operation<OrderGetInput, OrderGetOutput> = { name: 'order_get', method: 'GET', path: '/orders/{order}' };

export type OrderChangeInput = {
  order: string;
} & OrderChangeIn;
export type OrderChangeOutput = OrderReply;
/** Change an order; one that grows or is wanted earlier is judged again, with the old one taken out. */
export const order_change: Operation<OrderChangeInput, OrderChangeOutput> = { name: 'order_change', method: 'PATCH', path: '/orders/{order}' };

export type OrderHistoryInput = {
  order: string;
  limit?: number;
  cursor?: string;
};
export type OrderHistoryOutput = History;
export type OrderHistoryItem = OrderHistoryOutput['items'][number];
/** What was done to an order, oldest first. */
export const order_history: Operation<OrderHistoryInput, OrderHistoryOutput> = { name: 'order_history', method: 'GET', path: '/orders/{order}/history' };

export type OrderRecheckInput = {
  order: string;
};
export type OrderRecheckOutput = OrderReply;
/** Judge a held order again; it is approved when no rule holds any more. */
export const order_recheck: Operation<OrderRecheckInput, OrderRecheckOutput> = { name: 'order_recheck', method: 'POST', path: '/orders/{order}/recheck' };

export type OrderRefuseInput = {
  order: string;
} & OrderReasonIn;
export type OrderRefuseOutput = OrderReply;
/** Refuse a held order: it ends, what has shipped stays. */
export const order_refuse: Operation<OrderRefuseInput, OrderRefuseOutput> = { name: 'order_refuse', method: 'POST', path: '/orders/{order}/refuse' };

export type OrderCancelInput = {
  order: string;
} & OrderReasonIn;
export type OrderCancelOutput = OrderReply;
/** Cancel an order; after a shipment this closes the rest. */
export const order_cancel: Operation<OrderCancelInput, OrderCancelOutput> = { name: 'order_cancel', method: 'POST', path: '/orders/{order}/cancel' };

export type OrderCloseInput = {
  order: string;
} & OrderReasonIn;
export type OrderCloseOutput = OrderReply;
/** Close an order: the rest will not be delivered. */
export const order_close: Operation<OrderCloseInput, OrderCloseOutput> = { name: 'order_close', method: 'POST', path: '/orders/{order}/close' };

export type OrderReopenInput = {
  order: string;
} & OrderReasonIn;
export type OrderReopenOutput = OrderReply;
/** Reopen an ended order; its rest passes the order gate again. */
export const order_reopen: Operation<OrderReopenInput, OrderReopenOutput> = { name: 'order_reopen', method: 'POST', path: '/orders/{order}/reopen' };

export type InvoiceListInput = {
  number?: string;
  account?: string;
  partner?: string;
  owner?: string;
  order?: string;
  is_overdue?: boolean;
  status?: 'open' | 'settled' | 'reversed';
  posted_by?: string;
  limit?: number;
  skip?: number;
  cursor?: string;
  sort?: string;
  filter?: string;
  from?: string;
  until?: string;
};
export type InvoiceListOutput = InvoiceViewList;
export type InvoiceListItem = InvoiceListOutput['items'][number];
/** List invoices, page by page. */
export const invoice_list: Operation<InvoiceListInput, InvoiceListOutput> = { name: 'invoice_list', method: 'GET', path: '/invoices' };

export type InvoicePostInput = InvoicePostIn;
export type InvoicePostOutput = InvoicePostOut;
/** Write an invoice; the account's advances pay it, oldest first. */
export const invoice_post: Operation<InvoicePostInput, InvoicePostOutput> = { name: 'invoice_post', method: 'POST', path: '/invoices' };

export type InvoiceGetInput = {
  invoice: string;
};
export type InvoiceGetOutput = InvoiceViewGet;
/** Read an invoice. */
export const invoice_get: Operation<InvoiceGetInput, InvoiceGetOutput> = { name: 'invoice_get', method: 'GET', path: '/invoices/{invoice}' };

export type InvoiceHistoryInput = {
  invoice: string;
  limit?: number;
  cursor?: string;
};
export type InvoiceHistoryOutput = History;
export type InvoiceHistoryItem = InvoiceHistoryOutput['items'][number];
/** What was done to an invoice, oldest first. */
export const invoice_history: Operation<InvoiceHistoryInput, InvoiceHistoryOutput> = { name: 'invoice_history', method: 'GET', path: '/invoices/{invoice}/history' };

export type InvoiceReverseInput = {
  invoice: string;
} & InvoiceReverseIn;
export type InvoiceReverseOutput = InvoiceReverseOut;
/** Take an invoice back; what was paid or credited on it becomes an advance, and nothing of it is written off any more. */
export const invoice_reverse: Operation<InvoiceReverseInput, InvoiceReverseOutput> = { name: 'invoice_reverse', method: 'POST', path: '/invoices/{invoice}/reverse' };

export type ShipmentListInput = {
  number?: string;
  account?: string;
  partner?: string;
  owner?: string;
  order?: string;
  is_invoiced?: boolean;
  status?: 'pending' | 'posted' | 'reversed' | 'rejected';
  posted_by?: string;
  limit?: number;
  skip?: number;
  cursor?: string;
  sort?: string;
  filter?: string;
  from?: string;
  until?: string;
};
export type ShipmentListOutput = ShipmentViewList;
export type ShipmentListItem = ShipmentListOutput['items'][number];
/** List shipments, page by page. */
export const shipment_list: Operation<ShipmentListInput, ShipmentListOutput> = { name: 'shipment_list', method: 'GET', path: '/shipments' };

export type ShipmentPostInput = ShipmentPostIn;
export type ShipmentPostOutput = ShipmentPostOut;
/** Ship goods of an order; judged on the figures after it, and held when a rule stops it or the order is held. */
export const shipment_post: Operation<ShipmentPostInput, ShipmentPostOutput> = { name: 'shipment_post', method: 'POST', path: '/shipments' };

export type ShipmentGetInput = {
  shipment: string;
};
export type ShipmentGetOutput = ShipmentViewGet;
/** Read a shipment. */
export const shipment_get: Operation<ShipmentGetInput, ShipmentGetOutput> = { name: 'shipment_get', method: 'GET', path: '/shipments/{shipment}' };

export type ShipmentHistoryInput = {
  shipment: string;
  limit?: number;
  cursor?: string;
};
export type ShipmentHistoryOutput = History;
export type ShipmentHistoryItem = ShipmentHistoryOutput['items'][number];
/** What was done to a shipment, oldest first. */
export const shipment_history: Operation<ShipmentHistoryInput, ShipmentHistoryOutput> = { name: 'shipment_history', method: 'GET', path: '/shipments/{shipment}/history' };

export type ShipmentReverseInput = {
  shipment: string;
} & ShipmentReverseIn;
export type ShipmentReverseOutput = ShipmentReverseOut;
/** Take a shipment back: the goods never left, and none of them came back. */
export const shipment_reverse: Operation<ShipmentReverseInput, ShipmentReverseOutput> = { name: 'shipment_reverse', method: 'POST', path: '/shipments/{shipment}/reverse' };

export type PaymentListInput = {
  account?: string;
  partner?: string;
  owner?: string;
  order?: string;
  reference?: string;
  status?: 'pending' | 'posted' | 'bounced' | 'reversed';
  posted_by?: string;
  limit?: number;
  skip?: number;
  cursor?: string;
  sort?: string;
  filter?: string;
  from?: string;
  until?: string;
};
export type PaymentListOutput = PaymentViewList;
export type PaymentListItem = PaymentListOutput['items'][number];
/** List payments, page by page. */
export const payment_list: Operation<PaymentListInput, PaymentListOutput> = { name: 'payment_list', method: 'GET', path: '/payments' };

export type PaymentPostInput = PaymentPostIn;
export type PaymentPostOutput = PaymentPostOut;
/** Take a payment; it pays invoices, oldest due first, and what is left is an advance. */
export const payment_post: Operation<PaymentPostInput, PaymentPostOutput> = { name: 'payment_post', method: 'POST', path: '/payments' };

export type AllocationListInput = {
  account?: string;
  partner?: string;
  owner?: string;
  by?: 'payment' | 'credit_note' | 'write_off';
  invoice?: string;
  status?: 'posted' | 'reversed';
  limit?: number;
  skip?: number;
  cursor?: string;
  sort?: string;
  filter?: string;
  from?: string;
  until?: string;
};
export type AllocationListOutput = AllocationViewList;
export type AllocationListItem = AllocationListOutput['items'][number];
/** List allocations, page by page. */
export const allocation_list: Operation<AllocationListInput, AllocationListOutput> = { name: 'allocation_list', method: 'GET', path: '/allocations' };

export type AllocationPostInput = AllocationPostIn;
export type AllocationPostOutput = AllocationPostOut;
/** Allocate a payment's advance to invoices, as of the business date. */
export const allocation_post: Operation<AllocationPostInput, AllocationPostOutput> = { name: 'allocation_post', method: 'POST', path: '/allocations' };

export type PaymentGetInput = {
  payment: string;
};
export type PaymentGetOutput = PaymentViewGet;
/** Read a payment. */
export const payment_get: Operation<PaymentGetInput, PaymentGetOutput> = { name: 'payment_get', method: 'GET', path: '/payments/{payment}' };

export type PaymentHistoryInput = {
  payment: string;
  limit?: number;
  cursor?: string;
};
export type PaymentHistoryOutput = History;
export type PaymentHistoryItem = PaymentHistoryOutput['items'][number];
/** What was done to a payment, oldest first. */
export const payment_history: Operation<PaymentHistoryInput, PaymentHistoryOutput> = { name: 'payment_history', method: 'GET', path: '/payments/{payment}/history' };

export type AllocationGetInput = {
  allocation: string;
};
export type AllocationGetOutput = AllocationViewGet;
/** Read a part of a payment, credit note or write-off that reduces an invoice. */
export const allocation_get: Operation<AllocationGetInput, AllocationGetOutput> = { name: 'allocation_get', method: 'GET', path: '/allocations/{allocation}' };

export type AllocationHistoryInput = {
  allocation: string;
  limit?: number;
  cursor?: string;
};
export type AllocationHistoryOutput = History;
export type AllocationHistoryItem = AllocationHistoryOutput['items'][number];
/** What was done to a part of a payment, credit note or write-off that reduces an invoice, oldest first. */
export const allocation_history: Operation<AllocationHistoryInput, AllocationHistoryOutput> = { name: 'allocation_history', method: 'GET', path: '/allocations/{allocation}/history' };

export type PaymentReverseInput = {
  payment: string;
} & PaymentReverseIn;
export type PaymentReverseOutput = ReverseOut;
/** Take a payment back that did not hold; its invoices are open again, and what was refunded of it is owed. */
export const payment_reverse: Operation<PaymentReverseInput, PaymentReverseOutput> = { name: 'payment_reverse', method: 'POST', path: '/payments/{payment}/reverse' };

export type AllocationReverseInput = {
  allocation: string;
} & AllocationReverseIn;
export type AllocationReverseOutput = AllocationReverseOut;
/** Take an allocation back: its money is an advance again, or what it wrote off is claimed again. */
export const allocation_reverse: Operation<AllocationReverseInput, AllocationReverseOutput> = { name: 'allocation_reverse', method: 'POST', path: '/allocations/{allocation}/reverse' };

export type ReturnListInput = {
  number?: string;
  account?: string;
  partner?: string;
  owner?: string;
  shipment?: string;
  status?: 'pending' | 'posted' | 'reversed' | 'rejected';
  posted_by?: string;
  limit?: number;
  skip?: number;
  cursor?: string;
  sort?: string;
  filter?: string;
  from?: string;
  until?: string;
};
export type ReturnListOutput = ReturnViewList;
export type ReturnListItem = ReturnListOutput['items'][number];
/** List returns, page by page. */
export const return_list: Operation<ReturnListInput, ReturnListOutput> = { name: 'return_list', method: 'GET', path: '/returns' };

export type ReturnPostInput = ReturnPostIn;
export type ReturnPostOutput = ReturnPostOut;
/** Take goods back; a credit note is proposed for what was invoiced. */
export const return_post: Operation<ReturnPostInput, ReturnPostOutput> = { name: 'return_post', method: 'POST', path: '/returns' };

export type ReturnGetInput = {
  return: string;
};
export type ReturnGetOutput = ReturnViewGet;
/** Read a return of goods. */
export const return_get: Operation<ReturnGetInput, ReturnGetOutput> = { name: 'return_get', method: 'GET', path: '/returns/{return}' };

export type ReturnHistoryInput = {
  return: string;
  limit?: number;
  cursor?: string;
};
export type ReturnHistoryOutput = History;
export type ReturnHistoryItem = ReturnHistoryOutput['items'][number];
/** What was done to a return of goods, oldest first. */
export const return_history: Operation<ReturnHistoryInput, ReturnHistoryOutput> = { name: 'return_history', method: 'GET', path: '/returns/{return}/history' };

export type ReturnReverseInput = {
  return: string;
} & ReturnReverseIn;
export type ReturnReverseOutput = ReturnReverseOut;
/** Take a return back: the goods are still out. */
export const return_reverse: Operation<ReturnReverseInput, ReturnReverseOutput> = { name: 'return_reverse', method: 'POST', path: '/returns/{return}/reverse' };

export type CreditNoteListInput = {
  number?: string;
  account?: string;
  partner?: string;
  owner?: string;
  invoice?: string;
  return?: string;
  status?: 'pending' | 'posted' | 'reversed' | 'rejected';
  posted_by?: string;
  limit?: number;
  skip?: number;
  cursor?: string;
  sort?: string;
  filter?: string;
  from?: string;
  until?: string;
};
export type CreditNoteListOutput = CreditNoteList;
export type CreditNoteListItem = CreditNoteListOutput['items'][number];
/** List credit notes, page by page. */
export const credit_note_list: Operation<CreditNoteListInput, CreditNoteListOutput> = { name: 'credit_note_list', method: 'GET', path: '/credit-notes' };

export type CreditNotePostInput = CreditNotePostIn;
export type CreditNotePostOutput = CreditNotePostOut;
/** Credit an account; above the policy's small amount it waits for approval. */
export const credit_note_post: Operation<CreditNotePostInput, CreditNotePostOutput> = { name: 'credit_note_post', method: 'POST', path: '/credit-notes' };

export type CreditNoteGetInput = {
  credit_note: string;
};
export type CreditNoteGetOutput = CreditNoteGet;
/** Read a credit note. */
export const credit_note_get: Operation<CreditNoteGetInput, CreditNoteGetOutput> = { name: 'credit_note_get', method: 'GET', path: '/credit-notes/{credit_note}' };

export type CreditNoteHistoryInput = {
  credit_note: string;
  limit?: number;
  cursor?: string;
};
export type CreditNoteHistoryOutput = History;
export type CreditNoteHistoryItem = CreditNoteHistoryOutput['items'][number];
/** What was done to a credit note, oldest first. */
export const credit_note_history: Operation<CreditNoteHistoryInput, CreditNoteHistoryOutput> = { name: 'credit_note_history', method: 'GET', path: '/credit-notes/{credit_note}/history' };

export type CreditNoteReverseInput = {
  credit_note: string;
} & CreditNoteReverseIn;
export type CreditNoteReverseOutput = CreditNoteReverseOut;
/** Take a credit note back: what it credited is open again. */
export const credit_note_reverse: Operation<CreditNoteReverseInput, CreditNoteReverseOutput> = { name: 'credit_note_reverse', method: 'POST', path: '/credit-notes/{credit_note}/reverse' };

export type WriteOffListInput = {
  account?: string;
  partner?: string;
  owner?: string;
  invoice?: string;
  status?: 'pending' | 'posted' | 'reversed' | 'rejected';
  posted_by?: string;
  limit?: number;
  skip?: number;
  cursor?: string;
  sort?: string;
  filter?: string;
  from?: string;
  until?: string;
};
export type WriteOffListOutput = WriteOffList;
export type WriteOffListItem = WriteOffListOutput['items'][number];
/** List write offs, page by page. */
export const write_off_list: Operation<WriteOffListInput, WriteOffListOutput> = { name: 'write_off_list', method: 'GET', path: '/write-offs' };

export type WriteOffPostInput = WriteOffPostIn;
export type WriteOffPostOutput = WriteOffPostOut;
/** Give a claim up; above the policy's small amount it stops the account and waits for approval. */
export const write_off_post: Operation<WriteOffPostInput, WriteOffPostOutput> = { name: 'write_off_post', method: 'POST', path: '/write-offs' };

export type WriteOffGetInput = {
  write_off: string;
};
export type WriteOffGetOutput = WriteOffGet;
/** Read a write-off. */
export const write_off_get: Operation<WriteOffGetInput, WriteOffGetOutput> = { name: 'write_off_get', method: 'GET', path: '/write-offs/{write_off}' };

export type WriteOffHistoryInput = {
  write_off: string;
  limit?: number;
  cursor?: string;
};
export type WriteOffHistoryOutput = History;
export type WriteOffHistoryItem = WriteOffHistoryOutput['items'][number];
/** What was done to a write-off, oldest first. */
export const write_off_history: Operation<WriteOffHistoryInput, WriteOffHistoryOutput> = { name: 'write_off_history', method: 'GET', path: '/write-offs/{write_off}/history' };

export type WriteOffReverseInput = {
  write_off: string;
} & WriteOffReverseIn;
export type WriteOffReverseOutput = WriteOffReverseOut;
/** Take a write-off back: the claim stands again; what came in on it has paid it. */
export const write_off_reverse: Operation<WriteOffReverseInput, WriteOffReverseOutput> = { name: 'write_off_reverse', method: 'POST', path: '/write-offs/{write_off}/reverse' };

export type RefundListInput = {
  account?: string;
  partner?: string;
  owner?: string;
  status?: 'pending' | 'posted' | 'reversed' | 'rejected';
  posted_by?: string;
  limit?: number;
  skip?: number;
  cursor?: string;
  sort?: string;
  filter?: string;
  from?: string;
  until?: string;
};
export type RefundListOutput = RefundViewList;
export type RefundListItem = RefundListOutput['items'][number];
/** List refunds, page by page. */
export const refund_list: Operation<RefundListInput, RefundListOutput> = { name: 'refund_list', method: 'GET', path: '/refunds' };

export type RefundPostInput = RefundPostIn;
export type RefundPostOutput = RefundPostOut;
/** Ask to pay an advance back; it waits for approval and is judged then. */
export const refund_post: Operation<RefundPostInput, RefundPostOutput> = { name: 'refund_post', method: 'POST', path: '/refunds' };

export type RefundGetInput = {
  refund: string;
};
export type RefundGetOutput = RefundViewGet;
/** Read a refund of an advance. */
export const refund_get: Operation<RefundGetInput, RefundGetOutput> = { name: 'refund_get', method: 'GET', path: '/refunds/{refund}' };

export type RefundHistoryInput = {
  refund: string;
  limit?: number;
  cursor?: string;
};
export type RefundHistoryOutput = History;
export type RefundHistoryItem = RefundHistoryOutput['items'][number];
/** What was done to a refund of an advance, oldest first. */
export const refund_history: Operation<RefundHistoryInput, RefundHistoryOutput> = { name: 'refund_history', method: 'GET', path: '/refunds/{refund}/history' };

export type RefundReverseInput = {
  refund: string;
} & RefundReverseIn;
export type RefundReverseOutput = RefundReverseOut;
/** Take a refund back that did not reach its account: the advance stands again. */
export const refund_reverse: Operation<RefundReverseInput, RefundReverseOutput> = { name: 'refund_reverse', method: 'POST', path: '/refunds/{refund}/reverse' };

export type ReleaseListInput = {
  account?: string;
  partner?: string;
  owner?: string;
  order?: string;
  status?: 'active' | 'expired' | 'withdrawn' | 'void' | 'broken';
  limit?: number;
  skip?: number;
  cursor?: string;
  sort?: string;
  filter?: string;
  from?: string;
  until?: string;
};
export type ReleaseListOutput = ReleaseViewList;
export type ReleaseListItem = ReleaseListOutput['items'][number];
/** List releases, page by page. */
export const release_list: Operation<ReleaseListInput, ReleaseListOutput> = { name: 'release_list', method: 'GET', path: '/releases' };

export type ReleaseGetInput = {
  release: string;
};
export type ReleaseGetOutput = ReleaseViewGet;
/** Read a release of a held order. */
export const release_get: Operation<ReleaseGetInput, ReleaseGetOutput> = { name: 'release_get', method: 'GET', path: '/releases/{release}' };

export type ReleaseHistoryInput = {
  release: string;
  limit?: number;
  cursor?: string;
};
export type ReleaseHistoryOutput = History;
export type ReleaseHistoryItem = ReleaseHistoryOutput['items'][number];
/** What was done to a release of a held order, oldest first. */
export const release_history: Operation<ReleaseHistoryInput, ReleaseHistoryOutput> = { name: 'release_history', method: 'GET', path: '/releases/{release}/history' };

export type OrderReleaseRequestInput = {
  order: string;
} & ReleaseRequestIn;
export type OrderReleaseRequestOutput = ReleaseRequestOut;
/** Ask for the release of a held order; a new request takes the place of an open one. */
export const order_release_request: Operation<OrderReleaseRequestInput, OrderReleaseRequestOutput> = { name: 'order_release_request', method: 'POST', path: '/orders/{order}/release-request' };

export type OrderReleaseInput = {
  order: string;
} & ReleaseIn;
export type OrderReleaseOutput = ReleaseOut;
/** Consent to the release of a held order; the last consent releases it. */
export const order_release: Operation<OrderReleaseInput, OrderReleaseOutput> = { name: 'order_release', method: 'POST', path: '/orders/{order}/release' };

export type ReleaseWithdrawInput = {
  order: string;
} & ReleaseWithdrawIn;
export type ReleaseWithdrawOutput = ReleaseWithdrawOut;
/** Withdraw the release of an order; what has not shipped is held again. */
export const release_withdraw: Operation<ReleaseWithdrawInput, ReleaseWithdrawOutput> = { name: 'release_withdraw', method: 'POST', path: '/orders/{order}/release-withdraw' };

export type OrderApproversInput = {
  order: string;
};
export type OrderApproversOutput = ApproversOut;
export type OrderApproversItem = OrderApproversOutput['items'][number];
/** Who may release a held order, and what bars the others; nothing is stored. */
export const order_approvers: Operation<OrderApproversInput, OrderApproversOutput> = { name: 'order_approvers', method: 'POST', path: '/orders/{order}/approvers' };

export type PromiseListInput = {
  account?: string;
  partner?: string;
  owner?: string;
  status?: 'open' | 'kept' | 'partly_kept' | 'broken' | 'withdrawn' | 'replaced';
  level?: number;
  vouched_by?: string;
  limit?: number;
  skip?: number;
  cursor?: string;
  sort?: string;
  filter?: string;
  from?: string;
  until?: string;
};
export type PromiseListOutput = PromiseViewList;
export type PromiseListItem = PromiseListOutput['items'][number];
/** List promises, page by page. */
export const promise_list: Operation<PromiseListInput, PromiseListOutput> = { name: 'promise_list', method: 'GET', path: '/promises' };

export type PromiseMakeInput = PromiseMakeIn;
export type PromiseMakeOutput = PromiseMakeOut;
/** Take a dated promise of payment; who takes it vouches for it. */
export const promise_make: Operation<PromiseMakeInput, PromiseMakeOutput> = { name: 'promise_make', method: 'POST', path: '/promises' };

export type PromiseGetInput = {
  promise: string;
};
export type PromiseGetOutput = PromiseViewGet;
/** Read a promise of payment. */
export const promise_get: Operation<PromiseGetInput, PromiseGetOutput> = { name: 'promise_get', method: 'GET', path: '/promises/{promise}' };

export type PromiseHistoryInput = {
  promise: string;
  limit?: number;
  cursor?: string;
};
export type PromiseHistoryOutput = History;
export type PromiseHistoryItem = PromiseHistoryOutput['items'][number];
/** What was done to a promise of payment, oldest first. */
export const promise_history: Operation<PromiseHistoryInput, PromiseHistoryOutput> = { name: 'promise_history', method: 'GET', path: '/promises/{promise}/history' };

export type PromiseWithdrawInput = {
  promise: string;
} & PromiseWithdrawIn;
export type PromiseWithdrawOutput = PromiseWithdrawOut;
/** Withdraw a promise that will not be asked for; it counts for the level, and the release that rests on it ends. */
export const promise_withdraw: Operation<PromiseWithdrawInput, PromiseWithdrawOutput> = { name: 'promise_withdraw', method: 'POST', path: '/promises/{promise}/withdraw' };

export type AgingReportInput = {
  as_of?: string;
  account?: string;
  known_at?: string;
  sort?: 'account' | 'total' | 'overdue';
  limit?: number;
  cursor?: string;
};
export type AgingReportOutput = AgingOut;
export type AgingReportItem = AgingReportOutput['items'][number];
/** What is open by days past due, by account, as of any day. */
export const aging_report: Operation<AgingReportInput, AgingReportOutput> = { name: 'aging_report', method: 'GET', path: '/reports/aging' };

export type DsoReportInput = {
  account?: string;
  partner?: string;
  until?: string;
  months?: number;
  window?: number;
  sort?: 'account' | 'dso' | 'receivable';
  limit?: number;
  cursor?: string;
};
export type DsoReportOutput = DsoOut;
export type DsoReportItem = DsoReportOutput['items'][number];
/** Days sales outstanding by account and month: the receivable at its end, divided by what was invoiced in the months that count, times their days. */
export const dso_report: Operation<DsoReportInput, DsoReportOutput> = { name: 'dso_report', method: 'GET', path: '/reports/dso' };

export type LatenessReportInput = {
  account?: string;
  partner?: string;
  months?: number;
  sort?: 'account' | 'late_share' | 'late';
  limit?: number;
  cursor?: string;
};
export type LatenessReportOutput = LatenessOut;
export type LatenessReportItem = LatenessReportOutput['items'][number];
/** How accounts pay: of what fell due in the last months, what was late. */
export const lateness_report: Operation<LatenessReportInput, LatenessReportOutput> = { name: 'lateness_report', method: 'GET', path: '/reports/lateness' };

export type PartnerStreamInput = {
  partner: string;
  account?: string;
  kind?: 'order' | 'decision' | 'shipment' | 'return' | 'invoice' | 'credit_note' | 'write_off' | 'payment' | 'refund' | 'promise' | 'release' | 'limit' | 'activity' | 'contact';
  limit?: number;
  cursor?: string;
};
export type PartnerStreamOutput = StreamOut;
export type PartnerStreamItem = PartnerStreamOutput['items'][number];
/** Everything that happened with a partner, latest first. */
export const partner_stream: Operation<PartnerStreamInput, PartnerStreamOutput> = { name: 'partner_stream', method: 'GET', path: '/partners/{partner}/stream' };

export type NewsGetInput = {
  after?: string;
};
export type NewsGetOutput = NewsOut;
/** What was done since one last asked; with Accept: text/event-stream, as events. */
export const news_get: Operation<NewsGetInput, NewsGetOutput> = { name: 'news_get', method: 'GET', path: '/news' };

export type SearchInput = {
  q?: string;
  kind?: 'account' | 'partner' | 'contact' | 'product' | 'order' | 'invoice' | 'credit_note' | 'shipment' | 'return' | 'payment';
  limit?: number;
};
export type SearchOutput = SearchOut;
export type SearchItem = SearchOutput['items'][number];
/** Find partners, accounts, contacts, products and documents by what one types. */
export const search: Operation<SearchInput, SearchOutput> = { name: 'search', method: 'GET', path: '/search' };

export type ActivityListInput = {
  partner?: string;
  kind?: 'information' | 'market' | 'planning' | 'review' | 'training' | 'hospitality' | 'collection' | 'service';
  status?: 'posted' | 'reversed';
  logged_by?: string;
  limit?: number;
  skip?: number;
  cursor?: string;
  sort?: string;
  filter?: string;
  from?: string;
  until?: string;
};
export type ActivityListOutput = ActivityViewList;
export type ActivityListItem = ActivityListOutput['items'][number];
/** List activities, page by page. */
export const activity_list: Operation<ActivityListInput, ActivityListOutput> = { name: 'activity_list', method: 'GET', path: '/activities' };

export type ActivityLogInput = ActivityLogIn;
export type ActivityLogOutput = ActivityReply;
/** Log what was done with a partner: purpose, cost, who was there. */
export const activity_log: Operation<ActivityLogInput, ActivityLogOutput> = { name: 'activity_log', method: 'POST', path: '/activities' };

export type ActivityGetInput = {
  activity: string;
};
export type ActivityGetOutput = ActivityViewGet;
/** Read an activity with a partner. */
export const activity_get: Operation<ActivityGetInput, ActivityGetOutput> = { name: 'activity_get', method: 'GET', path: '/activities/{activity}' };

export type ActivityHistoryInput = {
  activity: string;
  limit?: number;
  cursor?: string;
};
export type ActivityHistoryOutput = History;
export type ActivityHistoryItem = ActivityHistoryOutput['items'][number];
/** What was done to an activity with a partner, oldest first. */
export const activity_history: Operation<ActivityHistoryInput, ActivityHistoryOutput> = { name: 'activity_history', method: 'GET', path: '/activities/{activity}/history' };

export type ActivityReverseInput = {
  activity: string;
} & ActivityReverseIn;
export type ActivityReverseOutput = ActivityReply;
/** Take a wrong entry back; for conflicts of interest it goes on counting. */
export const activity_reverse: Operation<ActivityReverseInput, ActivityReverseOutput> = { name: 'activity_reverse', method: 'POST', path: '/activities/{activity}/reverse' };

export type AlertListInput = {
  kind?: 'exposure_over_limit' | 'limit_use' | 'overdue' | 'broken_promise' | 'owner_exceptions' | 'owner_overdue_share' | 'hospitality_no_growth' | 'hospitality_redate' | 'mutual_clearing' | 'invoiced_beyond_shipped' | 'shipped_not_invoiced' | 'self_approved';
  account?: string;
  partner?: string;
  owner?: string;
  severity?: 'info' | 'warning' | 'critical';
  status?: 'open' | 'ended' | 'closed';
  closed_by?: string;
  limit?: number;
  skip?: number;
  cursor?: string;
  sort?: string;
  filter?: string;
  from?: string;
  until?: string;
};
export type AlertListOutput = AlertList;
export type AlertListItem = AlertListOutput['items'][number];
/** List alerts, page by page. */
export const alert_list: Operation<AlertListInput, AlertListOutput> = { name: 'alert_list', method: 'GET', path: '/alerts' };

export type AlertGetInput = {
  alert: string;
};
export type AlertGetOutput = AlertGet;
/** Read an alert. */
export const alert_get: Operation<AlertGetInput, AlertGetOutput> = { name: 'alert_get', method: 'GET', path: '/alerts/{alert}' };

export type AlertHistoryInput = {
  alert: string;
  limit?: number;
  cursor?: string;
};
export type AlertHistoryOutput = History;
export type AlertHistoryItem = AlertHistoryOutput['items'][number];
/** What was done to an alert, oldest first. */
export const alert_history: Operation<AlertHistoryInput, AlertHistoryOutput> = { name: 'alert_history', method: 'GET', path: '/alerts/{alert}/history' };

export type AlertActInput = {
  alert: string;
} & AlertIn;
export type AlertActOutput = AlertReply;
/** Note that something was done about an alert. */
export const alert_act: Operation<AlertActInput, AlertActOutput> = { name: 'alert_act', method: 'POST', path: '/alerts/{alert}/act' };

export type AlertCloseInput = {
  alert: string;
} & AlertIn;
export type AlertCloseOutput = AlertReply;
/** Close an alert; it comes back when its sign is there at a later day close. */
export const alert_close: Operation<AlertCloseInput, AlertCloseOutput> = { name: 'alert_close', method: 'POST', path: '/alerts/{alert}/close' };

export type DayCloseInput = DayCloseIn;
export type DayCloseOutput = DayCloseOut;
/** Judge promises, end what has run out and look for signs, as of a day and the missed days before it. */
export const day_close: Operation<DayCloseInput, DayCloseOutput> = { name: 'day_close', method: 'POST', path: '/day-close' };

export type DayCloseListInput = {
  from?: string;
  until?: string;
  limit?: number;
  cursor?: string;
};
export type DayCloseListOutput = DayLogOut;
export type DayCloseListItem = DayCloseListOutput['items'][number];
/** The days that were closed, latest first, with what came of each. */
export const day_close_list: Operation<DayCloseListInput, DayCloseListOutput> = { name: 'day_close_list', method: 'GET', path: '/day-closes' };

export type WorklistGetInput = {
  limit?: number;
  cursor?: string;
};
export type WorklistGetOutput = WorklistOut;
export type WorklistGetItem = WorklistGetOutput['items'][number];
/** What needs the caller: approvals, held orders, promises due, next steps agreed with partners, overdue invoices, who was named at hospitality by others. */
export const worklist_get: Operation<WorklistGetInput, WorklistGetOutput> = { name: 'worklist_get', method: 'GET', path: '/worklist' };

export type ViewListInput = {
  list?: string;
  owner?: string;
  limit?: number;
  skip?: number;
  cursor?: string;
  sort?: string;
  filter?: string;
};
export type ViewListOutput = ViewList;
export type ViewListItem = ViewListOutput['items'][number];
/** List views, page by page. */
export const view_list: Operation<ViewListInput, ViewListOutput> = { name: 'view_list', method: 'GET', path: '/views' };

export type ViewCreateInput = ViewCreate;
export type ViewCreateOutput = View;
/** Create a saved view of a list. */
export const view_create: Operation<ViewCreateInput, ViewCreateOutput> = { name: 'view_create', method: 'POST', path: '/views' };

export type ViewGetInput = {
  view: string;
};
export type ViewGetOutput = View;
/** Read a saved view of a list. */
export const view_get: Operation<ViewGetInput, ViewGetOutput> = { name: 'view_get', method: 'GET', path: '/views/{view}' };

export type ViewChangeInput = {
  view: string;
} & ViewChange;
export type ViewChangeOutput = View;
/** Change a saved view of a list; members left out stay, null clears. */
export const view_change: Operation<ViewChangeInput, ViewChangeOutput> = { name: 'view_change', method: 'PATCH', path: '/views/{view}' };

export type ViewRemoveInput = {
  view: string;
};
export type ViewRemoveOutput = View;
/** Remove a saved view of a list to which nothing refers; answers what it was. */
export const view_remove: Operation<ViewRemoveInput, ViewRemoveOutput> = { name: 'view_remove', method: 'DELETE', path: '/views/{view}' };

export type ListTotalsInput = {
  list: string;
  filter?: string;
  from?: string;
  until?: string;
  group?: string;
};
export type ListTotalsOutput = ListTotals;
/** How many rows a list finds, and the sums of their amounts. */
export const list_totals: Operation<ListTotalsInput, ListTotalsOutput> = { name: 'list_totals', method: 'GET', path: '/lists/{list}/totals' };
