// The credit policy: its rules, its ladder of consents and its figures as sentences that can be changed, tried on past
// decisions, and proposed to a second person.

import { useRef, useState } from 'preact/hooks';
import { call } from '../../api/client';
import type { Problem } from '../../api/problem';
import { may } from '../../api/session';
import { org_get, policy_get, policy_set, type Policy } from '../../api/types';
import { Button } from '../../kit/button';
import { Check, Field } from '../../kit/field';
import { Form, useForm, type FormState } from '../../kit/form';
import { Icon } from '../../kit/icon';
import { Load, useLoaded } from '../../kit/load';
import { fieldRefusal, Notice } from '../../kit/notice';
import { Page } from '../../kit/page';
import { word } from '../../words/words';
import { AMOUNTS, draftOf, FIGURES, KINDS, policyOf, ROLES, ruleNew, type Draft, type DraftStep, type Kind } from './draft';
import { Differences, Proposals } from './proposals';
import { RuleRow } from './rules';
import { apart, differenceOf, differs, stepText, textsOf } from './told';
import { Trial } from './trial';
import { sentence, t } from './words';

type Errors = (field: string) => string | undefined;

function replaced<T>(all: readonly T[], at: number, next: T): T[] {
  return all.map((one, i) => (i === at ? next : one));
}

function Rules({ form, home, error }: { form: FormState<Draft>; home: string | null; error: Errors }) {
  const { rules } = form.value;
  const [kind, setKind] = useState<Kind>('overdue_days');
  return (
    <section class="card policy-part">
      <h2>{t('policy.rules')}</h2>
      <ul class="rule-rows">
        {rules.map((rule, i) => (
          <RuleRow key={i} rule={rule} home={home} error={(member) => error(`rules.${i}.${member}`)} onChange={(next) => form.change({ rules: replaced(rules, i, next) })}
            onRemove={() => form.change({ rules: rules.filter((_, at) => at !== i) })} />
        ))}
      </ul>
      <div class="row">
        <Field label={t('policy.add.kind')} hideLabel value={kind} onInput={(value) => setKind(value as Kind)} options={KINDS.map((value) => ({ value, label: sentence(`when.${value}`, { n: '…' }) ?? value }))} />
        <Button onClick={() => form.change({ rules: [...rules, ruleNew(kind)] })}>{t('policy.add')}</Button>
      </div>
    </section>
  );
}

function Step({ step, at, form, home, error }: { step: DraftStep; at: number; form: FormState<Draft>; home: string | null; error: Errors }) {
  const { steps } = form.value;
  const set = (next: DraftStep) => form.change({ steps: replaced(steps, at, next) });
  return (
    <li class="step-row" aria-label={stepText(step)}>
      <Field label={t('policy.up_to')} type="money" unit={home} value={step.upTo} onInput={(upTo) => set({ ...step, upTo })} error={error(`approval.${at}.up_to`)} />
      <fieldset class="step-roles">
        <legend>{t('policy.all_of')}</legend>
        {ROLES.map((role) => (
          <Check key={role} label={word('role', role)} checked={step.roles.includes(role)}
            onChange={(on) => set({ ...step, roles: on ? [...step.roles, role] : step.roles.filter((one) => one !== role) })} />
        ))}
        {error(`approval.${at}.all_of`) && <p class="field-error">{error(`approval.${at}.all_of`)}</p>}
      </fieldset>
      {steps.length > 1 && <button type="button" class="icon-button" aria-label={t('policy.remove', { rule: stepText(step) })} onClick={() => form.change({ steps: steps.filter((_, i) => i !== at) })}><Icon name="close" /></button>}
    </li>
  );
}

function Ladder({ form, home, error }: { form: FormState<Draft>; home: string | null; error: Errors }) {
  const { steps } = form.value;
  const add = () => form.change({ steps: [{ roles: ['credit'], upTo: '' }, ...steps] });
  return (
    <section class="card policy-part">
      <h2>{t('policy.ladder')}</h2>
      <p class="faint">{t('policy.ladder.hint')}</p>
      <ol class="step-rows">{steps.map((step, i) => <Step key={i} step={step} at={i} form={form} home={home} error={error} />)}</ol>
      <div class="row"><Button onClick={add}>{t('policy.ladder.add')}</Button></div>
    </section>
  );
}

