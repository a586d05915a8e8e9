// A policy as it is edited: everything as typed, turned into the document when it is tried or proposed.

import type { Policy, PolicyGiven, PolicyRule, PolicyRuleGiven, PolicyStep, PolicyStepGiven } from '../../api/types';
import { grouped, moneyTyped } from '../../words/format';

export type Kind = PolicyRule['kind'];
export type Gate = PolicyRule['gate'];
export type Outcome = PolicyRule['outcome'];
export type Role = PolicyStep['all_of'][number];

export const KINDS: readonly Kind[] = ['limit', 'limit_use', 'overdue_days', 'overdue_amount', 'overdue_share', 'unbilled_days', 'broken_promises', 'order_amount',
  'account_state', 'promise_broken_open', 'promise_level', 'releases_365d', 'release_excess_percent', 'released_excess_open'];
export const GATES: readonly Gate[] = ['both', 'order', 'shipment', 'release'];
export const OUTCOMES: readonly Outcome[] = ['warn', 'hold', 'refuse'];
export const STATES = ['watch', 'prepay', 'pay_down', 'stop'] as const;
export const ROLES: readonly Role[] = ['credit', 'manager', 'admin', 'finance', 'collections', 'sales'];
const AT_RELEASE: readonly Kind[] = ['promise_broken_open', 'promise_level', 'releases_365d', 'release_excess_percent', 'released_excess_open'];

export type Unit = 'none' | 'number' | 'amount' | 'state';

export function unitOf(kind: Kind): Unit {
  switch (kind) {
    case 'limit': return 'none';
    case 'account_state': return 'state';
    case 'overdue_amount': case 'order_amount': case 'promise_broken_open': case 'released_excess_open': return 'amount';
    default: return 'number';
  }
}

export interface DraftRule {
  kind: Kind;
  threshold: string;
  gate: Gate;
  outcome: Outcome;
  horizon: string;
  account: string;
  tier: string;
}

export interface DraftStep {
  roles: Role[];
  upTo: string;
}

export const FIGURES = ['promise_tolerance_days', 'promise_tolerance_amount', 'promise_max_days', 'partly_share', 'conflict_days', 'small_amount', 'overdue_min', 'pay_down_ratio'] as const;
export type Figure = (typeof FIGURES)[number];
export const AMOUNTS: readonly Figure[] = ['promise_tolerance_amount', 'small_amount', 'overdue_min'];

export interface Draft {
  rules: DraftRule[];
  steps: DraftStep[];
  figures: Record<Figure, string>;
}

function ruleDraft(rule: PolicyRule | PolicyRuleGiven): DraftRule {
  return {
    kind: rule.kind, gate: rule.gate, outcome: rule.outcome,
    threshold: rule.threshold === null || rule.threshold === undefined ? '' : String(rule.threshold),
    horizon: rule.horizon_days === null || rule.horizon_days === undefined ? '' : String(rule.horizon_days),
    account: rule.scope?.account ?? '', tier: rule.scope?.tier ?? '',
  };
}

export function draftOf(policy: Policy | PolicyGiven): Draft {
  return {
    rules: policy.rules.map(ruleDraft),
    steps: policy.approval.map((step) => ({ roles: [...step.all_of], upTo: step.up_to === null || step.up_to === undefined ? '' : grouped(String(step.up_to)) })),
    figures: Object.fromEntries(FIGURES.map((name) => [name, String(policy[name])])) as Record<Figure, string>,
  };
}

/** A number where it is one; what is not stays text, for the server to name. */
function numberTyped(text: string): number | string {
  const plain = moneyTyped(text);
  return plain !== '' && Number.isFinite(Number(plain)) ? Number(plain) : plain;
}

function ruleGiven(rule: DraftRule): PolicyRuleGiven {
  const unit = unitOf(rule.kind);
  const threshold = unit === 'number' ? numberTyped(rule.threshold) : unit === 'amount' ? moneyTyped(rule.threshold) : rule.threshold;
  return {
    kind: rule.kind, gate: rule.gate, outcome: rule.outcome,
    ...(unit !== 'none' && { threshold }),
    ...(rule.kind === 'limit' && rule.horizon.trim() && { horizon_days: numberTyped(rule.horizon) as number }),
    ...(rule.account ? { scope: { account: rule.account } } : rule.tier ? { scope: { tier: rule.tier } } : {}),
  };
}

function stepGiven(step: DraftStep): PolicyStepGiven {
  return { all_of: step.roles, up_to: step.upTo.trim() ? moneyTyped(step.upTo) : null };
}

export function policyOf(draft: Draft): PolicyGiven {
  const { figures } = draft;
  const whole = (name: Figure) => numberTyped(figures[name]) as number;
  return {
    rules: draft.rules.map(ruleGiven), approval: draft.steps.map(stepGiven),
    promise_tolerance_days: whole('promise_tolerance_days'), promise_tolerance_amount: moneyTyped(figures.promise_tolerance_amount), promise_max_days: whole('promise_max_days'),
    partly_share: whole('partly_share'), conflict_days: whole('conflict_days'), small_amount: moneyTyped(figures.small_amount), overdue_min: moneyTyped(figures.overdue_min),
    pay_down_ratio: whole('pay_down_ratio'),
  };
}

export function ruleNew(kind: Kind): DraftRule {
  return { kind, threshold: unitOf(kind) === 'state' ? 'stop' : '', gate: AT_RELEASE.includes(kind) ? 'release' : 'both', outcome: 'hold', horizon: '', account: '', tier: '' };
}

export function gatesOf(kind: Kind): readonly Gate[] {
  return AT_RELEASE.includes(kind) ? ['release'] : GATES;
}
