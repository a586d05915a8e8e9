// What can be done with a held order: release it, ask for its release, refuse it, or have it judged again. What the role
// may do, whether the policy's ladder asks for it and what bars this person decide what is offered; the server decides
// what is allowed. Which form is open stands in the address, so that it is open again after a reload.

import { useState } from 'preact/hooks';
import { answer, call } from '../../api/client';
import { problemFrom, type Problem } from '../../api/problem';
import { may, session } from '../../api/session';
import {
  order_recheck, order_refuse, order_release, order_release_request, policy_get,
  type ApproversOut, type OrderView as Order, type ReleasePromise, type ReleaseRequestIn,
} from '../../api/types';
import { excessOf } from '../../decision/decision';
import { releaseBack } from '../../kit/back';
import { Button } from '../../kit/button';
import { Check, Chips, Field } from '../../kit/field';
import { Form, useForm, type FormState } from '../../kit/form';
import { Cap } from '../../kit/cap';
import { useKeys, type KeyUse } from '../../kit/keys';
import { useLoaded } from '../../kit/load';
import { ProblemNotice } from '../../kit/notice';
import { useActions } from '../../shell/actions';
import { queryGet, querySet } from '../../shell/route';
import { calledThere } from '../../words/called';
import { money, moneyTyped } from '../../words/format';
import type { Done } from './done';
import { t } from './words';

type Act = 'release' | 'ask' | 'refuse';
const ACTS: readonly Act[] = ['release', 'ask', 'refuse'];

type ReasonCode = ReleaseRequestIn['reason_code'];
const REASONS: readonly ReasonCode[] = ['cash_short', 'season', 'strategic', 'bank_delay', 'dispute', 'other'];

interface ActionProps {
  order: Order;
  onDone: (done: Done) => void;
}

interface Filled {
  reason: string;
  reason_code: string;
  amount_max: string;
  expires_on: string;
  isPromised: boolean;
  promise_amount: string;
  promise_due: string;
}

function named(order: Order): { id: string; number: string } {
  return { id: order.id ?? '', number: calledThere({ ...order, on: order.ordered_on, amount: order.total }) };
}

function promiseOf(filled: Filled): { promise?: ReleasePromise } {
  if (!filled.isPromised) return {};
  return { promise: { amount: moneyTyped(filled.promise_amount), due_on: filled.promise_due } };
}

function coverOf(filled: Filled): { amount_max?: string } {
  return filled.amount_max ? { amount_max: moneyTyped(filled.amount_max) } : {};
}

async function send(act: Act, order: Order, filled: Filled, key: string): Promise<Done> {
  const { id, number } = named(order);
  const { reason, expires_on } = filled;
  if (act === 'refuse') {
    await call(order_refuse, { order: id, reason }, { key });
    return { tone: 'good', text: () => t('done.refused', { number }), leaves: true };
  }
  if (act === 'ask') {
    const reason_code = REASONS.find((one) => one === filled.reason_code) ?? 'other';
    await call(order_release_request, { order: id, reason, reason_code, ...promiseOf(filled), ...coverOf(filled) }, { key });
    return { tone: 'good', text: () => t('done.asked', { number }), leaves: false };
  }
  const expiry = expires_on ? { expires_on } : {};
  const { out, version } = await answer(order_release, { order: id, reason, ...coverOf(filled), ...expiry, ...promiseOf(filled) }, { key });
  if (out.status === 'approved') return { tone: 'good', text: () => t('done.approved', { number }), leaves: true, undo: releaseBack(id, version) };
  if (out.status === 'pending') return { tone: 'warn', text: () => t('done.pending', { number }), leaves: false };
  return { tone: 'warn', text: () => t('done.held', { number }), leaves: false };
}

/** The roles whose consent the policy in force can ask for; null until it is read. */
function useLadder(): readonly string[] | null {
  const policy = useLoaded('policy', () => call(policy_get, {}));
  if (policy.problem) return [];
  return policy.data?.approval.flatMap((step) => step.all_of) ?? null;
}

interface FieldsProps {
  act: Act;
  of: FormState<Filled>;
  excess: string;
}

function PromiseFields({ of: { value, set, error }, excess }: Omit<FieldsProps, 'act'>) {
  return (
    <>
      <Check label={t('act.with_promise')} checked={value.isPromised} onChange={set('isPromised')} />
      {value.isPromised && (
        <div class="form-row">
          <Field type="money" label={t('act.promise_amount')} required value={value.promise_amount} onInput={set('promise_amount')}
            error={error('promise.amount')} {...(excess && { hint: t('act.promise_amount.hint', { amount: money(excess) }) })} />
          <Field type="date" label={t('act.promise_due')} required value={value.promise_due} onInput={set('promise_due')} error={error('promise.due_on')} />
        </div>
      )}
    </>
  );
}