function Figures({ form, home, error }: { form: FormState<Draft>; home: string | null; error: Errors }) {
  const { figures } = form.value;
  return (
    <section class="card policy-part">
      <h2>{t('policy.figures')}</h2>
      <div class="policy-figures">
        {FIGURES.map((name) => (
          <Field key={name} label={t(`policy.figure.${name}`)} type={AMOUNTS.includes(name) ? 'money' : 'quantity'} unit={AMOUNTS.includes(name) ? home : undefined} value={figures[name]} error={error(name)}
            onInput={(value) => form.change({ figures: { ...figures, [name]: value } })} />
        ))}
      </div>
    </section>
  );
}

function Editor({ policy, home, onProposed }: { policy: Policy; home: string | null; onProposed: () => void }) {
  // What is in force by now, which the proposal is made against.
  const [present, setPresent] = useState(policy);
  const newest = useRef(policy.version);
  const inForce = draftOf(present);
  const [trialProblem, setTrialProblem] = useState<Problem | null>(null);
  const form: FormState<Draft> = useForm({
    // A draft is of the version it was begun on.
    draft: `policy ${policy.version}`, empty: draftOf(policy),
    send: (value, key) => call(policy_set, policyOf(value), { key, match: newest.current }),
    onDone: onProposed,
    again: {
      read: async () => {
        const now = await call(policy_get, {});
        newest.current = now.version;
        setPresent(now);
        return draftOf(now);
      },
      labels: { rules: t('policy.rules'), steps: t('policy.ladder'), figures: t('policy.figures') },
      text: (name, value) => {
        const one = form.conflict?.find((each) => each.name === name);
        return one && apart(name, value, value === one.mine ? one.theirs : one.mine);
      },
    },
  });
  const error: Errors = (field) => form.error(field) ?? (trialProblem ? fieldRefusal(trialProblem, `policy.${field}`) : undefined);
  const difference = differenceOf(inForce, form.value);
  const isChanged = differs(difference);
  return (
    <Form of={form} submit={t('policy.propose')} class="policy-form" aside={<span class="faint">{t('policy.propose.hint')}</span>}>
      <Rules form={form} home={home} error={error} />
      <Ladder form={form} home={home} error={error} />
      <Figures form={form} home={home} error={error} />
      <section class="card policy-part">
        <h2>{t('diff.title', { version: present.version ?? 1 })}</h2>
        <Differences of={difference} />
        {!isChanged && <p class="faint">{t('diff.none.hint')}</p>}
      </section>
      {isChanged && <Trial policy={() => policyOf(form.value)} onProblem={setTrialProblem} />}
    </Form>
  );
}

function Told({ policy }: { policy: Policy }) {
  return <ul class="card policy-told">{textsOf(draftOf(policy)).map((text) => <li key={text}>{text}</li>)}</ul>;
}

export default function PolicyPage() {
  const found = useLoaded('policy', () => call(policy_get, {}));
  const [proposed, setProposed] = useState(0);
  const home = useLoaded('policy home', () => call(org_get, {})).data?.currency ?? null;
  const told = found.data && <>{t('policy.version', { version: found.data.version ?? 1 })} {home && t('policy.home', { currency: home })}</>;
  return (
    <Page title={t('policy.title')} intro={told ?? t('policy.intro')}>
      {proposed > 0 && <Notice tone="good">{t('policy.proposed')}</Notice>}
      <Load of={found} rows={8}>
        {(policy) => (
          <div class="policy">
            {may('POLICY_WRITE') ? <Editor key={`${policy.version} ${proposed}`} policy={policy} home={home} onProposed={() => {
              setProposed(proposed + 1);
              found.reload();
              scrollTo(0, 0);
            }} /> : <Told policy={policy} />}
            <Proposals key={proposed} policy={policy} />
          </div>
        )}
      </Load>
    </Page>
  );
}
