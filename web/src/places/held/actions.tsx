// What can be done with a held order: release it, ask for its release, refuse it, or have it judged again.
// What the role may do, and whether the policy's ladder asks for it, decides what is offered; the server decides what is
// allowed.

import { useRef, useState } from 'preact/hooks';
import { call, repeatKey } from '../../api/client';
import { Problem } from '../../api/problem';
import { session } from '../../api/session';
import { order_recheck, order_refuse, order_release, order_release_request, policy_get, type OrderView as Order, type ReleasePromise, type ReleaseRequestIn } from '../../api/types';
import { excessOf } from '../../decision/decision';
import { Button } from '../../kit/button';
import { Check, Field } from '../../kit/field';
import { useLoaded } from '../../kit/load';
import { ProblemNotice } from '../../kit/notice';
import { money, moneyTyped } from '../../words/format';
import { t } from './words';
import type { Done } from './done';

type Act = 'release' | 'ask' | 'refuse';

type ReasonCode = ReleaseRequestIn['reason_code'];
const REASONS: readonly ReasonCode[] = ['cash_short', 'season', 'strategic', 'bank_delay', 'dispute', 'other'];

interface ActionProps {
  order: Order;
  onDone: (done: Done) => void;
}

interface Filled {
  reason: string;
  reason_code: ReasonCode;
  amount_max: string;
  expires_on: string;
  isPromised: boolean;
  promise_amount: string;
  promise_due: string;
}

function named(order: Order): { id: string; number: string } {
  return { id: order.id ?? '', number: order.number ?? '' };
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
  const { reason, reason_code, expires_on } = filled;
  if (act === 'refuse') {
    await call(order_refuse, { order: id, reason }, { key });
    return { tone: 'good', text: () => t('done.refused', { number }), leaves: true };
  }
  if (act === 'ask') {
    await call(order_release_request, { order: id, reason, reason_code, ...promiseOf(filled), ...coverOf(filled) }, { key });
    return { tone: 'good', text: () => t('done.asked', { number }), leaves: false };
  }
  const expiry = expires_on ? { expires_on } : {};
  const out = await call(order_release, { order: id, reason, ...coverOf(filled), ...expiry, ...promiseOf(filled) }, { key });
  if (out.status === 'approved') return { tone: 'good', text: () => t('done.approved', { number }), leaves: true };
  if (out.status === 'pending') return { tone: 'warn', text: () => t('done.pending', { number }), leaves: false };
  return { tone: 'warn', text: () => t('done.held', { number }), leaves: false };
}

/** The roles whose consent the policy in force can ask for; null until it is read. */
function useLadder(): readonly string[] | null {
  const policy = useLoaded('policy', () => call(policy_get, {}));
  if (policy.problem) return [];
  return policy.data?.approval.flatMap((step) => step.all_of) ?? null;
}

function useFilled(order: Order) {
  const excess = (order.decision && excessOf(order.decision)) ?? '';
  const [filled, setFilled] = useState<Filled>({
    reason: '', reason_code: 'cash_short', amount_max: '', expires_on: '', isPromised: false, promise_amount: excess, promise_due: '',
  });
  const set = <K extends keyof Filled>(name: K) => (value: Filled[K]) => setFilled((now) => ({ ...now, [name]: value }));
  return { filled, set, excess };
}

interface FieldsProps {
  act: Act;
  of: ReturnType<typeof useFilled>;
  problem: Problem | null;
}

function PromiseFields({ of: { filled, set, excess }, problem }: Omit<FieldsProps, 'act'>) {
  return (
    <>
      <Check label={t('act.with_promise')} checked={filled.isPromised} onChange={set('isPromised')} />
      {filled.isPromised && (
        <div class="form-row">
          <Field type="money" label={t('act.promise_amount')} required value={filled.promise_amount} onInput={set('promise_amount')}
            error={problem?.fields.get('promise.amount')} {...(excess && { hint: t('act.promise_amount.hint', { amount: money(excess) }) })} />
          <Field type="date" label={t('act.promise_due')} required value={filled.promise_due} onInput={set('promise_due')}
            error={problem?.fields.get('promise.due_on')} />
        </div>
      )}
    </>
  );
}

