// What customers promised to pay, and what became of it.

import { useState } from 'preact/hooks';
import { call } from '../../api/client';
import { may, today } from '../../api/session';
import { invoice_list, promise_list, promise_make, promise_withdraw, type PromiseView } from '../../api/types';
import { findAccount } from '../../find/refs';
import { Badge } from '../../kit/badge';
import { Button } from '../../kit/button';
import { Dialog } from '../../kit/dialog';
import { Check, Field } from '../../kit/field';
import { Form, useForm } from '../../kit/form';
import { Link } from '../../kit/link';
import { Load, More, useLivePages, useLoaded } from '../../kit/load';
import { Lookup } from '../../kit/lookup';
import { Menu, type MenuItem } from '../../kit/menu';
import { Empty } from '../../kit/notice';
import { Page } from '../../kit/page';
import { Table, type Column } from '../../kit/table';
import { tell } from '../../kit/toast';
import { useActions } from '../../shell/actions';
import { queryGet, querySet } from '../../shell/route';
import { day, money, moneyIn, moneyTyped, percent, size } from '../../words/format';
import { word } from '../../words/words';
import { dayPlus, PROMISE_DAYS } from '../../words/days';
import { accountAsked, NarrowAccount } from './narrow';
import { statementPath } from './place';
import { ReasonDialog } from './reason';
import { t } from './words';

const PAGE_ROWS = 100;
const STATES = ['open', 'broken', 'partly_kept', 'kept', 'withdrawn', 'replaced'] as const;

type Doing = { what: 'make'; replaces: PromiseView | null } | { what: 'withdraw'; promise: PromiseView };

function NamedInvoices({ account, chosen, onChange }: { account: string; chosen: readonly string[]; onChange: (numbers: string[]) => void }) {
  const open = useLoaded(`promise invoices ${account}`, () => account
    ? call(invoice_list, { account, status: 'open', sort: 'due_on', limit: 50 }).then((page) => page.items, () => []) : Promise.resolve([]));
  if (!open.data?.length) return null;
  return (
    <fieldset class="named">
      <legend>{t('promise.invoices')}</legend>
      {open.data.map((invoice) => {
        const number = invoice.id ?? '';
        return (
          <Check key={number} label={`${invoice.number} · ${day(invoice.due_on)} · ${money(invoice.open)}`} checked={chosen.includes(number)}
            onChange={(on) => onChange(on ? [...chosen, number] : chosen.filter((one) => one !== number))} />
        );
      })}
      <p class="field-hint">{t('promise.invoices.hint')}</p>
    </fieldset>
  );
}

/** Also used where an account is at hand, which is then given. */
export function PromiseDialog({ account, replaces, onClose, onDone }: { account: string; replaces: PromiseView | null; onClose: () => void; onDone: () => void }) {
  const form = useForm({
    draft: `promise ${account} ${replaces?.id ?? ''}`,
    empty: { account, amount: replaces?.lacks ?? '', due_on: dayPlus(today(), PROMISE_DAYS), invoices: [] as string[] },
    send: (value, key) => call(promise_make, {
      account: value.account, amount: moneyTyped(value.amount), due_on: value.due_on,
      ...(value.invoices.length && { invoices: value.invoices }), ...(replaces?.id && { replaces: replaces.id }),
    }, { key }),
    onDone: (made) => {
      tell({ text: () => t('promise.made', { amount: money(made.amount), day: day(made.due_on), level: made.level }), tone: made.level > 1 ? 'warn' : 'good' });
      onDone();
    },
  });
  const { value, set, error } = form;
  return (
    <Dialog title={replaces ? t('promise.replace') : t('promise.make')} onClose={onClose}>
      {replaces && <p class="faint">{t('promise.replace.hint', { amount: moneyIn(replaces.amount, replaces.currency), day: day(replaces.due_on) })}</p>}
      <Form of={form} submit={t('promise.record')} onCancel={onClose}>
        <Lookup label={t('rec.account')} value={value.account} find={findAccount} onChoose={(chosen) => form.change({ account: chosen, invoices: [] })} error={error('account')} required focus={!account} />
        <div class="form-row">
          <Field label={t('promise.amount')} type="money" value={value.amount} onInput={set('amount')} error={error('amount')} required focus={Boolean(account)} />
          <Field label={t('promise.due')} type="date" value={value.due_on} onInput={set('due_on')} error={error('due_on')} required />
        </div>
        <NamedInvoices account={value.account} chosen={value.invoices} onChange={set('invoices')} />
      </Form>
    </Dialog>
  );
}

