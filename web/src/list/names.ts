// What lists, their fields and the values of those are called. A field or a value without its word in both languages is an
// error of the build.

import { choicesCalled } from '../words/said';
import { lang, word, type Lang } from '../words/words';
import { customLabel, customName, customs, optionLabel } from '../custom/defs';
import { territoryName } from '../find/territories';
import type { InputName, InputValue } from './add';
import type { ListField, ListName, OwnName, ValueName } from './fields';
import { t } from './words';

type Words<Key extends string> = Readonly<Record<Key, readonly [en: string, zh: string]>>;

/** Many of them, and one, as it stands behind "New". */
const LISTS: Readonly<Record<ListName, readonly [en: string, zh: string, one: string]>> = {
  user: ['Users', '用户', 'user'],
  token: ['Tokens', '令牌', 'token'],
  partner: ['Partners', '伙伴', 'partner'],
  contact: ['Contacts', '联系人', 'contact'],
  relation: ['Relations', '关系', 'relation'],
  product: ['Products', '产品', 'product'],
  territory: ['Territories', '区域', 'territory'],
  period: ['Periods', '会计期间', 'period'],
  approval: ['Requests', '审批', 'request'],
  rate: ['Exchange rates', '汇率', 'exchange rate'],
  account: ['Accounts', '账户', 'account'],
  limit: ['Limits', '信用额度', 'limit'],
  decision: ['Decisions', '授信判定', 'decision'],
  order: ['Orders', '订单', 'order'],
  invoice: ['Invoices', '发票', 'invoice'],
  shipment: ['Shipments', '发货', 'shipment'],
  payment: ['Payments', '收款', 'payment'],
  allocation: ['Allocations', '核销', 'allocation'],
  return: ['Returns', '退货', 'return'],
  credit_note: ['Credit notes', '贷项通知单', 'credit note'],
  write_off: ['Write-offs', '坏账核销', 'write-off'],
  refund: ['Refunds', '退款', 'refund'],
  release: ['Releases', '放行', 'release'],
  promise: ['Promises', '付款承诺', 'promise'],
  activity: ['Activities', '往来活动', 'activity'],
  alert: ['Alerts', '预警', 'alert'],
  view: ['Saved views', '已存视图', 'saved view'],
  custom_field: ['Custom fields', '自定义字段', 'custom field'],
  import_run: ['Imports', '导入记录', 'import'],
};

