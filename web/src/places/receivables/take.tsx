// Takes a payment: from whom, how much, and which invoices it pays, oldest due first or by hand.

import { useState } from 'preact/hooks';
import { call } from '../../api/client';
import { today } from '../../api/session';
import { invoice_list, order_list, payment_post, type InvoiceView as Invoice, type PaymentPostOut } from '../../api/types';
import { findAccount, hasText } from '../../find/refs';
import { Button } from '../../kit/button';
import { Field } from '../../kit/field';
import { Form, useForm, type FormState } from '../../kit/form';
import { Icon } from '../../kit/icon';
import { Link } from '../../kit/link';
import { Load, useLoaded } from '../../kit/load';
import { Lookup, type Choice, type Find } from '../../kit/lookup';
import { Empty, Notice } from '../../kit/notice';
import { Page } from '../../kit/page';
import { go } from '../../shell/route';
import { calledAlone } from '../../words/called';
import { grouped, less, money, moneyIn, moneyTyped, size } from '../../words/format';
import { asked, NO_PARTS, oldestFirst, sumOf, type Parts } from './allocate';
import { accountAsked } from './narrow';
import { PartsTable } from './parts';
import { paymentPath, receivablesPath } from './place';
import { Unblocked } from './unblocked';
import { t } from './words';

const MOST_INVOICES = 200;

interface Taking {
  account: string;
  amount: string;
  received_on: string;
  reference: string;
  order: string;
  way: 'oldest' | 'hand';
  parts: Record<string, string>;
}

function send(value: Taking, key: string): Promise<PaymentPostOut> {
  return call(payment_post, {
    account: value.account, amount: moneyTyped(value.amount), received_on: value.received_on,
    ...(value.reference.trim() && { reference: value.reference.trim() }), ...(value.order && { order: value.order }),
    ...(value.way === 'hand' && { allocations: asked(value.parts) }),
  }, { key });
}

function ordersOf(account: string): Find {
  return async (text, abort) => {
    const filter = hasText(['number'], text);
    const page = await call(order_list, { account, limit: 12, sort: '-id', ...(filter && { filter }) }, { abort });
    return page.items.map((o): Choice => ({ value: o.number ?? '', label: calledAlone({ ...o, on: o.ordered_on, amount: o.total }), hint: moneyIn(o.total, o.currency) }));
  };
}

export function openOf(account: string): Promise<Invoice[]> {
  return account ? call(invoice_list, { account, status: 'open', sort: 'due_on', limit: MOST_INVOICES }).then((page) => page.items) : Promise.resolve([]);
}

/** As somebody would have typed them. */
function partsTyped(parts: Parts): Record<string, string> {
  return Object.fromEntries(Object.entries(parts).map(([invoice, amount]) => [invoice, grouped(amount)]));
}

/** What is spread, and what is left as an advance. */
export function Spread({ amount, parts, invoices }: { amount: string; parts: Parts; invoices: readonly Invoice[] }) {
  const sum = sumOf(parts, invoices);
  const typed = moneyTyped(amount);
  const left = /^\d+(\.\d+)?$/.test(typed) ? less(typed, sum) : null;
  return (
    <dl class="spread-sum" aria-live="polite">
      <div><dt>{t('take.spread')}</dt><dd>{money(sum)}</dd></div>
      {left !== null && (size(left) < 0
        ? <div class="bad"><dt>{t('take.too_much')}</dt><dd>{money(less('0', left))}</dd></div>
        : <div><dt>{t('take.left')}</dt><dd>{money(left)}</dd></div>)}
    </dl>
  );
}

