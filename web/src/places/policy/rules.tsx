// The rules as sentences with the changeable words as fields.

import { findAccount } from '../../find/refs';
import { Field } from '../../kit/field';
import { Icon } from '../../kit/icon';
import { Lookup } from '../../kit/lookup';
import { word } from '../../words/words';
import { gatesOf, OUTCOMES, STATES, unitOf, type DraftRule, type Gate, type Outcome } from './draft';
import { ruleText } from './told';
import { sentence, t } from './words';

interface RuleProps {
  rule: DraftRule;
  /** In which amounts are. */
  home: string | null;
  onChange: (next: DraftRule) => void;
  onRemove: () => void;
  /** What is wrong with a member of it. */
  error: (member: string) => string | undefined;
}

type Whom = 'all' | 'account' | 'tier';

function Threshold({ rule, home, onChange, error }: RuleProps) {
  const set = (threshold: string) => onChange({ ...rule, threshold });
  const label = t('policy.threshold_of', { rule: sentence(`when.${rule.kind}`, { n: '…' }) ?? rule.kind });
  if (unitOf(rule.kind) === 'state') {
    return <Field label={label} hideLabel value={rule.threshold} onInput={set} error={error('threshold')} options={STATES.map((value) => ({ value, label: word('state', value) }))} />;
  }
  return <Field label={label} hideLabel type={unitOf(rule.kind) === 'amount' ? 'money' : 'quantity'} unit={unitOf(rule.kind) === 'amount' ? home : undefined} value={rule.threshold} onInput={set} error={error('threshold')} />;
}

/** The words before and after the figure of the sentence. */
function When(props: RuleProps) {
  const [before = '', after = ''] = (sentence(`when.${props.rule.kind}`) ?? '').split('{n}');
  return (
    <>
      <span>{before.trim()}</span>
      {unitOf(props.rule.kind) !== 'none' && <span class="rule-threshold"><Threshold {...props} /></span>}
      {after.trim() && <span>{after.trim()}</span>}
    </>
  );
}

function Scope({ rule, onChange, error }: RuleProps) {
  const whom: Whom = rule.account ? 'account' : rule.tier ? 'tier' : 'all';
  const set = (value: string) => onChange({ ...rule, account: value === 'account' ? rule.account || '?' : '', tier: value === 'tier' ? rule.tier || '?' : '' });
  return (
    <span class="rule-scope">
      <Field label={t('policy.scope')} hideLabel value={whom} onInput={set} options={(['all', 'account', 'tier'] as const).map((value) => ({ value, label: t(`policy.scope.${value}`) }))} />
      {whom === 'account' && <Lookup label={t('policy.scope.account')} hideLabel value={rule.account === '?' ? '' : rule.account} find={findAccount} error={error('scope.account')} onChoose={(account) => onChange({ ...rule, account: account || '?' })} />}
      {whom === 'tier' && <Field label={t('policy.scope.tier')} hideLabel value={rule.tier === '?' ? '' : rule.tier} onInput={(tier) => onChange({ ...rule, tier: tier || '?' })} error={error('scope.tier')} />}
    </span>
  );
}

function Deed({ rule, onChange, error }: RuleProps) {
  return (
    <>
      <Field label={t('policy.outcome')} hideLabel value={rule.outcome} onInput={(value) => onChange({ ...rule, outcome: value as Outcome })} error={error('outcome')}
        options={OUTCOMES.map((value) => ({ value, label: t(`policy.outcome.${value === 'pass' ? 'warn' : value}`) }))} />
      <Field label={t('policy.gate')} hideLabel value={rule.gate} onInput={(value) => onChange({ ...rule, gate: value as Gate })} error={error('gate')}
        options={gatesOf(rule.kind).map((value) => ({ value, label: t(`policy.gate.${value}`) }))} />
    </>
  );
}

export function RuleRow(props: RuleProps) {
  const { rule, onChange, onRemove, error } = props;
  // The order of words is that of the sentence.
  const whenFirst = sentence('policy.rule')?.startsWith('{when}');
  return (
    <li class="rule-row" aria-label={ruleText(rule)}>
      {whenFirst ? <><When {...props} /><span class="faint">{t('policy.when')}</span><Deed {...props} /></> : <><Deed {...props} /><span class="faint">{t('policy.when')}</span><When {...props} /></>}
      {rule.kind === 'limit' && (
        <span class="rule-horizon"><span>{t('policy.horizon')}</span><Field label={t('policy.horizon.label')} hideLabel type="quantity" value={rule.horizon} onInput={(horizon) => onChange({ ...rule, horizon })} error={error('horizon_days')} /><span>{t('policy.horizon.after')}</span></span>
      )}
      <Scope {...props} />
      <button type="button" class="icon-button rule-remove" aria-label={t('policy.remove', { rule: ruleText(rule) })} onClick={onRemove}><Icon name="close" /></button>
    </li>
  );
}
