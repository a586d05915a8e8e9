// Invoices with something left to pay, the longest overdue first.

import { call } from '../../api/client';
import { may, today } from '../../api/session';
import { invoice_list, type InvoiceView as Invoice } from '../../api/types';
import { Check } from '../../kit/field';
import { Link } from '../../kit/link';
import { Load, More, useLivePages } from '../../kit/load';
import { Empty } from '../../kit/notice';
import { Page } from '../../kit/page';
import { Table, type Column } from '../../kit/table';
import { queryGet, querySet } from '../../shell/route';
import { day, money, moneyIn } from '../../words/format';
import { daysBetween } from '../../words/days';
import { accountAsked, NarrowAccount } from './narrow';
import { statementPath, takePath } from './place';
import { t } from './words';

const PAGE_ROWS = 100;

function Late({ invoice }: { invoice: Invoice }) {
  const late = daysBetween(invoice.due_on ?? today(), today());
  if (late > 0) return <span class="bad">{t('open.late', { days: late })}</span>;
  return <span class="faint">{late === 0 ? t('open.due_today') : t('open.due_in', { days: -late })}</span>;
}

function columns(): Column<Invoice>[] {
  return [
    { key: 'number', label: t('open.invoice'), cell: (i) => i.number },
    {
      key: 'account', label: t('rec.account'), lead: true,
      cell: (i) => <Link to={statementPath(i.account ?? '')} class="row-link"><strong>{i.partner_name}</strong><span class="faint">{i.account}</span></Link>,
    },
    { key: 'on', label: t('open.on'), date: true, cell: (i) => day(i.invoiced_on) },
    { key: 'due', label: t('open.due'), date: true, cell: (i) => day(i.due_on) },
    { key: 'late', label: t('open.lateness'), cell: (i) => <Late invoice={i} /> },
    {
      key: 'open', label: t('open.open'), figure: true,
      cell: (i) => <><b>{moneyIn(i.open, i.currency)}</b>{i.open !== i.amount && <span class="faint open-of">{t('open.of', { amount: money(i.amount) })}</span>}</>,
    },
    ...(may('PAYMENT_WRITE') ? [{ key: 'act', label: t('rec.do'), cell: (i: Invoice) => <Link to={takePath(i.account ?? '')}>{t('open.pay')}</Link> }] : []),
  ];
}

export function OpenItems() {
  const account = accountAsked();
  const lateOnly = queryGet('late') === '1';
  const pages = useLivePages(`open ${account} ${lateOnly}`, (cursor) => call(invoice_list, {
    status: 'open', sort: 'due_on', limit: PAGE_ROWS,
    ...(account && { account }), ...(lateOnly && { filter: `due_on lt ${today()}` }), ...(cursor && { cursor }),
  }), account ?? undefined);
  return (
    <Page
      title={t('open.title')} intro={t('open.intro')}
      aside={(
        <div class="rec-tools">
          <Check label={t('open.late_only')} checked={lateOnly} onChange={(on) => querySet({ late: on ? '1' : null })} />
          <NarrowAccount />
        </div>
      )}
    >
      <Load of={pages}>
        {(invoices) => invoices.length
          ? <Table label={t('open.title')} columns={columns()} rows={invoices} rowKey={(i) => i.id ?? ''} />
          : <Empty title={t('open.empty')} hint={t('open.empty.hint')} />}
      </Load>
      <More of={pages} />
    </Page>
  );
}
