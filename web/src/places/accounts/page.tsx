// All accounts, each with its exposure against its limit.

import { useState } from 'preact/hooks';
import { call } from '../../api/client';
import { account_list, type AccountView as Account } from '../../api/types';
import { Badge } from '../../kit/badge';
import { ExposureBar } from '../../kit/bar';
import { Field } from '../../kit/field';
import { Link } from '../../kit/link';
import { Load, More, usePages } from '../../kit/load';
import { Empty } from '../../kit/notice';
import { Page } from '../../kit/page';
import { Table, type Column } from '../../kit/table';
import { accountPath } from '../account/place';
import { limitText, money, size } from '../../words/format';
import { t } from './words';

const PAGE_ROWS = 500;

type Order = 'code' | 'use' | 'overdue';
const ORDERS: readonly Order[] = ['code', 'use', 'overdue'];

/** Without a limit any exposure is beyond all of it. */
function useOf(account: Account): number {
  const exposure = size(account.exposure);
  if (account.limit === 'unlimited') return 0;
  const limit = size(account.limit);
  return limit > 0 ? exposure / limit : exposure > 0 ? Infinity : 0;
}

function ordered(accounts: readonly Account[], by: Order): Account[] {
  const weight = by === 'use' ? useOf : (account: Account) => size(account.overdue);
  // Sorting keeps equals in their place, and they come by code.
  return by === 'code' ? [...accounts] : [...accounts].sort((a, b) => (weight(b) === weight(a) ? 0 : weight(b) - weight(a)));
}

function matches(account: Account, text: string): boolean {
  const wanted = text.trim().toLowerCase();
  return [account.code, account.partner, account.partner_name].some((part) => part?.toLowerCase().includes(wanted));
}

function columns(): Column<Account>[] {
  return [
    {
      key: 'account', label: t('accounts.account'), lead: true,
      cell: (a) => (
        <Link to={accountPath(a.code ?? '')} class="row-link">
          <strong>{a.partner_name ?? a.code}</strong>
          <span class="faint">{a.code} · {a.currency}</span>
        </Link>
      ),
    },
    { key: 'state', label: t('accounts.state'), corner: true, cell: (a) => <Badge group="state" value={a.state} /> },
    { key: 'use', label: t('accounts.use'), wide: true, cell: (a) => <ExposureBar exposure={a.exposure} limit={a.limit} /> },
    { key: 'exposure', label: t('accounts.exposure'), figure: true, cell: (a) => money(a.exposure) },
    { key: 'limit', label: t('accounts.limit'), figure: true, cell: (a) => limitText(a.limit) },
    {
      key: 'overdue', label: t('accounts.overdue'), figure: true,
      cell: (a) => size(a.overdue) > 0 ? <span class="bad">{money(a.overdue)}</span> : <span class="faint">{t('app.none')}</span>,
    },
  ];
}

function Accounts({ accounts, text, by }: { accounts: Account[]; text: string; by: Order }) {
  if (!accounts.length) return <Empty title={t('accounts.empty')} hint={t('accounts.empty.hint')} />;
  const found = text.trim() ? accounts.filter((a) => matches(a, text)) : accounts;
  if (!found.length) return <Empty title={t('accounts.no_match', { text })} hint={t('accounts.no_match.hint')} />;
  return <Table label={t('accounts.title')} columns={columns()} rows={ordered(found, by)} rowKey={(a) => a.code ?? ''} />;
}

export default function AccountsPage() {
  const pages = usePages('accounts', (cursor) => call(account_list, { limit: PAGE_ROWS, sort: 'code', ...(cursor && { cursor }) }));
  const [text, setText] = useState('');
  const [by, setBy] = useState<Order>('code');
  return (
    <Page
      title={t('accounts.title')}
      intro={pages.data && t('accounts.shown', { count: `${pages.data.length}${pages.more ? '+' : ''}` })}
      aside={(
        <div class="accounts-tools">
          <Field label={t('accounts.sort')} hideLabel value={by} onInput={(value) => setBy(ORDERS.find((o) => o === value) ?? 'code')}
            options={ORDERS.map((value) => ({ value, label: t(`accounts.sort.${value}`) }))} />
          <Field label={t('accounts.find')} hideLabel type="search" value={text} onInput={setText} />
        </div>
      )}
    >
      <Load of={pages} rows={8}>{(accounts) => <Accounts accounts={accounts} text={text} by={by} />}</Load>
      <More of={pages} />
    </Page>
  );
}
