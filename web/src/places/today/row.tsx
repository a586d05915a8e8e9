// One matter: who, how much, why now, and what can be done about it.

import { kindsMine } from '../../api/activity';
import { call } from '../../api/client';
import { may } from '../../api/session';
import { approval_get, order_approvers } from '../../api/types';
import { deciding, type Decision } from '../../decision/decision';
import { Refusing } from '../../decision/refusing';
import { Button } from '../../kit/button';
import { Link } from '../../kit/link';
import { useLoaded } from '../../kit/load';
import type { Told } from '../../kit/toast';
import { calledThere } from '../../words/called';
import { day, money, moneyIn } from '../../words/format';
import { accountPath } from '../account/place';
import { heldPath } from '../held/place';
import { partnerPath } from '../partner/place';
import { POLICY } from '../policy/place';
import { itemsPath } from '../receivables/place';
import { ActForm, type Act } from './act';
import { figuresIn, ordered, type Item } from './item';
import { sortsOfVisit } from './visit';
import { sentence, t } from './words';

interface RowProps {
  item: Item;
  /** Of a held order: what holds it. */
  why: Decision | null;
  act: Act | null;
  chosen: boolean;
  onAct: (act: Act | null) => void;
  onDone: (told: Told) => void;
}

/** What is said to whoever owes. */
function askingActs(item: Item): Act[] {
  return [...(kindsMine().includes('collection') && item.partner ? ['call' as const] : []), ...(may('PROMISE_WRITE') ? ['promise' as const] : [])];
}

export function actsOf(item: Item): Act[] {
  switch (item.kind) {
    case 'approval': return may('RELEASE_GIVE') ? ['approve', 'reject'] : [];
    case 'held_order': return may('RELEASE_GIVE') && !may('ORDER_WRITE') ? ['release'] : [];
    case 'promise_due':
    case 'overdue': return askingActs(item);
    case 'step_due': return sortsOfVisit().length ? ['step'] : [];
    case 'hospitality_named': return [];
    case 'alert': return [...(item.owed ? askingActs(item) : []), ...(may('ALERT_WRITE') ? ['act' as const] : [])];
  }
}

function figuresOf(because: unknown): string {
  return figuresIn(because)
    .map(({ figure, value }) => sentence(`figure.${figure}`, { value: typeof value === 'number' ? value : money(String(value ?? '')) }))
    .filter((text) => text !== null).join(t('app.comma'));
}

function whatOf(item: Item): string {
  switch (item.kind) {
    case 'approval': return sentence(`ask.${item.why}`, { number: item.number ? calledThere(item) : item.account }) ?? item.why;
    case 'held_order': return t('item.held_order', { number: calledThere(ordered(item)) });
    case 'promise_due': return t('item.promise_due', { day: day(item.due) });
    case 'step_due': return item.why === NO_STEP ? t('item.step_due.bare') : t('item.step_due', { step: item.why });
    case 'overdue': return t('item.overdue', { count: item.invoices.length, day: day(item.due) });
    case 'hospitality_named': return t('item.hospitality_named', { name: item.forWhom });
    case 'alert': return sentence(`alert.${item.why}`) ?? item.why;
  }
}

/** Of a step that has a day alone. */
const NO_STEP = 'step due';

/** Since or until when, which is not broken between two lines. */
function whenOf(item: Item): string {
  switch (item.kind) {
    case 'approval': return item.due ? t('item.until', { day: day(item.due) }) : '';
    case 'held_order': return t('item.since', { day: day(item.due) });
    case 'hospitality_named':
    case 'step_due': return day(item.due);
    default: return '';
  }
}

function moreOf(item: Item, why: Decision | null): string {
  switch (item.kind) {
    case 'approval': return '';
    case 'held_order': return why ? deciding(why) : '';
    case 'promise_due': return item.forWhom ? t('item.promise_due.by', { name: item.forWhom }) : '';
    case 'step_due': return item.forWhom ? t('item.step_due.by', { name: item.forWhom }) : '';
    case 'overdue': return '';
    case 'hospitality_named': return '';
    case 'alert': return figuresOf(item.alert?.because);
  }
}

interface Asked {
  promise?: { amount?: string; due_on?: string } | null;
}

/** What was asked and by whom, before one agrees to it. */
function Request({ id, currency }: { id: string; currency: string | null }) {
  const found = useLoaded(`approval ${id}`, () => call(approval_get, { approval: id }));
  const approval = found.data;
  if (!approval) return null;
  const promise = (approval.input as Asked | null)?.promise;
  return (
    <div class="item-asked">
      <p><b>{t('asked.by', { name: approval.requested_by ?? '' })}</b>{approval.reason && <>: {approval.reason}</>}</p>
      {promise?.amount && <p>{t('asked.promise', { amount: moneyIn(promise.amount, currency), day: day(promise.due_on) })}</p>}
      {approval.consents.map((one) => <p key={one.user}>{t('asked.consents', { name: one.user ?? '' })}{one.reason && <>: {one.reason}</>}</p>)}
    </div>
  );
}

/** Whether it is any use to release it. */
function Release({ order, account }: { order: string; account: string }) {
  const found = useLoaded(`approvers ${order}`, () => call(order_approvers, { order }));
  return <Refusing rules={found.data?.refusing ?? []} account={account} />;
}

export function ItemRow({ item, why, act, chosen, onAct, onDone }: RowProps) {
  const more = moreOf(item, why);
  const when = whenOf(item);
  const severity = item.alert?.severity;
  return (
    <li class={`item item-${item.kind}${chosen ? ' item-chosen' : ''}${act ? ' item-open' : ''}`} data-key={item.key} tabIndex={-1}>
      <div class="item-line">
        <span class={`item-kind${severity ? ` item-${severity}` : ''}`}>{severity ? sentence(`severity.${severity}`) ?? severity : t(`one.${item.kind}`)}</span>
        <div class="item-what">
          <strong>{item.account ? <Link to={accountPath(item.account)}>{item.name}</Link> : item.kind === 'step_due' ? <Link to={partnerPath(item.partner)}>{item.name}</Link> : item.name || t('app.name')}</strong>
          <span>{whatOf(item)}{when && <>{'\u2002'}<span class="faint item-when">{when}</span></>}</span>
          {more && <span class="faint">{more}</span>}
        </div>
        <span class="item-amount">{item.amount && moneyIn(item.amount, item.currency)}{item.whole && <span class="part-of">{t('item.of', { amount: money(item.whole) })}</span>}</span>
        <div class="item-acts">
          {actsOf(item).map((one, i) => (
            <Button key={one} kind={one === 'reject' ? 'danger' : i === 0 ? 'primary' : 'plain'} expanded={act === one} onClick={() => onAct(act === one ? null : one)}>{t(`do.${one}`)}</Button>
          ))}
          {item.kind === 'overdue' && !actsOf(item).length && <Link to={itemsPath('open', item.account)} class="button">{t('do.items')}</Link>}
          {item.kind === 'held_order' && <Link to={heldPath(item.id)} class="button">{t('do.case')}</Link>}
        </div>
      </div>
      {item.kind === 'approval' && item.why === 'policy_set' && <p class="item-asked"><Link to={POLICY}>{t('asked.policy')}</Link></p>}
      {act && item.kind === 'approval' && <Request id={item.id} currency={item.currency} />}
      {act === 'release' && <Release order={item.id} account={item.account} />}
      {act && <ActForm key={act} act={act} item={item} onDone={onDone} onCancel={() => onAct(null)} />}
    </li>
  );
}
