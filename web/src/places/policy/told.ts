// A policy as sentences, and what differs between two of them: the sentences that only one has.

import { limitText, money } from '../../words/format';
import { word } from '../../words/words';
import { AMOUNTS, FIGURES, unitOf, type Draft, type DraftRule, type DraftStep } from './draft';
import { sentence, t } from './words';

export function thresholdText(rule: DraftRule): string {
  switch (unitOf(rule.kind)) {
    case 'amount': return money(rule.threshold);
    case 'state': return word('state', rule.threshold);
    default: return rule.threshold;
  }
}

export function ruleText(rule: DraftRule): string {
  const when = sentence(`when.${rule.kind}`, { n: thresholdText(rule) }) ?? rule.kind;
  const parts = [t('policy.rule', { outcome: t(`policy.outcome.${rule.outcome === 'pass' ? 'warn' : rule.outcome}`), gate: t(`policy.gate.${rule.gate}`), when })];
  if (rule.horizon) parts.push(t('policy.horizon.told', { days: rule.horizon }));
  if (rule.account) parts.push(t('policy.scope.account.told', { account: rule.account }));
  if (rule.tier) parts.push(t('policy.scope.tier.told', { tier: rule.tier }));
  return parts.join(t('app.comma'));
}

export function stepText(step: DraftStep): string {
  const roles = step.roles.map((role) => word('role', role)).join(t('policy.and'));
  return step.upTo ? t('policy.step', { amount: limitText(step.upTo), roles }) : t('policy.step.last', { roles });
}

/** Of as much of a policy as is given. */
export function linesOf({ rules, steps, figures }: Partial<Draft>): string[] {
  return [
    ...(rules ?? []).map(ruleText),
    ...(steps ?? []).map(stepText),
    ...(figures ? FIGURES.map((name) => t(`policy.figure.${name}.told`, { n: AMOUNTS.includes(name) ? money(figures[name]) : figures[name] })) : []),
  ];
}

/** What a part says that the other does not, where somebody else changed it meanwhile. */
export function apart(part: string, value: unknown, other: unknown): string {
  const theirs = linesOf({ [part]: other });
  return linesOf({ [part]: value }).filter((line) => !theirs.includes(line)).join(t('app.comma')) || t('diff.none');
}

export interface Difference {
  gone: string[];
  come: string[];
}

export function differenceOf(before: Draft, after: Draft): Difference {
  const old = linesOf(before);
  const now = linesOf(after);
  return { gone: old.filter((line) => !now.includes(line)), come: now.filter((line) => !old.includes(line)) };
}