const FIELDS: Words<OwnName | InputName> = {
  account: ['Account', '账户'],
  action: ['What was done', '操作'],
  advance: ['Advance', '预收款'],
  allocated: ['Allocated', '已核销'],
  allocations: ['Allocations', '核销'],
  amount: ['Amount', '金额'],
  amount_max: ['Up to', '上限'],
  approval: ['Request', '审批'],
  begun_at: ['Begun', '开始时间'],
  begun_on: ['Begun on', '开始日期'],
  booked_on: ['Booked on', '记账日'],
  by: ['By', '来源'],
  changed_by: ['Changed by', '修改人'],
  closed_by: ['Closed by', '关闭人'],
  closed_on: ['Closed on', '关闭日'],
  code: ['Code', '编码'],
  contacts: ['Who of them', '对方人员'],
  cost: ['Cost', '费用'],
  created_at: ['Created', '建立时间'],
  created_on: ['Created on', '建立日期'],
  currency: ['Currency', '币种'],
  decision_id: ['Decision', '授信判定'],
  direction: ['Direction', '方向'],
  done_by: ['Done by', '经办人'],
  due_on: ['Due on', '到期日'],
  effective_on: ['Effective on', '生效日'],
  email: ['E-mail', '邮箱'],
  ended_on: ['Ended on', '结束日'],
  excess: ['Excess', '超额'],
  expires_on: ['Expires on', '失效日'],
  exposure: ['Exposure', '敞口'],
  file: ['File', '文件'],
  follows: ['Next step of', '承接'],
  final: ['Final invoice', '已开清'],
  first_action_on: ['First acted on', '首次处理日'],
  from: ['From', '起始日'],
  from_ordered: ['Of what was ordered', '其中已订未发'],
  from_outside: ['Of neither', '其中订单之外'],
  from_shipped: ['Of what had shipped', '其中已发未开票'],
  gate: ['Gate', '判定环节'],
  given_by: ['Given by', '放行人'],
  given_on: ['Given on', '放行日'],
  gross: ['With tax', '含税'],
  has_password: ['Has a password', '有密码'],
  held_on: ['Held on', '暂扣日'],
  held_amount: ['Held amount', '暂扣金额'],
  id: ['Id', '标识'],
  invoice: ['Invoice', '发票'],
  invoice_number: ['Invoice', '发票号'],
  invoiced: ['Invoiced', '已开票'],
  invoiced_amount: ['Invoiced', '已开票'],
  invoiced_on: ['Invoiced on', '开票日'],
  is_active: ['Active', '启用'],
  is_invoiced: ['All invoiced', '已全部开票'],
  is_overdue: ['Overdue', '已逾期'],
  kind: ['Kind', '类型'],
  label_en: ['English name', '英文名称'],
  label_zh: ['Chinese name', '中文名称'],
  lacks: ['Lacks', '尚缺'],
  lapses_on: ['Lapses on', '过期日'],
  last_seen_on: ['Last seen on', '最近出现'],
  level: ['Level', '级别'],
  limit: ['Limit', '信用额度'],
  limit_from: ['Limit of', '额度所属'],
  limit_use: ['Limit used', '额度使用率'],
  line: ['Line', '行'],
  lines: ['Lines', '明细行'],
  list: ['List', '列表'],
  logged_by: ['Logged by', '登记人'],
  logged_on: ['Logged on', '登记日'],
  made_on: ['Made on', '承诺日'],
  minutes: ['Minutes', '分钟'],
  moved: ['Taken off exposure', '冲减敞口'],
  name: ['Name', '名称'],
  net: ['Without tax', '不含税'],
  next_on: ['Next step on', '下一步日期'],
  next_step: ['Next step', '下一步'],
  note: ['Note', '备注'],
  number: ['Number', '单号'],
  on: ['On', '日期'],
  open: ['Open', '未付'],
  opened_on: ['Opened on', '开户日'],
  order: ['Order', '订单'],
  order_number: ['Order', '订单号'],
  ordered: ['Ordered, not shipped', '已订未发'],
  ordered_on: ['Ordered on', '下单日'],
  other: ['Other', '对方'],
  other_name: ['Other name', '对方名称'],
  outcome: ['Outcome', '结果'],
  overdue: ['Overdue', '逾期'],
  owner: ['Owner', '负责人'],
  parent: ['Parent', '上级账户'],
  partner: ['Partner', '伙伴'],
  partner_name: ['Partner name', '伙伴名称'],
  payment: ['Payment', '收款'],
  phone: ['Phone', '电话'],
  pinned: ['Pinned', '置顶'],
  place: ['Place', '次序'],
  placed_by: ['Placed by', '下单人'],
  policy_version: ['Policy version', '政策版本'],
  posted_by: ['Posted by', '过账人'],
  posted_on: ['Posted on', '过账日'],
  product: ['Product', '产品'],
  promise: ['Promise', '付款承诺'],
  proposed: ['To be credited', '待贷项'],
  quantity: ['Quantity', '数量'],
  query: ['What it shows', '内容'],
  rate: ['Rate', '汇率'],
  reason: ['Reason', '原因'],
  reason_code: ['Kind of reason', '原因类别'],
  received: ['Received', '已到款'],
  received_on: ['Received on', '收款日'],
  record: ['Record', '所属'],
  recovered: ['Recovered', '已收回'],
  reference: ['Reference', '附言'],
  refused: ['Refused', '被拒'],
  release: ['Release', '放行'],
  replaced_by: ['Replaced by', '被替换为'],
  replaces: ['Replaces', '替换'],
  reports_to: ['Reports to', '上级'],
  required: ['Needed', '必填'],
  requested_by: ['Asked by', '申请人'],
  requested_on: ['Asked on', '申请日'],
  retired: ['Retired', '已停用'],
  return: ['Return', '退货'],
  return_number: ['Return', '退货单号'],
  returned: ['Returned', '已退货'],
  returned_on: ['Returned on', '退货日'],
  reversed_on: ['Reversed on', '冲销日'],
  settled_on: ['Settled on', '结清日'],
  reverses: ['Reverses', '冲销'],
  revoked_at: ['Revoked', '撤销时间'],
  role: ['Role', '角色'],
  roles: ['Roles', '角色'],
  self_approved: ['Approved alone', '一人审批'],
  set_by: ['Set by', '设定人'],
  set_on: ['Set on', '设定日'],
  severity: ['Severity', '程度'],
  shared: ['Shared', '共享'],
  shipment: ['Shipment', '发货'],
  shipment_number: ['Shipment', '发货单号'],
  shipped_amount: ['Shipped, not invoiced', '已发未开票'],
  shipped_on: ['Shipped on', '发货日'],
  since: ['First seen', '首次出现'],
  skipped: ['There already', '已存在'],
  staff: ['Who of us', '我方人员'],
  standing: ['Still written off', '未收回'],
  state: ['State', '账户状态'],
  state_reason: ['Reason of the state', '状态原因'],
  state_since_on: ['In this state since', '状态起始日'],
  status: ['Status', '状态'],
  steps: ['Steps', '递降'],
  stored: ['Stored', '已入账'],
  target: ['To receive', '应到款'],
  tax: ['Tax', '税额'],
  tax_rate: ['Tax rate', '税率'],
  terms_days: ['Terms, days', '账期（天）'],
  territory: ['Territory', '区域'],
  tier: ['Tier', '等级'],
  title: ['Job', '职务'],
  total: ['Total', '总额'],
  undone: ['Undone', '已撤销'],
  unit_cost: ['Unit cost', '单位成本'],
  unit_price: ['Unit price', '单价'],
  until: ['Until', '截止日'],
  used: ['Used', '已用'],
  user: ['User', '用户'],
  version: ['Version', '版本'],
  vouched_by: ['Voucher', '作保人'],
  wanted_on: ['Wanted on', '要求交期'],
  what: ['What', '事项'],
  window_end_on: ['Window ends on', '承诺期止'],
};

