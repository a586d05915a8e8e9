// One payment: what it paid, what is left of it, and how either is undone.

import { useState } from 'preact/hooks';
import { call } from '../../api/client';
import { allocationsBack } from '../../kit/back';
import { may } from '../../api/session';
import { allocation_post, allocation_reverse, payment_get, payment_reverse, type PaymentPart, type PaymentView } from '../../api/types';
import { Badge } from '../../kit/badge';
import { Button } from '../../kit/button';
import { Dialog } from '../../kit/dialog';
import { Form, useForm } from '../../kit/form';
import { Icon } from '../../kit/icon';
import { Link } from '../../kit/link';
import { Load, useLoaded } from '../../kit/load';
import { Empty } from '../../kit/notice';
import { Page } from '../../kit/page';
import { Table, type Column } from '../../kit/table';
import { tell } from '../../kit/toast';
import { day, money, moneyIn, size } from '../../words/format';
import { asked, NO_PARTS } from './allocate';
import { PartsTable } from './parts';
import { receivablesPath, statementPath } from './place';
import { ReasonDialog } from './reason';
import { openOf, Spread } from './take';
import { t } from './words';

type Doing = { what: 'allocate' } | { what: 'reverse' } | { what: 'part'; part: PaymentPart };

function columns(onReverse: ((part: PaymentPart) => void) | null): Column<PaymentPart>[] {
  return [
    { key: 'invoice', label: t('open.invoice'), lead: true, cell: (p) => <span class={p.reversed ? 'struck' : undefined}>{p.number}</span> },
    { key: 'on', label: t('payment.effective'), date: true, cell: (p) => day(p.effective_on) },
    { key: 'amount', label: t('rec.amount'), figure: true, cell: (p) => <span class={p.reversed ? 'struck' : undefined}>{money(p.amount)}</span> },
    {
      key: 'act', label: t('rec.do'),
      cell: (p) => p.reversed ? <Badge group="status" value="reversed" />
        : onReverse && size(p.amount) > 0 ? <Button kind="quiet" label={t('payment.part.reverse_of', { number: p.number ?? '' })} onClick={() => onReverse(p)}>{t('payment.part.reverse')}</Button> : null,
    },
  ];
}

function AllocateDialog({ payment, onClose, onDone }: { payment: PaymentView; onClose: () => void; onDone: () => void }) {
  const invoices = useLoaded(`allocate ${payment.account}`, () => openOf(payment.account ?? ''));
  const form = useForm({
    draft: `allocate ${payment.id}`,
    empty: { parts: NO_PARTS as Record<string, string> },
    send: (value, key) => call(allocation_post, { payment: payment.id ?? '', allocations: asked(value.parts) }, { key }),
    onDone: (done) => {
      tell({ text: () => t('allocate.done', { left: money(done.advance) }), undo: allocationsBack(done.allocations), undone: onDone });
      onDone();
    },
  });
  const advance = payment.advance ?? '0';
  return (
    <Dialog title={t('allocate.title', { amount: moneyIn(advance, payment.currency) })} kind="wide" onClose={onClose}>
      <Load of={invoices} rows={3}>
        {(open) => open.length ? (
          <Form of={form} submit={t('allocate.do')} onCancel={onClose}>
            <PartsTable invoices={open} amount={advance} parts={form.value.parts} onChange={(parts) => form.change({ parts: { ...parts } })}
              error={(index) => index < 0 ? undefined : form.error(`allocations.${index}.amount`)} />
            {form.error('allocations') && <p class="field-error">{form.error('allocations')}</p>}
            <Spread amount={advance} parts={form.value.parts} invoices={open} />
          </Form>
        ) : <Empty title={t('take.nothing_open')} hint={t('allocate.nothing.hint')} />}
      </Load>
    </Dialog>
  );
}

function Facts({ payment }: { payment: PaymentView }) {
  return (
    <dl class="payment-facts card">
      <div><dt>{t('rec.amount')}</dt><dd>{moneyIn(payment.amount, payment.currency)}</dd></div>
      <div><dt>{t('payment.allocated')}</dt><dd>{money(payment.allocated)}</dd></div>
      <div class={size(payment.advance) > 0 ? 'payment-left' : undefined}><dt>{t('payment.advance')}</dt><dd>{money(payment.advance)}</dd></div>
      <div><dt>{t('payment.on')}</dt><dd>{day(payment.received_on)}</dd></div>
      <div><dt>{t('payment.reference')}</dt><dd>{payment.reference ?? t('app.none')}</dd></div>
      <div><dt>{t('payment.by')}</dt><dd>{payment.posted_by ?? t('app.none')}</dd></div>
    </dl>
  );
}

function Acts({ payment, onDo }: { payment: PaymentView; onDo: (doing: Doing) => void }) {
  if (!may('PAYMENT_WRITE') || payment.status !== 'posted') return null;
  return (
    <div class="row acts">
      {size(payment.advance) > 0 && <Button kind="primary" onClick={() => onDo({ what: 'allocate' })}>{t('allocate.open')}</Button>}
      <Button kind="danger" onClick={() => onDo({ what: 'reverse' })}>{t('payment.reverse')}</Button>
    </div>
  );
}

export function PaymentPage({ payment: id }: { payment: string }) {
  const found = useLoaded(`payment ${id}`, () => call(payment_get, { payment: id }));
  const [doing, setDoing] = useState<Doing | null>(null);
  const payment = found.data;
  const close = () => setDoing(null);
  const done = () => {
    close();
    found.reload();
  };
  const mayReverse = may('PAYMENT_WRITE') && payment?.status === 'posted';
  return (
    <>
      <Link to={receivablesPath('payments')} class="back"><Icon name="back" />{t('payment.back')}</Link>
      <Page
        title={payment ? t('payment.of', { partner: payment.partner_name ?? payment.account ?? '' }) : t('payment.one')}
        intro={payment && <span class="facts"><Badge group="status" value={payment.status} /><Link to={statementPath(payment.account ?? '')}>{payment.account}</Link></span>}
        aside={payment && <Acts payment={payment} onDo={setDoing} />}
      >
        <Load of={found} rows={3}>
          {(data) => (
            <>
              <Facts payment={data} />
              <h2 class="rec-head">{t('payment.parts')}</h2>
              {data.allocations.length
                ? <Table label={t('payment.parts')} columns={columns(mayReverse ? (part) => setDoing({ what: 'part', part }) : null)} rows={data.allocations} rowKey={(p) => p.id ?? ''} />
                : <Empty title={t('payment.parts.empty')} hint={t('payment.parts.empty.hint')} />}
            </>
          )}
        </Load>
        {doing?.what === 'allocate' && payment && <AllocateDialog payment={payment} onClose={close} onDone={done} />}
        {doing?.what === 'reverse' && (
          <ReasonDialog title={t('payment.reverse')} hint={t('payment.reverse.hint')} submit={t('payment.reverse')} draft={`reverse ${id}`} onDone={done} onClose={close}
            send={(reason, key) => call(payment_reverse, { payment: id, reason }, { key })} />
        )}
        {doing?.what === 'part' && (
          <ReasonDialog title={t('payment.part.reverse_of', { number: doing.part.number ?? '' })} hint={t('payment.part.hint')} submit={t('payment.part.reverse')} draft={`reverse ${doing.part.id}`}
            onDone={done} onClose={close} send={(reason, key) => call(allocation_reverse, { allocation: doing.part.id ?? '', reason }, { key })} />
        )}
      </Page>
    </>
  );
}
