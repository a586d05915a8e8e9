// The server's sentences about what it refuses, in Chinese: it writes them in English, with the figures in them. tests/api/words.test.ts sees to it that the server still says each of them.

type Pair = readonly [english: string, chinese: string];

/** A blank in braces stands for what the server puts in; the Chinese takes them by number. */
export const SENTENCES: readonly Pair[] = [
  // Any field.
  ['{} cannot be cleared.', '此项不能清空。'],
  ['At most {} bytes of UTF-8; these are {}.', '最长 {0} 字节（一个汉字 3 字节），现为 {1}。'],
  ['At most {} elements; these are {}.', '最多 {0} 项，现为 {1}。'],
  ['At most {} decimals in this currency, and at most 15 digits.', '该币种最多 {0} 位小数，总共不超过 15 位。'],
  ['At most {} decimals.', '最多 {0} 位小数。'],
  ['At least {}.', '不能小于 {0}。'],
  ['From {} to {}.', '须在 {0} 到 {1} 之间。'],
  ['No control characters but newline and tab.', '含有不可见的控制字符。'],
  ['Say its currency as well.', '请同时填写币种。'],
  ['There is no {} "{}", or you may not see it.', '没有{0}“{1}”，或您无权查看。'],
  ['There is no such {}, or you may not see it.', '没有这个{0}，或您无权查看。'],
  ['There is no such {}.', '没有这个{0}。'],
  ['More than one {} has the number "{}"; send its id instead.', '编号为“{1}”的{0}不止一个。'],
  ['Other records still refer to this {}; change or remove them first.', '仍有其他记录引用这个{0}，请先修改或删除那些记录。'],
  ['Something was done in this account, or other records refer to it; it stays.', '该账户已有往来，或被其他记录引用，不能删除。'],
  ['The {} is {}.', '{0}的状态为“{1}”，不能这样做。'],
  ['It is {}.', '当前状态为“{0}”，不能这样做。'],
  ['"{}" names another {} already.', '“{0}”已是另一个{1}。'],

  // Codes, users, custom fields.
  ['A code has 1 to {} bytes.', '编码最长 {0} 字节。'],
  ['A code has no control characters.', '编码含有不可见的控制字符。'],
  ['A code is more than one or two dots.', '编码不能只是一两个点。'],
  ['A code neither begins nor ends with a blank.', '编码首尾不能有空格。'],
  ['A letter and 13 characters is the shape of ids; choose another code.', '这种形式与内部标识相同，请换一个编码。'],
  ['There is an account {} already.', '账户 {0} 已存在。'],
  ['There is a user {} already.', '用户 {0} 已存在。'],
  ['A {} has a field {} already; retired ones count.', '{0}已有字段 {1}（包括已停用的）。'],
  ['The account has an invoice {} already.', '该账户已有发票 {0}。'],
  ['The account has an order {} already.', '该账户已有订单 {0}。'],
  ['A password has {} to {} characters; a few words in a row are easy to keep.', '密码须为 {0} 到 {1} 个字符；连写几个词最好记。'],
  ['This is not the present password.', '当前密码不对。'],
  ['This password is one of the first that are tried; take another.', '这个密码太常见，请换一个。'],
  ['Name or password is wrong.', '用户名或密码不对。'],
  ['This name stands for the program; choose another.', '这个名称由系统使用，请换一个。'],
  ['A user has a role.', '请选择角色。'],
  ['A user with the role partner belongs to one partner, all others to none.', '合作伙伴角色的用户须属于一个伙伴，其他角色不属于任何伙伴。'],
  ['{} is named twice.', '{0} 重复。'],
  ['{} is this user or reports to this user.', '{0} 是本人或其下级，不能作为上级。'],
  ['{} is not active staff; only such users own relations.', '{0} 不是在用的内部用户，不能作负责人。'],
  ['{} is the last active admin; make another user admin first.', '{0} 是最后一个管理员，请先设另一个管理员。'],
  ['{} is not active.', '{0} 已停用。'],
  ['Too many attempts; try again in {} s.', '尝试次数过多，请 {0} 秒后再试。'],
  ['Say what people call it, in English (label_en), Chinese (label_zh) or both.', '中文、英文名称至少填一个。'],
  ['A choice needs at least one option in use.', '选项型字段至少要有一个在用的选项。'],
  ['Say in which currency the amounts are.', '请填金额的币种。'],
  ['Two options have the code "{}".', '两个选项的代码同为“{0}”。'],
  ['A field\'s code is of small letters, digits and _, a letter first, such as region_code.', '代码由小写字母、数字和下划线组成，以字母开头，如 region_code。'],
  ['Only {} changes this view.', '只有 {0} 可以修改这个视图。'],

  // Accounts, limits, relations.
  ['{} stands below this account itself.', '{0} 是本账户的下级，不能作为上级账户。'],
  ['Groups are at most {} accounts deep.', '集团最多 {0} 层。'],
  ['Amounts have at most {} decimals in this currency and 12 digits before them.', '该币种最多 {0} 位小数，整数最多 12 位。'],
  ['The account is in this state already.', '账户已是这个状态。'],
  ['Collections set states up to prepay; ask credit for {}.', '催收最高可设为“款到发货”；“{0}”请由信用管理设定。'],
  ['Another seasonal limit lies in these days.', '这段时间已有另一个季节额度。'],
  ['A seasonal limit needs its last day.', '季节额度须有截止日。'],
  ['Give the first day of the limit.', '请填额度的起始日。'],
  ['The last day lies before the first.', '截止日早于起始日。'],
  ['The last day may not lie before the first.', '截止日不能早于起始日。'],
  ['Give an amount not below zero, with no more decimals than the currency.', '金额不能小于零，小数位数不能多于该币种。'],
  ['Only a base limit can be taken away; give an amount.', '只有基本额度可以取消，请填金额。'],
  ['Insured and guaranteed limits are amounts.', '保险额度和担保额度须为金额。'],
  ['It no longer fits the limits in force: {}', '与现行额度不再相符：{0}'],
  ['A relation is between two partners.', '关系须在两个不同的伙伴之间。'],
  ['This relation is recorded for some of these days already; end that one first.', '这段时间已记录了同样的关系，请先结束那一条。'],

  // Orders and goods.
  ['Say what is ordered.', '请选择产品。'],
  ['An order has at least one line.', '订单至少要有一行。'],
  ['A quantity is above zero, with at most three decimals.', '数量须大于零，最多三位小数。'],
  ['A unit price has at most six decimals.', '单价最多六位小数。'],
  ['The amount of this line is too large.', '这一行的金额太大。'],
  ['The total of the order is too large.', '订单总额太大。'],
  ['At most {} of this line can be {}.', '这一行最多还可处理 {0}。'],
  ['All of it has come back already.', '已全部退回。'],
  ['Nothing of order {} is open.', '订单 {0} 已无未发数量。'],
  ['Order {} is {}; only a held order is released.', '订单 {0} 的状态为“{1}”，只有暂扣的订单才能放行。'],
  ['Order {} is {}. {}', '订单 {0} 的状态为“{1}”，不能这样做。'],
  ['Order {} is another account\'s.', '订单 {0} 属于另一个账户。'],
  ['The credit policy does not allow it: {}', '授信政策不允许。'],
  ['{} No release can be given for that.', '授信政策拒绝，不可放行。'],

  // Money.
  ['The amount has to be above zero.', '金额须大于零。'],
  ['The amount is too large in this currency.', '金额太大。'],
  ['The amount is too large in home currency.', '折成本位币后金额太大。'],
  ['The tax is a part of the amount.', '税额不能大于价税合计。'],
  ['An invoice is not due before its date.', '到期日不能早于开票日期。'],
  ['Invoice {} has {} open.', '发票 {0} 未付金额只有 {1}。'],
  ['The allocations come to more than there is to allocate.', '核销合计超过可核销的金额。'],
  ['Name at least one invoice.', '请至少指定一张发票。'],
  ['Invoice {} is another account\'s.', '发票 {0} 属于另一个账户。'],
  ['Invoice {} is reversed.', '发票 {0} 已冲销。'],
  ['The money is for another order than invoice {}.', '这笔款指定了用途，不能核销发票 {0}。'],
  ['The invoice is reversed already.', '发票已冲销。'],
  ['It is taken back already.', '已撤销。'],
  ['Only {} is open.', '未付金额只有 {0}。'],
  ['The account has {} in advance.', '该账户的预收款为 {0}。'],
  ['The account has nothing in advance.', '该账户没有预收款。'],
  ['The books are closed until {}; use a later date or have the period reopened.', '{0} 及以前已结账；请用更晚的日期，或申请重开会计期间。'],
  ['The business date {} lies before {}, the last day that was closed.', '业务日期 {0} 早于最后日结日 {1}。'],
  ['A day can be closed when it has come.', '未来的日子不能日结。'],
  ['A period is closed when it is over, not before.', '会计期间结束后才能结账。'],
  ['No rate of {} is known on {}; set one with rate_set.', '{1} 没有 {0} 的汇率，请先设定。'],
  ['A rate is above zero, with at most nine decimals.', '汇率须大于零，最多九位小数。'],
  ['It may not lie after the business date {}.', '不能晚于业务日期 {0}。'],

  // Promises, releases, consents.
  ['Promise an amount above zero.', '承诺金额须大于零。'],
  ['Promise today or a day that is still to come.', '承诺日期不能早于今天。'],
  ['Promise a day that is still to come.', '承诺日期须晚于今天。'],
  ['Promise an earlier day: the policy bounds how far ahead it may lie.', '承诺日期超过授信政策允许的最长天数，请提前。'],
  ['Promise at least what the release lets go above the limit.', '承诺金额不能少于放行的超额。'],
  ['A release ends within 30 days and with the window of its promise.', '放行须在 30 天内、且不晚于承诺期结束。'],
  ['Give a day that is still to come.', '日期须晚于今天。'],
  ['Release more than zero and at most what the order has open.', '放行金额须大于零，且不超过订单未发金额。'],
  ['Nothing of this invoice is open.', '这张发票已付清。'],
  ['This invoice belongs to another account.', '这张发票属于另一个账户。'],
  ['This promise belongs to another account.', '这项承诺属于另一个账户。'],
  ['The promise is {}.', '该承诺的状态为“{0}”，不能这样做。'],
  ['The payment is {}.', '该收款的状态为“{0}”，不能这样做。'],
  ['The request is {}.', '该申请的状态为“{0}”，不能这样做。'],
  ['The alert is {}.', '该预警的状态为“{0}”，不能这样做。'],
  ['Only credit or collections withdraw a promise of payment.', '只有信用管理或催收可以撤回付款承诺。'],
  ['Nobody closes an alert about his or her own relations.', '不能关闭关于自己所负责伙伴的预警。'],
  ['Collections log and take back collection activities.', '催收只登记和撤销催收活动。'],
  ['Credit logs hospitality alone, so that it counts; visits are for sales to log.', '信用管理只登记宴请；拜访由销售登记。'],
  ['What has not taken place yet cannot be logged.', '尚未发生的不能登记。'],
  ['Only hospitality is given or received.', '只有宴请才分我方或对方付费。'],
  ['Say on which day the next step is to be done.', '请填写下一步的日期。'],
  ['The next step comes after what was done.', '下一步的日期不得早于活动日期。'],
  ['Name an activity of this partner that stands and has a next step.', '请选择该伙伴有效且有下一步的活动。'],
  ['This contact is not one of the partner\'s.', '该联系人不属于这个伙伴。'],

  // The policy.
  ['Give days, 0 or more.', '请填天数，不小于 0。'],
  ['Give a whole number.', '请填整数。'],
  ['Give a number, not below zero.', '请填数字，不小于零。'],
  ['Give a number above 0, at most 1.', '请填大于 0、不超过 1 的数。'],
  ['Give a number above 0, at most 100.', '请填大于 0、不超过 100 的数。'],
  ['Give an amount not below zero.', '请填金额，不小于零。'],
  ['Give an amount such as "1000.00", not below zero.', '请填金额，不小于零，如 1000.00。'],
  ['Say above which value the rule applies.', '请填界限：超过多少时适用。'],
  ['Steps ascend: give more than the step before.', '各级金额须递增。'],
  ['Only the last step has no end: give an amount.', '只有最后一级没有上限，请填金额。'],
  ['The last step has no end: give null.', '最后一级没有上限，请留空。'],
  ['Give at least one step.', '至少要有一级。'],
  ['Name at least one role that consents.', '至少选一个角色。'],
  ['There is no account "{}"; a rule is for one that has been opened.', '没有账户“{0}”。'],

  // Rows of an imported file.
  ['The file is a spreadsheet; save it as CSV in UTF-8.', '这是电子表格文件，请另存为 CSV（UTF-8）。'],
  ['The file is UTF-16; save it as CSV in UTF-8.', '文件是 UTF-16 编码，请另存为 CSV（UTF-8）。'],
  ['The file is empty; its first line names the columns.', '文件是空的；第一行须为列名。'],
  ['The file has no column "{}"; it has: {}.', '文件中没有“{0}”这一列；有：{1}。'],
  ['The file has more than {} columns.', '文件超过 {0} 列。'],
  ['The columns {} and {} have the same name "{}"; rename one.', '第 {0} 列和第 {1} 列同名“{2}”，请改一个。'],
  ['The header is one long column, "{}". If "{}" parts its columns, say so in the mapping: "delimiter": "{}".', '首行只有一列；列分隔符可能是“{1}”，请在下方选择。'],
  ['it is not UTF-8; is the file of another encoding, or of several?', '不是 UTF-8 编码，请换一种编码再试'],
  ['it is not GB18030; is the file of another encoding, or of several?', '不是 GB18030 编码，请换一种编码再试'],
  ['"{}" is no number with {} as its decimal sign', '“{0}”不是数字（小数点为 {1}）'],
  ['"{}" is no existing day written as {}', '“{0}”不是按 {1} 写的有效日期'],
  ['a settled invoice needs account and amount', '已付清的发票须有账户和金额'],
  ['there is one of this number with other content', '同一编号已存在，但内容不同'],
  ['a row with the same one and other content was imported before', '同一编码的行以前导入过，但内容不同'],
];

