// What is done with an item where it stands: a form of one or two fields below it.

import { answer, call } from '../../api/client';
import { may, session, today } from '../../api/session';
import { activity_log, alert_act, approval_approve, approval_reject, order_release, promise_make } from '../../api/types';
import { activityBack, releaseBack } from '../../kit/back';
import { CustomsWithin, fieldsIn, type CustomDraft } from '../../custom/input';
import { Chips, Field } from '../../kit/field';
import { Form, useForm } from '../../kit/form';
import type { Told } from '../../kit/toast';
import { dayPlus, PROMISE_DAYS } from '../../words/days';
import { calledThere } from '../../words/called';
import { day, money, moneyIn, moneyTyped } from '../../words/format';
import { t as visitText } from '../visit/words';
import { ordered, type Item } from './item';
import { sortsOfVisit, VisitFields } from './visit';
import { t } from './words';

export const ACTS = ['approve', 'reject', 'release', 'call', 'promise', 'step', 'act'] as const;
export type Act = (typeof ACTS)[number];

export interface Filled {
  text: string;
  amount: string;
  due_on: string;
  /** Of a visit. */
  kind: string;
  next_on: string;
  next_step: string;
  /** What the organisation added, of a call or a visit. */
  fields: CustomDraft;
}

interface ActProps {
  act: Act;
  item: Item;
  onDone: (told: Told) => void;
  onCancel: () => void;
}

/** What is done about an account is done about its alert too, which would stand there until the day is closed. Where it may
 * not be noted the alert stays. */
async function alertNoted(item: Item, reason: string): Promise<void> {
  if (item.kind === 'alert' && may('ALERT_WRITE')) await call(alert_act, { alert: item.id, reason }).catch(() => undefined);
}

async function send(act: Act, item: Item, filled: Filled, key: string): Promise<Told> {
  const { currency } = item;
  const { text, amount, due_on, fields } = filled;
  const number = calledThere(ordered(item));
  switch (act) {
    case 'approve': {
      const out = await call(approval_approve, { approval: item.id, reason: text }, { key });
      return out.status === 'approved' ? { text: () => t('told.approved') } : { text: () => t('told.pending'), tone: 'warn' };
    }
    case 'reject':
      await call(approval_reject, { approval: item.id, reason: text }, { key });
      return { text: () => t('told.rejected') };
    case 'release': {
      const done = await answer(order_release, { order: item.id, reason: text }, { key });
      return done.out.status === 'approved'
        ? { text: () => t('told.released', { number }), undo: releaseBack(item.id, done.version) }
        : { text: () => t('told.release_pending', { number }), tone: 'warn' };
    }
    case 'call': {
      const logged = await answer(activity_log, { partner: item.partner, kind: 'collection', on: session.value?.today ?? '', note: text, ...fieldsIn('activity', fields) }, { key });
      await alertNoted(item, text);
      return { text: () => t('told.called'), undo: activityBack(logged) };
    }
    case 'promise': {
      const replaces = item.kind === 'promise_due' ? { replaces: item.id } : {};
      const invoices = item.invoices.length ? { invoices: [...item.invoices] } : {};
      await call(promise_make, { account: item.account, amount: moneyTyped(amount), due_on, ...replaces, ...invoices }, { key });
      const told = () => t('told.promised', { amount: moneyIn(moneyTyped(amount), currency), day: day(due_on) });
      await alertNoted(item, told());
      return { text: told };
    }
    case 'step': {
      const { next_on, next_step } = filled;
      const kind = sortsOfVisit().find((one) => one === filled.kind) ?? 'information';
      const next = { ...(next_on && { next_on }), ...(next_step && { next_step }) };
      const input = { partner: item.partner, kind, on: session.value?.today ?? '', note: text, follows: item.id, ...next, ...fieldsIn('activity', fields) };
      return { text: () => t('told.visited'), undo: activityBack(await answer(activity_log, input, { key })) };
    }
    case 'act':
      await call(alert_act, { alert: item.id, reason: text }, { key });
      return { text: () => t('told.acted') };
  }
}

function chipsOf(act: Act): string[] {
  switch (act) {
    case 'approve':
    case 'release': return [t('chip.agree'), t('chip.season')];
    case 'reject': return [t('chip.too_much')];
    case 'call': return [t('chip.will_pay'), t('chip.no_answer'), t('chip.dispute')];
    case 'step': return [t('chip.done'), t('chip.dropped')];
    case 'act': return [t('chip.called')];
    case 'promise': return [];
  }
}

function labelOf(act: Act): string {
  switch (act) {
    case 'call': return t('form.note');
    case 'step': return visitText('visit.note');
    case 'act': return t('form.done');
    default: return t('form.reason');
  }
}

export function ActForm({ act, item, onDone, onCancel }: ActProps) {
  const form = useForm<Filled, Told>({
    draft: `${act} ${item.key}`,
    empty: {
      text: '', amount: act === 'promise' && item.owed ? money(item.owed) : '', due_on: act === 'promise' ? dayPlus(today(), PROMISE_DAYS) : '',
      kind: sortsOfVisit()[0] ?? '', next_on: '', next_step: '', fields: {},
    },
    send: (filled, key) => send(act, item, filled, key),
    onDone,
  });
  const { value, set, error } = form;
  const isReason = act === 'approve' || act === 'reject' || act === 'release';
  const chips = chipsOf(act);
  return (
    <div class="item-form" onKeyDown={(event) => event.key === 'Escape' && onCancel()}>
      <Form of={form} submit={t(`do.${act}`)} kind={act === 'reject' ? 'danger' : 'primary'} onCancel={onCancel}>
        {act === 'promise' ? (
          <>
            <div class="form-row">
              <Field type="money" label={t('form.amount')} required unit={item.currency} value={value.amount} onInput={set('amount')} error={error('amount')} focus />
              <Field type="date" label={t('form.due_on')} required value={value.due_on} onInput={set('due_on')} error={error('due_on')} />
            </div>
            <p class="field-hint">{item.kind === 'promise_due' ? t('form.promise.replaces', { day: day(item.due) }) : t('form.promise.hint')}</p>
          </>
        ) : (
          <Field type="long" label={labelOf(act)} required value={value.text} onInput={set('text')}
            error={error('reason') ?? error('note')} focus {...(isReason && { hint: t('form.reason.hint') })} />
        )}
        {act === 'step' && <VisitFields of={form} />}
        {(act === 'call' || act === 'step') && <CustomsWithin record="activity" needed draft={value.fields} onChange={set('fields')} error={error} />}
        {chips.length > 0 && <Chips label={t('form.reason')} texts={chips} onPick={set('text')} />}
      </Form>
    </div>
  );
}
