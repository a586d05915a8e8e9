// What a draft would have held or passed among the decisions of the last days.

import { useState } from 'preact/hooks';
import { call } from '../../api/client';
import { problemFrom, type Problem } from '../../api/problem';
import { policy_trial, type PolicyGiven, type PolicyTrialOut, type TrialChange, type TrialGroup } from '../../api/types';
import { Badge } from '../../kit/badge';
import { Button } from '../../kit/button';
import { Field } from '../../kit/field';
import { Link } from '../../kit/link';
import { ProblemNotice } from '../../kit/notice';
import { Table, type Column } from '../../kit/table';
import { accountPath } from '../account/place';
import { ownNumber } from '../../words/called';
import { day, moneyIn, plus } from '../../words/format';
import { word } from '../../words/words';
import { t } from './words';

const DAYS = '90';

/** What is no whole number is refused as none at all would be. */
function daysOf(typed: string): number {
  const days = Number(typed.replaceAll(',', '').trim());
  return Number.isInteger(days) ? days : 0;
}
const STOPS: readonly (string | null)[] = ['hold', 'refuse'];

type Turn = 'stopped' | 'passed' | 'same';

function turnOf(group: TrialGroup): Turn {
  const before = STOPS.includes(group.before);
  const after = STOPS.includes(group.after);
  return before === after ? 'same' : after ? 'stopped' : 'passed';
}

interface Sum {
  count: number;
  amounts: Map<string, string>;
}

function sumOf(groups: readonly TrialGroup[], turn: Turn): Sum {
  const sum: Sum = { count: 0, amounts: new Map() };
  for (const group of groups) {
    if (turnOf(group) !== turn) continue;
    sum.count += group.count;
    const currency = group.currency ?? '';
    sum.amounts.set(currency, plus(sum.amounts.get(currency) ?? '0', group.amount));
  }
  return sum;
}

function columns(): Column<TrialChange>[] {
  return [
    { key: 'order', label: t('trial.order'), lead: true, cell: (c) => <Link to={accountPath(c.account ?? '', 'decisions')}>{ownNumber(c.number) || (c.number ? t('number.none') : c.account)}</Link> },
    { key: 'account', label: t('trial.account'), cell: (c) => c.account },
    { key: 'on', label: t('trial.on'), date: true, cell: (c) => day(c.on) },
    { key: 'gate', label: t('policy.gate'), cell: (c) => word('gate', c.gate) },
    { key: 'before', label: t('trial.before'), cell: (c) => <Badge group="outcome" value={c.before} /> },
    { key: 'after', label: t('trial.after'), cell: (c) => <Badge group="outcome" value={c.after} /> },
    { key: 'amount', label: t('trial.amount'), figure: true, cell: (c) => moneyIn(c.amount, c.currency) },
  ];
}

function Outcome({ done }: { done: PolicyTrialOut }) {
  return (
    <div class="trial-outcome">
      <p>{t('trial.judged', { count: done.judged, day: day(done.since) })}{done.left_out > 0 && ` ${t('trial.left_out', { count: done.left_out })}`}</p>
      <dl class="trial-sums">
        {(['stopped', 'passed', 'same'] as const).map((turn) => {
          const sum = sumOf(done.groups, turn);
          return (
            <div key={turn} class={`trial-${turn}`}>
              <dt>{t(`trial.${turn}`)}</dt>
              <dd>{sum.count}</dd>
              <dd class="faint">{[...sum.amounts].map(([currency, amount]) => moneyIn(amount, currency)).join(t('app.comma')) || t('app.none')}</dd>
            </div>
          );
        })}
      </dl>
      {done.changed.length > 0 && <Table label={t('trial.changed')} columns={columns()} rows={done.changed} rowKey={(c) => c.decision ?? ''} />}
    </div>
  );
}

export function Trial({ policy, onProblem }: { policy: () => PolicyGiven; onProblem: (problem: Problem | null) => void }) {
  const [days, setDays] = useState<string>(DAYS);
  const [busy, setBusy] = useState(false);
  const [done, setDone] = useState<PolicyTrialOut | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const fail = (what: Problem | null) => {
    setProblem(what);
    onProblem(what);
  };
  const run = () => {
    setBusy(true);
    fail(null);
    call(policy_trial, { policy: policy(), days: daysOf(days) })
      .then(setDone, (error: unknown) => {
        setDone(null);
        fail(problemFrom(error));
      })
      .finally(() => setBusy(false));
  };
  return (
    <section class="card trial" aria-label={t('trial.title')}>
      <h2>{t('trial.title')}</h2>
      <p class="faint">{t('trial.hint')}</p>
      <div class="row">
        <span class="trial-days">{t('trial.last')}<Field label={t('trial.days')} hideLabel type="quantity" value={days} onInput={setDays} />{t('trial.last.days')}</span>
        <Button onClick={run} busy={busy}>{busy ? t('form.busy') : t('trial.run')}</Button>
      </div>
      {problem && <ProblemNotice problem={problem} />}
      {done && <Outcome done={done} />}
    </section>
  );
}
