// Money that came, and what of it is not allocated yet.

import { call } from '../../api/client';
import { may } from '../../api/session';
import { payment_list, type PaymentView } from '../../api/types';
import { Badge } from '../../kit/badge';
import { Button } from '../../kit/button';
import { Check } from '../../kit/field';
import { Link } from '../../kit/link';
import { Load, More, useLivePages } from '../../kit/load';
import { Empty } from '../../kit/notice';
import { Page } from '../../kit/page';
import { Table, type Column } from '../../kit/table';
import { useActions } from '../../shell/actions';
import { go, queryGet, querySet } from '../../shell/route';
import { day, money, moneyIn, size } from '../../words/format';
import { accountAsked, NarrowAccount } from './narrow';
import { paymentPath, takePath } from './place';
import { t } from './words';

const PAGE_ROWS = 100;

function columns(): Column<PaymentView>[] {
  return [
    { key: 'on', label: t('payment.on'), date: true, cell: (p) => day(p.received_on) },
    {
      key: 'account', label: t('rec.account'), lead: true,
      cell: (p) => <Link to={paymentPath(p.id ?? '')} class="row-link"><strong>{p.partner_name}</strong><span class="faint">{p.account}</span></Link>,
    },
    { key: 'reference', label: t('payment.reference'), blank: (p) => !p.reference, cell: (p) => p.reference ?? t('app.none') },
    { key: 'status', label: t('rec.status'), corner: true, cell: (p) => <Badge group="status" value={p.status} /> },
    { key: 'amount', label: t('rec.amount'), figure: true, cell: (p) => moneyIn(p.amount, p.currency) },
    { key: 'advance', label: t('payment.advance'), figure: true, blank: (p) => size(p.advance) <= 0, cell: (p) => size(p.advance) > 0 ? <b>{money(p.advance)}</b> : <span class="faint">{t('app.none')}</span> },
  ];
}

export function Payments() {
  const account = accountAsked();
  const restOnly = queryGet('rest') === '1';
  const pages = useLivePages(`payments ${account} ${restOnly}`, (cursor) => call(payment_list, {
    sort: '-id', limit: PAGE_ROWS, ...(account && { account }), ...(restOnly && { filter: 'advance gt 0' }), ...(cursor && { cursor }),
  }), account ?? undefined);
  const mayTake = may('PAYMENT_WRITE');
  const take = () => go(takePath(account ?? undefined));
  useActions(mayTake ? [{ label: t('payment.take'), icon: 'plus', run: take }] : []);
  return (
    <Page
      title={t('payment.title')} intro={t('payment.intro')}
      aside={(
        <div class="rec-tools">
          <Check label={t('payment.rest_only')} checked={restOnly} onChange={(on) => querySet({ rest: on ? '1' : null })} />
          <NarrowAccount />
          {mayTake && <Button kind="primary" onClick={take}>{t('payment.take')}</Button>}
        </div>
      )}
    >
      <Load of={pages}>
        {(payments) => payments.length
          ? <Table label={t('payment.title')} columns={columns()} rows={payments} rowKey={(p) => p.id ?? ''} />
          : <Empty title={t('payment.empty')} hint={t('payment.empty.hint')} />}
      </Load>
      <More of={pages} />
    </Page>
  );
}
