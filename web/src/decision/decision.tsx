// A credit decision as a person reads it: the figures before and after, what speaks against it in sentences,
// and every rule that was looked at.

import type { CreditRuleView as Rule, DecisionOut, DecisionView } from '../api/types';
import { Badge } from '../kit/badge';
import { StackedBar } from '../kit/bar';
import { Table, type Column } from '../kit/table';
import { isBound, less, limitText, money, moneyIn, size } from '../words/format';
import { t } from './words';
import { figureText, ruleName, ruleSentence, rulesAgainst } from './figure';

/** As a document carries it, or as it was read by itself. */
export type Decision = DecisionView | DecisionOut;

/** By how much the limit is passed; null when it is not, or when there is none. */
export function excessOf(decision: Decision): string | null {
  const { limit, exposure_after: after } = decision;
  if (decision.limit_currency || !isBound(limit) || size(after) <= size(limit)) return null;
  return less(after, limit);
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

/** The kinds of the rules that decided it, short enough for a list. */
export function deciding(decision: Decision): string {
  const heaviest = rulesAgainst(decision.rules).filter((rule) => rule.outcome === decision.outcome);
  return [...new Set(heaviest.map((rule) => ruleName(rule.kind)))].join(t('app.comma'));
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

export function DecisionFigures({ decision }: { decision: Decision }) {
  const excess = excessOf(decision);
  const added = size(decision.exposure_after) > size(decision.exposure_before) ? less(decision.exposure_after, decision.exposure_before) : '0';
  const atShipment = decision.gate === 'shipment';
  const before = atShipment ? t('decision.before.shipment') : t('decision.before');
  const after = atShipment ? t('decision.after.shipment') : t('decision.after');
  const limit = atShipment ? t('decision.limit.shipment') : t('decision.limit');
  const limitIs = decision.limit_currency ? moneyIn(decision.limit, decision.limit_currency) : limitText(decision.limit);
  const label = `${before} ${money(decision.exposure_before)}, ${after} ${money(decision.exposure_after)}, ${limit} ${limitIs}`;
  return (
    <div class="decision-figures">
      <StackedBar label={label} mark={decision.limit_currency ? null : decision.limit}
        parts={[{ name: 'before', amount: decision.exposure_before }, { name: excess ? 'added-over' : 'added', amount: added }]} />
      <dl class="figures">
        <div><dt>{before}</dt><dd>{money(decision.exposure_before)}</dd></div>
        <div><dt>{after}</dt><dd>{money(decision.exposure_after)}</dd></div>
        <div><dt>{limit}</dt><dd>{limitIs}</dd></div>
        {excess
          ? <div class="figure-bad"><dt>{t('decision.excess')}</dt><dd>{money(excess)}</dd></div>
          : decision.available_after !== null && <div><dt>{t('decision.available')}</dt><dd>{moneyIn(decision.available_after, decision.limit_currency)}</dd></div>}
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