/** What the server names in its sentences. */
const NAMES: Readonly<Record<string, string>> = {
  partner: '伙伴', account: '账户', contact: '联系人', product: '产品', order: '订单', invoice: '发票', payment: '收款', promise: '付款承诺',
  user: '用户', territory: '区域', relation: '关系', shipment: '发货单', return: '退货单', credit_note: '贷项通知单', refund: '退款',
  write_off: '坏账核销', release: '放行', approval: '审批', activity: '往来活动', alert: '预警', view: '视图', token: '令牌', rate: '汇率',
  limit: '额度', period: '会计期间', custom_field: '自定义字段', allocation: '核销', decision: '授信判定', record: '记录', group: '集团',
};

const literal = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
/** The one that says most first: "The payment is {}." before "The {} is {}." */
const matchersMake = () => [...SENTENCES].sort(([a], [b]) => b.length - a.length)
  .map(([english, chinese]) => ({ english: new RegExp(`^${english.split('{}').map(literal).join('(.*?)')}$`, 's'), chinese }));
let matchers: ReturnType<typeof matchersMake> | null = null;

/** A part of a sentence: what a thing or its state is called, if it is one of those. */
export type Named = (value: string) => string | null;

/** The sentence in Chinese; null where there is none for it yet. */
export function refusalChinese(sentence: string, stateName: Named): string | null {
  matchers ??= matchersMake();
  for (const { english, chinese } of matchers) {
    const found = english.exec(sentence);
    if (!found) continue;
    return chinese.replace(/\{(\d)\}/g, (_, at: string) => {
      const value = found[Number(at) + 1] ?? '';
      return NAMES[value] ?? stateName(value) ?? value;
    });
  }
  return null;
}
