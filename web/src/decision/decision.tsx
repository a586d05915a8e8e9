// A credit decision as a person reads it: the figures before and after, what speaks against it in sentences,
// and every rule that was looked at.

import type { CreditRuleView as Rule, DecisionOut, DecisionView } from '../api/types';
import { Badge } from '../kit/badge';
import { StackedBar } from '../kit/bar';
import { Table, type Column } from '../kit/table';
import { isBound, less, limitText, money, moneyIn, size } from '../words/format';
import { t } from './words';
import { figureText, ruleName, ruleSentence, rulesAgainst, ruleShort } from './figure';

/** As a document carries it, or as it was read by itself. */
export type Decision = DecisionView | DecisionOut;

/** What the limit is held against, in the currency of the limit: the account's own exposure, or its group's. */
function heldAgainst(decision: Decision): { before: string | null; after: string | null } | null {
  if (!decision.group && decision.limit_currency) return null;
  const { exposure_before: before, exposure_after: after } = decision.group ?? decision;
  return { before, after };
}

/** By how much the limit is passed, in its currency; null when it is not, or when there is none. */
function overOf(decision: Decision): string | null {
  const after = heldAgainst(decision)?.after ?? null;
  return isBound(decision.limit) && size(after) > size(decision.limit) ? less(after, decision.limit) : null;
}

/** The same in the account's own currency; null, too, when the limit is in another. */
export function excessOf(decision: Decision): string | null {
  return decision.limit_currency ? null : overOf(decision);
}

/** `account` is whose decision it is: a rule about another one of its group says so. */
export function Reasons({ decision, account }: { decision: Decision; account: string | null }) {
  const against = rulesAgainst(decision.rules);
  if (!against.length) return <p class="reasons-clean">{t('decision.clean')}</p>;
  return (
    <ul class="reasons">
      {against.map((rule, i) => (
        <li key={i}><Badge group="outcome" value={rule.outcome} /><span>{ruleSentence(rule, decision.gate, account)}</span></li>
      ))}
    </ul>
  );
}

/** What decided it, short enough for a list: the rules, with what they found. */
export function deciding(decision: Decision): string {
  const heaviest = rulesAgainst(decision.rules).filter((rule) => rule.outcome === decision.outcome);
  return [...new Set(heaviest.map(ruleShort))].join(t('app.comma'));
}

export function ReasonsShort({ decision }: { decision: Decision | null }) {
  if (!decision) return <>{t('app.none')}</>;
  return (
    <span class="reasons-short">
      <Badge group="outcome" value={decision.outcome} />
      <span>{deciding(decision)}</span>
    </span>
  );
}

/** The figures that the limit is held against, and what the account alone would owe where they are its group's. */
export function DecisionFigures({ decision }: { decision: Decision }) {
  const { group, limit_currency: currency } = decision;
  const against = heldAgainst(decision);
  const { before, after } = against ?? { before: decision.exposure_before, after: decision.exposure_after };
  const excess = overOf(decision);
  const added = size(after) > size(before) ? less(after, before) : '0';
  const atShipment = decision.gate === 'shipment';
  const named = (what: string) => group?.account ? t('decision.of_group', { what, account: group.account }) : what;
  const ownAfter = atShipment ? t('decision.after.shipment') : t('decision.after');
  const names = {
    before: named(atShipment ? t('decision.before.shipment') : t('decision.before')),
    after: named(ownAfter),
    limit: named(atShipment ? t('decision.limit.shipment') : t('decision.limit')),
  };
  const figure = (amount: string | null) => moneyIn(amount, group ? currency : null);
  const limitIs = currency ? moneyIn(decision.limit, currency) : limitText(decision.limit);
  const label = `${names.before} ${figure(before)}, ${names.after} ${figure(after)}, ${names.limit} ${limitIs}`;
  return (
    <div class="decision-figures">
      {group?.account && <p class="decision-group">{t('decision.by_group', { account: group.account })}</p>}
      <StackedBar label={label} mark={against ? decision.limit : null}
        parts={[{ name: 'before', amount: before }, { name: excess ? 'added-over' : 'added', amount: added }]} />
      <dl class="figures">
        <div><dt>{names.before}</dt><dd>{figure(before)}</dd></div>
        <div><dt>{names.after}</dt><dd>{figure(after)}</dd></div>
        <div><dt>{names.limit}</dt><dd>{limitIs}</dd></div>
        {excess
          ? <div class="figure-bad"><dt>{t('decision.excess')}</dt><dd>{moneyIn(excess, currency)}</dd></div>
          : decision.available_after !== null && <div><dt>{t('decision.available')}</dt><dd>{moneyIn(decision.available_after, currency)}</dd></div>}
        {group && <div><dt>{t('decision.alone', { what: ownAfter })}</dt><dd>{money(decision.exposure_after)}</dd></div>}
      </dl>
    </div>
  );
}

export function AllRules({ rules, account }: { rules: readonly Rule[]; account: string | null }) {
  const columns: Column<Rule>[] = [
    { key: 'rule', label: t('decision.rule'), lead: true, cell: (r) => <>{ruleName(r.kind)}{r.account && r.account !== account && <span class="faint"> {r.account}</span>}</> },
    { key: 'value', label: t('decision.value'), figure: true, cell: (r) => figureText(r.kind, r.value) },
    { key: 'threshold', label: t('decision.threshold'), figure: true, cell: (r) => figureText(r.kind, r.threshold) },
    { key: 'outcome', label: t('decision.outcome'), corner: true, cell: (r) => <Badge group="outcome" value={r.outcome} /> },
  ];
  return (
    <details class="all-rules">
      <summary>{t('decision.show_rules', { count: rules.length })}</summary>
      <Table label={t('decision.rules')} columns={columns} rows={rules} rowKey={(r) => String(rules.indexOf(r))} />
    </details>
  );
}