function Ways({ form, invoices }: { form: FormState<Taking>; invoices: readonly Invoice[] }) {
  const { value } = form;
  const isHand = value.way === 'hand';
  const parts = isHand ? value.parts : oldestFirst(invoices, value.amount, value.order);
  const allocationError = (index: number) => index < 0 ? undefined : form.error(`allocations.${index}.amount`) ?? form.error(`allocations.${index}.invoice`);
  if (!invoices.length) return <Notice tone="plain">{t('take.nothing_open')}</Notice>;
  return (
    <>
      <fieldset class="ways">
        <legend>{t('take.way')}</legend>
        {(['oldest', 'hand'] as const).map((way) => (
          <label key={way} class="check">
            <input type="radio" name="way" checked={value.way === way}
              onChange={() => form.change(way === 'hand' && !Object.keys(value.parts).length ? { way, parts: partsTyped(parts) } : { way })} />
            <span>{t(`take.way.${way}`)}</span>
          </label>
        ))}
      </fieldset>
      <PartsTable invoices={invoices} amount={moneyTyped(value.amount) || '0'} parts={parts} error={allocationError}
        onChange={isHand ? (next) => form.change({ parts: { ...next } }) : undefined} />
      {form.error('allocations') && <p class="field-error">{form.error('allocations')}</p>}
      <Spread amount={value.amount} parts={parts} invoices={invoices} />
    </>
  );
}

function Taken({ made, onAgain }: { made: PaymentPostOut; onAgain: () => void }) {
  return (
    <section class="card taken">
      <Notice tone="good">{t('take.done', { amount: moneyIn(made.amount, made.currency) })}</Notice>
      <ul class="taken-parts">
        {made.allocations.map((part) => <li key={part.id}><span>{t('take.paid', { number: part.number ?? '' })}</span><b class="figure">{money(part.amount)}</b></li>)}
        {size(made.advance) > 0 && <li><span>{t('take.left')}</span><b class="figure">{money(made.advance)}</b></li>}
      </ul>
      <Unblocked orders={made.unblocked} />
      <div class="row">
        <Button kind="primary" onClick={onAgain}>{t('take.again')}</Button>
        <Button onClick={() => go(paymentPath(made.id ?? ''))}>{t('take.open')}</Button>
      </div>
    </section>
  );
}

function TakeForm({ onDone }: { onDone: (made: PaymentPostOut) => void }) {
  const form = useForm({
    draft: `payment ${accountAsked() ?? ''}`,
    empty: { account: accountAsked() ?? '', amount: '', received_on: today(), reference: '', order: '', way: 'oldest', parts: NO_PARTS } as Taking,
    send, onDone,
  });
  const { value, set, error } = form;
  const invoices = useLoaded(`take ${value.account}`, () => openOf(value.account));
  const currency = invoices.data?.[0]?.currency;
  return (
    <Form of={form} submit={t('take.post')} class="card" onCancel={() => go(receivablesPath('payments'))}>
      <div class="form-row">
        <Lookup label={t('rec.account')} value={value.account} find={findAccount} error={error('account')} required focus={!value.account}
          onChoose={(account) => form.change({ account, parts: {}, order: '' })} />
        <Field label={t('rec.amount')} type="money" value={value.amount} onInput={set('amount')} error={error('amount')} unit={currency ?? null} required focus={Boolean(value.account)} />
        <Field label={t('payment.on')} type="date" value={value.received_on} onInput={set('received_on')} error={error('received_on')} required />
      </div>
      <div class="form-row">
        <Field label={t('payment.reference')} hint={t('payment.reference.hint')} value={value.reference} onInput={set('reference')} error={error('reference')} />
        <Lookup label={t('take.order')} hint={t('take.order.hint')} value={value.order} find={ordersOf(value.account)} onChoose={set('order')} error={error('order')} />
      </div>
      {!value.account ? <Empty title={t('take.pick')} hint={t('take.pick.hint')} /> : <Load of={invoices} rows={3}>{(open) => <Ways form={form} invoices={open} />}</Load>}
    </Form>
  );
}

export function TakePayment() {
  const [made, setMade] = useState<PaymentPostOut | null>(null);
  return (
    <>
      <Link to={receivablesPath('payments')} class="back"><Icon name="back" />{t('payment.back')}</Link>
      <Page title={t('payment.take')} intro={t('take.intro')}>
        {made ? <Taken made={made} onAgain={() => setMade(null)} /> : <TakeForm onDone={setMade} />}
      </Page>
    </>
  );
}