function Fields({ act, of, excess }: FieldsProps) {
  const { value, set, error } = of;
  return (
    <>
      {act === 'ask' && (
        <Field label={t('act.reason_code')} value={value.reason_code} onInput={set('reason_code')} error={error('reason_code')}
          options={REASONS.map((code) => ({ value: code, label: t(`reason.${code}`) }))} />
      )}
      <Field type="long" label={t('act.reason')} hint={t('act.reason.hint')} required value={value.reason} onInput={set('reason')} error={error('reason')} focus />
      {act !== 'ask' && <Chips label={t('act.reason.chips')} texts={act === 'refuse' ? [t('act.chip.overdue'), t('act.chip.broken')] : [t('act.chip.season'), t('act.chip.paid'), t('act.chip.plan')]} onPick={set('reason')} />}
      {act !== 'refuse' && <PromiseFields of={of} excess={excess} />}
      {act !== 'refuse' && (
        <div class="form-row">
          <Field type="money" label={t('act.amount_max')} hint={t('act.amount_max.hint')} value={value.amount_max} onInput={set('amount_max')} error={error('amount_max')} />
          {act === 'release' && (
            <Field type="date" label={t('act.expires_on')} hint={t('act.expires_on.hint')} value={value.expires_on} onInput={set('expires_on')} error={error('expires_on')} />
          )}
        </div>
      )}
    </>
  );
}

function ActionForm({ act, order, onDone, onCancel }: ActionProps & { act: Act; onCancel: () => void }) {
  const excess = (order.decision && excessOf(order.decision)) ?? '';
  const form = useForm<Filled, Done>({
    draft: `${act} ${order.id}`,
    empty: { reason: '', reason_code: 'cash_short', amount_max: '', expires_on: '', isPromised: false, promise_amount: excess, promise_due: '' },
    send: (filled, key) => send(act, order, filled, key),
    onDone,
  });
  return (
    <section class="act-form" aria-label={t(`act.${act}.title`, { number: named(order).number })}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onCancel();
      }}>
      <h3>{t(`act.${act}.title`, { number: named(order).number })}</h3>
      <p class="faint">{t(`act.${act}.hint`)}</p>
      <Form of={form} submit={t(`act.${act}`)} kind={act === 'refuse' ? 'danger' : 'primary'} onCancel={onCancel}>
        <Fields act={act} of={form} excess={excess} />
      </Form>
    </section>
  );
}

interface Offer {
  act: Act | 'recheck';
  key: string;
  kind: 'primary' | 'plain' | 'danger';
}

/** What bars this very person; null: nothing that is known. */
export function barOf(approvers: ApproversOut | null): string | null {
  return approvers?.items.find((one) => one.user === session.value?.name)?.refusal ?? null;
}

/** A smaller or promised release may need a lower step, so that the wrong level alone bars nobody beforehand. */
function offersOf(ladder: readonly string[], approvers: ApproversOut | null): Offer[] {
  const inLadder = may('RELEASE_GIVE') && ladder.includes(session.value?.role ?? '');
  const bar = barOf(approvers);
  const isRefused = Boolean(approvers?.refusing.length);
  const mayRelease = inLadder && (bar === null || bar === 'ERR_APPROVAL_LEVEL');
  return [
    ...(mayRelease ? [{ act: 'release', key: 'r', kind: isRefused ? 'plain' : 'primary' } as const] : []),
    ...(may('ORDER_WRITE') ? [{ act: 'ask', key: 'a', kind: mayRelease || isRefused ? 'plain' : 'primary' } as const] : []),
    ...(may('ORDER_RECHECK') ? [{ act: 'recheck', key: 'c', kind: 'plain' } as const] : []),
    ...(inLadder && may('ORDER_RECHECK') ? [{ act: 'refuse', key: 'x', kind: 'danger' } as const] : []),
  ];
}

export function Actions({ order, approvers, onDone }: ActionProps & { approvers: ApproversOut | null }) {
  const [problem, setProblem] = useState<Problem | null>(null);
  const ladder = useLadder();
  const wanted = queryGet('act');
  const act = ACTS.find((one) => one === wanted) ?? null;
  const open = (next: Act | null) => querySet({ act: next });
  const recheck = () => {
    setProblem(null);
    const { id, number } = named(order);
    call(order_recheck, { order: id }).then(
      (out) => onDone(out.status === 'held'
        ? { tone: 'warn', text: () => t('done.recheck_held', { number }), leaves: false }
        : { tone: 'good', text: () => t('done.approved', { number }), leaves: true }),
      (error: unknown) => setProblem(problemFrom(error)),
    );
  };
  // Not before the ladder is known: a button must not change under the finger.
  const offers = ladder === null ? [] : offersOf(ladder, approvers);
  const uses = offers.map((offer): KeyUse => ({ keys: [offer.key], does: t(`act.${offer.act}`), run: () => (offer.act === 'recheck' ? recheck() : open(offer.act)) }));
  useKeys(t('held.keys.order'), act ? [] : uses);
  useActions(uses.map((use) => ({ label: `${use.does} · ${named(order).number}`, run: use.run, key: use.keys[0] })));

  if (act && offers.some((offer) => offer.act === act)) {
    return <ActionForm key={act} act={act} order={order} onDone={onDone} onCancel={() => open(null)} />;
  }
  if (!offers.length) return null;
  return (
    <div class="acts">
      {problem && <ProblemNotice problem={problem} />}
      {offers.map((offer, i) => <Button key={offer.act} kind={offer.kind} onClick={() => uses[i]?.run()}>{t(`act.${offer.act}`)}<Cap of={offer.key} /></Button>)}
    </div>
  );
}
