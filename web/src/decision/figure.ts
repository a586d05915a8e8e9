// The value and the threshold of a rule are amounts, days, percents, counts or states, by the kind of the rule.

import type { CreditRuleView as Rule } from '../api/types';
import { money } from '../words/format';
import { word } from '../words/words';
import { sentence, t } from './words';

type Measure = 'money' | 'days' | 'percent' | 'count' | 'state';

const MEASURES: Readonly<Record<string, Measure>> = {
  limit: 'money',
  limit_use: 'percent',
  overdue_days: 'days',
  overdue_amount: 'money',
  overdue_share: 'percent',
  unbilled_days: 'days',
  broken_promises: 'count',
  order_amount: 'money',
  account_state: 'state',
  promise_broken_open: 'money',
  promise_level: 'count',
  releases_365d: 'count',
  release_excess_percent: 'percent',
  released_excess_open: 'money',
};

/** `value` is whatever JSON the rule measures in. */
export function figureText(kind: string | null, value: unknown): string {
  if (value === null || value === undefined) return kind === 'limit' ? t('limit.not_set') : t('app.none');
  if (value === 'unlimited') return t('limit.unlimited');
  const text = String(value);
  switch (MEASURES[kind ?? '']) {
    case 'money': return money(text);
    case 'days': return t('unit.days', { n: text });
    case 'percent': return `${text}%`;
    case 'state': return word('state', text);
    default: return text;
  }
}

/** The rule as a sentence of the chosen language; the server's own words for a kind that is new to us. A gate that
 * measures something else, as shipment does, has sentences of its own. */
export function ruleSentence(rule: Rule, gate: string | null, account: string | null): string {
  const isUnset = (rule.kind === 'limit' && rule.threshold === null) || (rule.kind === 'limit_use' && rule.value === null);
  const key = `why.${rule.kind}${isUnset ? '_unset' : rule.lacks ? '_lacks' : ''}`;
  const values = { value: figureText(rule.kind, rule.value), threshold: figureText(rule.kind, rule.threshold), lacks: money(String(rule.lacks ?? '')) };
  const why = sentence(`${key}.${gate}`, values) ?? sentence(key, values) ?? rule.text ?? '';
  return rule.account && rule.account !== account ? t('why.on_account', { account: rule.account, why }) : why;
}

const WEIGHT: Readonly<Record<string, number>> = { refuse: 3, hold: 2, warn: 1 };

/** What speaks against it, the heaviest first. */
export function rulesAgainst(rules: readonly Rule[]): Rule[] {
  const weight = (rule: Rule) => WEIGHT[rule.outcome ?? ''] ?? 0;
  return rules.filter((rule) => weight(rule) > 0).sort((a, b) => weight(b) - weight(a));
}

/** As it stands in a list. What is above a limit stands beside it there. */
export function ruleShort(rule: Rule): string {
  const value = rule.kind === 'limit' || rule.value === null ? null : figureText(rule.kind, rule.value);
  return value === null ? ruleName(rule.kind) : sentence(`short.${rule.kind}`, { value }) ?? `${ruleName(rule.kind)} ${value}`;
}

export function ruleName(kind: string | null): string {
  return sentence(`rule.${kind}`) ?? kind ?? '';
}