function Received({ promise }: { promise: PromiseView }) {
  const target = size(promise.target);
  return (
    <span class="kept">
      <span class="bar" aria-hidden="true"><span class="bar-part bar-calm" style={{ width: `${Math.min(100, percent(size(promise.received), target))}%` }} /></span>
      <span>{t('promise.received', { received: money(promise.received), target: money(promise.target) })}</span>
    </span>
  );
}

function acts(promise: PromiseView, onDo: (doing: Doing) => void): MenuItem[] {
  if (promise.status !== 'open') return [];
  return [
    ...(may('PROMISE_WRITE') ? [{ label: t('promise.replace'), run: () => onDo({ what: 'make', replaces: promise }) }] : []),
    ...(may('PROMISE_WITHDRAW') ? [{ label: t('promise.withdraw'), danger: true, run: () => onDo({ what: 'withdraw', promise }) }] : []),
  ];
}

function columns(onDo: (doing: Doing) => void): Column<PromiseView>[] {
  return [
    {
      key: 'account', label: t('rec.account'), lead: true,
      cell: (p) => <Link to={statementPath(p.account ?? '')} class="row-link"><strong>{p.partner_name}</strong><span class="faint">{p.account}</span></Link>,
    },
    { key: 'status', label: t('rec.status'), corner: true, cell: (p) => <Badge group="status" value={p.status} /> },
    { key: 'due', label: t('promise.due'), date: true, cell: (p) => day(p.due_on) },
    { key: 'amount', label: t('promise.amount'), figure: true, cell: (p) => moneyIn(p.amount, p.currency) },
    { key: 'received', label: t('promise.received.head'), wide: true, cell: (p) => <Received promise={p} /> },
    { key: 'level', label: t('promise.level'), figure: true, cell: (p) => p.level },
    { key: 'by', label: t('promise.vouched'), cell: (p) => p.vouched_by ?? t('app.none') },
    {
      key: 'act', label: t('rec.do'),
      cell: (p) => {
        const items = acts(p, onDo);
        return items.length ? <Menu label={t('promise.acts', { partner: p.partner_name ?? '', amount: money(p.amount) })} items={items} /> : null;
      },
    },
  ];
}

export function Promises() {
  const account = accountAsked();
  const asked = queryGet('status');
  const status = asked === 'all' ? null : STATES.find((one) => one === asked) ?? 'open';
  const [chosen, setDoing] = useState<Doing | null>(null);
  const doing: Doing | null = chosen ?? (queryGet('new') && may('PROMISE_WRITE') ? { what: 'make', replaces: null } : null);
  const pages = useLivePages(`promises ${account} ${status}`, (cursor) => call(promise_list, {
    sort: status === 'open' ? 'due_on' : '-due_on', limit: PAGE_ROWS, ...(status && { status }), ...(account && { account }), ...(cursor && { cursor }),
  }), account ?? undefined);
  const make = () => querySet({ new: '1' });
  useActions(may('PROMISE_WRITE') ? [{ label: t('promise.make'), icon: 'plus', run: make }] : []);
  const close = () => {
    setDoing(null);
    querySet({ new: null });
  };
  const done = () => {
    close();
    pages.reload();
  };
  return (
    <Page
      title={t('promise.title')} intro={t('promise.intro')}
      aside={(
        <div class="rec-tools">
          <Field label={t('rec.status')} hideLabel value={status ?? 'all'} onInput={(value) => querySet({ status: value === 'open' ? null : value })}
            options={[...STATES.map((value) => ({ value, label: word('status', value) })), { value: 'all', label: t('rec.all') }]} />
          <NarrowAccount />
          {may('PROMISE_WRITE') && <Button kind="primary" onClick={make}>{t('promise.make')}</Button>}
        </div>
      )}
    >
      <Load of={pages}>
        {(promises) => promises.length
          ? <Table label={t('promise.title')} columns={columns(setDoing)} rows={promises} rowKey={(p) => p.id ?? ''} />
          : <Empty title={t('promise.empty')} hint={t('promise.empty.hint')} />}
      </Load>
      <More of={pages} />
      {doing?.what === 'make' && <PromiseDialog account={doing.replaces?.account ?? account ?? ''} replaces={doing.replaces} onClose={close} onDone={done} />}
      {doing?.what === 'withdraw' && (
        <ReasonDialog title={t('promise.withdraw')} hint={t('promise.withdraw.hint')} submit={t('promise.withdraw')} draft={`withdraw ${doing.promise.id}`}
          send={(reason, key) => call(promise_withdraw, { promise: doing.promise.id ?? '', reason }, { key })} onDone={done} onClose={close} />
      )}
    </Page>
  );
}
