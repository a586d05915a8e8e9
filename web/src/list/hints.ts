// What is said beside an input, by what the server says of it: another sentence there without its words here is an error
// of the build.

import { lang } from '../words/words';
import type { InputDoc } from './add';

const HINTS: Readonly<Record<InputDoc, readonly [en: string, zh: string]>> = {
  'Who of us owns the relation.': ['Who of us answers for the relation.', '我方由谁负责此伙伴。'],
  'For scopes of policy rules.': ['Rules of the policy may be for one tier only.', '授信政策的规则可只适用于某一等级。'],
  'What this person does there.': ['What this person does there.', '此人在对方的职务。'],
  'What partner does to or is of other.': ['What the partner does to the other, or is of it.', '伙伴对对方做什么，或是对方的什么。'],
  'First day; absent: since always.': ['First day; empty: since always.', '首日；留空即一直如此。'],
  'Last day; absent: it goes on.': ['Last day; empty: it goes on.', '末日；留空即仍在继续。'],
  'In the currency of the account that buys; with tax unless the organisation says otherwise.': ['In the currency of the account that buys; with tax unless the firm has chosen otherwise.', '按购买账户的币种；除公司另有设定外为含税价。'],
  '0.13 is 13 %.': ['0.13 is 13 %.', '0.13 即 13%。'],
  'Home units for one unit of the currency.': ['How much of the home currency one unit of it is.', '一单位该币种折合多少本位币。'],
  'Valid from this day until the next one.': ['From this day until the next rate.', '自此日起，至下一汇率为止。'],
  'Days from invoice to due date.': ['Days from the invoice to its due date.', '自开票日至到期日的天数。'],
  'Decimal, "unlimited", or null: no limit is set.': ['Empty: no limit is set.', '留空即未设额度。'],
  'Whose group limit binds this account too.': ['The account whose group limit binds this one too.', '其集团额度也约束本账户的上级账户。'],
  'base when absent': ['Base when nothing is chosen.', '不选即为基本额度。'],
  'First day; the business date when absent (seasonal: required).': ['First day; empty: today. A seasonal limit needs it.', '首日；留空即今天。季节额度必填。'],
  'Last day, inclusive.': ['The last day on which it holds.', '生效的最后一天。'],
  'Seasonal: lower amounts from later days.': ['Of a seasonal limit: lower amounts from later days.', '季节额度：自以后某日起降低的额度。'],
  "Gross, in the account's currency.": ["With tax, in the account's currency.", '含税，按账户币种。'],
  'The next of our series when absent.': ['Empty: the next of our series.', '留空即取下一个单号。'],
  "By the account's terms when absent; a later one waits for approval.": ["Empty: by the account's terms. A later one waits for approval.", '留空即按账期；更晚的日期须经审批。'],
  'What of the order is billed; its lines in their order when absent.': ['What of the order is billed; none: its lines in their order.', '对订单的哪些部分开票；不填即按行顺序。'],
  "Number of the order's line.": ["Number of the order's line.", '订单的行号。'],
  'Instead of the line, when one line has it.': ['Instead of the line, when one line has it.', '仅一行有此产品时可代替行号。'],
  'Nothing more of the order will be billed.': ['Nothing more of the order will be billed.', '该订单不再开票。'],
  'What of the amount is tax. When absent that of the lines, and not known when something is billed without one.': ['What of the amount is tax; empty: that of the lines.', '金额中的税额；留空即取各行税额。'],
  'All that is open when absent.': ['None: all that is open.', '不填即全部未发。'],
  'The business date when absent.': ['Empty: today.', '留空即今天。'],
  'The oldest due first when absent.': ['Empty: the oldest due first.', '留空即最早到期者先。'],
  'The return that it is for.': ['The return that it is for.', '所对应的退货。'],
  'What of the amount is tax. When absent its share in that of the return, else of the invoice; not known without either.': ['What of the amount is tax; empty: its share in that of the return or the invoice.', '金额中的税额；留空即按退货或发票的税额比例。'],
  'The day it took place; not after the business date.': ['The day it took place.', '发生之日。'],
  'Hospitality: given (when absent) or received.': ['Of hospitality: given, unless it was received.', '宴请：默认为我方招待，也可为受邀。'],
  'In home currency.': ['In home currency.', '按本位币。'],
  'collection: new_date when it ended in another date.': ['Of collection: new_date when it ended in another date.', '催收：改期时填 new_date。'],
  'Day of the next step that was agreed; on it the worklist tells of it.': ['When the next step is due; on that day it stands in Today.', '下一步的日期；当天显示在“今日”。'],
  'What is to be done then.': ['What is to be done then.', '届时要做什么。'],
  'The activity whose next step this was, which is done by it.': ['The activity whose next step is done by this.', '本次完成的是哪次活动的下一步。'],
  'Who of us was there, exactly; the caller alone when absent.': ['Who of us was there; none: you alone.', '我方在场人员；不填即只有您。'],
};

export function inputHint(doc: InputDoc): string {
  return HINTS[doc][lang.value === 'zh' ? 1 : 0];
}