const VALUES: Words<ValueName | InputValue> = {
  order: ['Order', '订单'],
  shipment: ['Shipment', '发货'],
  both: ['Order and shipment', '订单与发货'],
  release: ['Release', '放行'],
  pass: ['Pass', '通过'],
  warn: ['Warning', '提醒'],
  hold: ['Hold', '暂扣'],
  refuse: ['Refuse', '拒绝'],
  payment: ['Payment', '收款'],
  credit_note: ['Credit note', '贷项通知单'],
  write_off: ['Write-off', '坏账核销'],
  info: ['For information', '提示'],
  warning: ['Warning', '警告'],
  critical: ['Critical', '严重'],
  active: ['Active', '有效'],
  expired: ['Expired', '已到期'],
  withdrawn: ['Withdrawn', '已撤回'],
  void: ['Void', '已作废'],
  broken: ['Broken', '已失信'],
  revoked: ['Revoked', '已撤销'],
  admin: ['Administrator', '管理员'],
  manager: ['Sales manager', '销售经理'],
  sales: ['Sales', '销售'],
  credit: ['Credit control', '信用管理'],
  collections: ['Collections', '催收'],
  finance: ['Finance', '财务'],
  viewer: ['Viewer', '只读用户'],
  partner: ['Partner', '伙伴'],
  base: ['Base', '基本'],
  seasonal: ['Seasonal', '季节'],
  insured: ['Insured', '保险'],
  guaranteed: ['Guaranteed', '担保'],
  close: ['Closed', '结账'],
  reopen: ['Reopened', '反结账'],
  distributor: ['Distributor', '经销商'],
  supplier: ['Supplier', '供应商'],
  service_provider: ['Service provider', '服务商'],
  consumer: ['Consumer', '消费者'],
  exposure_over_limit: ['Exposure over the limit', '敞口超额度'],
  limit_use: ['Limit nearly used up', '额度将用尽'],
  overdue: ['Overdue', '逾期'],
  broken_promise: ['Broken promise', '承诺失信'],
  owner_exceptions: ['Many exceptions of an owner', '负责人例外多'],
  owner_overdue_share: ['Much overdue of an owner', '负责人逾期占比高'],
  hospitality_no_growth: ['Hospitality without growth', '宴请无增长'],
  hospitality_redate: ['Hospitality and a later date', '宴请后改期'],
  mutual_clearing: ['Two owners clear for each other', '相互放行'],
  invoiced_beyond_shipped: ['Invoiced beyond what shipped', '开票超过发货'],
  shipped_not_invoiced: ['Shipped and not invoiced', '发货未开票'],
  self_approved: ['Approved alone', '一人审批'],
  given: ['Given', '给出'],
  received: ['Received', '收到'],
  held: ['Held', '已暂扣'],
  approved: ['Approved', '已批准'],
  shipped: ['Shipped', '已发货'],
  invoiced: ['Invoiced', '已开票'],
  cancelled: ['Cancelled', '已取消'],
  closed: ['Closed', '已关闭'],
  in_force: ['In force', '生效中'],
  pending: ['Waiting for approval', '等待审批'],
  rejected: ['Rejected', '已驳回'],
  replaced: ['Replaced', '已替换'],
  information: ['Information', '信息分享'],
  market: ['Market', '市场开发'],
  planning: ['Planning', '计划'],
  review: ['Review', '回顾'],
  training: ['Training', '培训'],
  hospitality: ['Hospitality', '宴请'],
  collection: ['Collection', '催收'],
  service: ['Service', '服务'],
  normal: ['Normal', '正常'],
  watch: ['Watch', '关注'],
  prepay: ['Prepay', '款到发货'],
  pay_down: ['Pay down', '边还边发'],
  stop: ['Stopped', '停止供货'],
  open: ['Open', '未结'],
  ended: ['Ended', '已结束'],
  kept: ['Kept', '已兑现'],
  partly_kept: ['Partly kept', '部分兑现'],
  settled: ['Settled', '已结清'],
  reversed: ['Reversed', '已冲销'],
  lapsed: ['Lapsed', '已失效'],
  posted: ['Posted', '已入账'],
  bounced: ['Bounced', '已退票'],
  supplies: ['Supplies', '供货给'],
  distributes_for: ['Distributes for', '代理'],
  serves: ['Serves', '服务于'],
  consumes_from: ['Consumes from', '采购自'],
  owns: ['Owns', '控股'],
  guarantees: ['Guarantees', '担保'],
  family_of: ['Family of', '亲属'],
  competes_with: ['Competes with', '竞争'],
  account: ['Account', '账户'],
  contact: ['Contact', '联系人'],
  product: ['Product', '产品'],
  text: ['Text', '文本'],
  decimal: ['Number', '数字'],
  integer: ['Whole number', '整数'],
  date: ['Date', '日期'],
  yes_no: ['Yes or no', '是或否'],
  choice: ['Choice', '选项'],
  money: ['Money', '金额'],
  activity: ['Activity', '往来活动'],
};