function Fields({ act, of, problem }: FieldsProps) {
  const { filled, set } = of;
  return (
    <>
      {act === 'ask' && (
        <Field label={t('act.reason_code')} value={filled.reason_code} onInput={(value) => set('reason_code')(REASONS.find((code) => code === value) ?? 'other')} error={problem?.fields.get('reason_code')}
          options={REASONS.map((value) => ({ value, label: t(`reason.${value}`) }))} />
      )}
      <Field type="long" label={t('act.reason')} hint={t('act.reason.hint')} required value={filled.reason} onInput={set('reason')}
        error={problem?.fields.get('reason')} focus />
      {act !== 'refuse' && <PromiseFields of={of} problem={problem} />}
      {act !== 'refuse' && (
        <div class="form-row">
          <Field type="money" label={t('act.amount_max')} hint={t('act.amount_max.hint')} value={filled.amount_max} onInput={set('amount_max')}
            error={problem?.fields.get('amount_max')} />
          {act === 'release' && (
            <Field type="date" label={t('act.expires_on')} hint={t('act.expires_on.hint')} value={filled.expires_on} onInput={set('expires_on')}
              error={problem?.fields.get('expires_on')} />
          )}
        </div>
      )}
    </>
  );
}

function ActionForm({ act, order, onDone, onCancel }: ActionProps & { act: Act; onCancel: () => void }) {
  const of = useFilled(order);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  // One key for one form as filled in: sending it again after a lost answer does it once.
  const key = useRef({ key: repeatKey(), of: of.filled });
  if (key.current.of !== of.filled) key.current = { key: repeatKey(), of: of.filled };

  const submit = (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    send(act, order, of.filled, key.current.key).then(onDone, (error: unknown) => {
      setBusy(false);
      setProblem(error instanceof Problem ? error : new Problem(0, { detail: String(error) }));
    });
  };
  return (
    <form class="act-form" onSubmit={submit}>
      <h3>{t(`act.${act}.title`, { number: named(order).number })}</h3>
      <p class="faint">{t(`act.${act}.hint`)}</p>
      {problem && <ProblemNotice problem={problem} />}
      <Fields act={act} of={of} problem={problem} />
      <div class="form-foot">
        <Button kind={act === 'refuse' ? 'danger' : 'primary'} submit busy={busy}>{busy ? t('act.busy') : t(`act.${act}`)}</Button>
        <Button onClick={onCancel}>{t('app.cancel')}</Button>
      </div>
    </form>
  );
}

export function Actions({ order, onDone }: ActionProps) {
  const [act, setAct] = useState<Act | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const ladder = useLadder();
  const may = (permission: string) => session.value?.permissions.includes(permission) ?? false;
  const mayRelease = may('RELEASE_GIVE') && ladder !== null && ladder.includes(session.value?.role ?? '');
  const mayAsk = may('ORDER_WRITE');
  const mayRecheck = may('ORDER_RECHECK');

  const recheck = () => {
    setProblem(null);
    const { id, number } = named(order);
    call(order_recheck, { order: id }).then(
      (out) => onDone(out.status === 'held'
        ? { tone: 'warn', text: () => t('done.recheck_held', { number }), leaves: false }
        : { tone: 'good', text: () => t('done.approved', { number }), leaves: true }),
      (error: unknown) => setProblem(error instanceof Problem ? error : new Problem(0, { detail: String(error) })),
    );
  };
  const finished = (done: Done) => {
    setAct(null);
    onDone(done);
  };

  if (act) return <ActionForm key={act} act={act} order={order} onDone={finished} onCancel={() => setAct(null)} />;
  // Not before the ladder is known: a button must not change under the finger.
  if (ladder === null || (!mayRelease && !mayAsk && !mayRecheck)) return null;
  return (
    <div class="acts">
      {problem && <ProblemNotice problem={problem} />}
      {mayRelease && <Button kind="primary" onClick={() => setAct('release')}>{t('act.release')}</Button>}
      {mayAsk && <Button kind={mayRelease ? 'plain' : 'primary'} onClick={() => setAct('ask')}>{t('act.ask')}</Button>}
      {mayRecheck && <Button onClick={recheck}>{t('act.recheck')}</Button>}
      {mayRelease && mayRecheck && <Button kind="danger" onClick={() => setAct('refuse')}>{t('act.refuse')}</Button>}
    </div>
  );
}