const AT: Readonly<Record<Lang, 0 | 1>> = { en: 0, zh: 1 };

export function listTitle(list: ListName): string {
  return LISTS[list][AT[lang.value]];
}

/** One of them, within a sentence. */
export function recordName(list: ListName): string {
  const [, zh, one] = LISTS[list];
  return lang.value === 'zh' ? zh : one;
}

/** A field of a list, or of a form. */
type Labelled = Pick<ListField, 'name' | 'custom' | 'called'> | { name: InputName; custom?: undefined; called?: undefined };

export function fieldLabel({ name: own, custom, called }: Labelled): string {
  if (custom) return customLabel(custom);
  const name = called ?? own;
  return Object.hasOwn(FIELDS, name) ? FIELDS[name as OwnName | InputName][AT[lang.value]] : name;
}

/** Words for the whole interface come first, so that a state is called alike everywhere. */
export function valueLabel({ name: field, custom }: Labelled, value: string): string {
  if (custom) return optionLabel(custom, value);
  if (field === 'territory') return territoryName(value);
  if (field === 'state' || field === 'status' || field === 'outcome' || field === 'gate' || field === 'role') {
    const known = word(field, value);
    if (known !== value) return known;
  }
  const own = field === 'reason_code' ? word('reason', value) : field === 'what' ? word('asked', value) : value;
  if (own !== value) return own;
  return Object.hasOwn(VALUES, value) ? VALUES[value as ValueName][AT[lang.value]] : value;
}

/** What no list shows and no form asks for. */
const OTHERS: Words<string> = {
  invoices: ['Invoices', '发票'],
  territories: ['Territories', '区域'],
  password: ['Password', '密码'],
};

/** A field outside of lists and forms, such as of a file or in an audit row; the name itself where it has no word. */
export function fieldNamed(name: string): string {
  return OTHERS[name]?.[AT[lang.value]] ?? fieldLabel({ name: name as OwnName });
}

export function valueNamed(field: string, value: string): string {
  if (value === 'true' || value === 'false') return t(value === 'true' ? 'list.yes' : 'list.no');
  return valueLabel({ name: field as OwnName }, value);
}

/** A choice that the organisation added: nothing tells of which record it is. */
function choiceCalled(field: string, value: string): string {
  const custom = customs.value?.find((one) => customName(one) === field && one.options.some((option) => option.code === value));
  return custom ? optionLabel(custom, value) : valueNamed(field, value);
}

choicesCalled(choiceCalled);

/** What stands over rows of one value. */
export function groupLabel(group: ListField, value: string | null | undefined): string {
  if (value === null || value === undefined) return t('list.group.empty', { field: fieldLabel(group) });
  return group.type === 'bool' ? t(value === 'true' ? 'list.yes' : 'list.no') : valueLabel(group, value);
}
