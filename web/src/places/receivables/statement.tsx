// The statement of an account: what was charged, what was paid, and the balance after each, to be printed and sent.

import { call } from '../../api/client';
import { today } from '../../api/session';
import { account_get, aging_report, entry_list, type AccountView, type AgingItem, type Entry } from '../../api/types';
import { findAccount } from '../../find/refs';
import { Button } from '../../kit/button';
import { Field } from '../../kit/field';
import { Link } from '../../kit/link';
import { Load, useLiveLoaded } from '../../kit/load';
import { Lookup } from '../../kit/lookup';
import { Empty } from '../../kit/notice';
import { Page } from '../../kit/page';
import { Table, type Column } from '../../kit/table';
import { printPage } from '../../shell/print';
import { go, queryGet, querySet } from '../../shell/route';
import { dayPlus } from '../../words/days';
import { day, less, money, moneyIn, plus, size } from '../../words/format';
import { accountPath } from '../account/place';
import { paymentPath, statementPath } from './place';
import { dated, figure, sheetSave, text } from './sheet';
import { sentence, t } from './words';

const PAGE_ROWS = 500;
const USUAL_DAYS = 90;

interface Line {
  key: string;
  on: string;
  kind: string;
  document: string;
  number: string | null;
  /** Raises what is owed when positive. */
  change: string;
  balance: string;
}

interface Books {
  account: AccountView;
  opening: string;
  lines: Line[];
  closing: AgingItem | null;
}

const OWED = ['receivable', 'cheque'];

/** What an entry does to receivable + cheques − advances. */
function changeOf(entry: Entry): string {
  const amount = entry.amount ?? '0';
  const gains = (OWED.includes(entry.to ?? '') ? 1 : 0) - (OWED.includes(entry.from ?? '') ? 1 : 0) - (entry.to === 'advance' ? 1 : 0) + (entry.from === 'advance' ? 1 : 0);
  return gains > 0 ? amount : gains < 0 ? less('0', amount) : '0';
}

/** The entries of one document on one day are one line; what only moved within the balance is none. */
function linesOf(entries: readonly Entry[], opening: string): Line[] {
  const lines = new Map<string, Line>();
  for (const entry of entries) {
    const change = changeOf(entry);
    if (size(change) === 0) continue;
    const key = `${entry.on} ${entry.document}`;
    const line = lines.get(key) ?? { key, on: entry.on ?? '', kind: entry.document_kind ?? '', document: entry.document ?? '', number: entry.number, change: '0', balance: '0' };
    lines.set(key, { ...line, change: plus(line.change, change) });
  }
  let balance = opening;
  return [...lines.values()].filter((line) => size(line.change) !== 0).map((line) => {
    balance = plus(balance, line.change);
    return { ...line, balance };
  });
}

async function entriesOf(account: string, from: string, until: string): Promise<Entry[]> {
  const all: Entry[] = [];
  for (let cursor: string | undefined; ;) {
    const page = await call(entry_list, { account, from, until, sort: 'on', limit: PAGE_ROWS, ...(cursor && { cursor }) });
    all.push(...page.items);
    if (!page.next) return all;
    cursor = page.next;
  }
}

async function booksOf(account: string, from: string, until: string): Promise<Books> {
  const [record, before, after, entries] = await Promise.all([
    call(account_get, { account }), call(aging_report, { account, as_of: dayPlus(from, -1) }), call(aging_report, { account, as_of: until }), entriesOf(account, from, until),
  ]);
  // Of the account's own currency, with its decimals.
  const nothing = less(record.exposure, record.exposure);
  const opening = before.items[0]?.total ?? nothing;
  return { account: record, opening, lines: linesOf(entries, opening), closing: after.items[0] ?? null };
}

function documentText(line: Line): string {
  return [sentence(`document.${line.kind}`) ?? line.kind, line.number].filter(Boolean).join(' ');
}

function Document({ line }: { line: Line }) {
  return line.kind === 'payment' ? <Link to={paymentPath(line.document)}>{documentText(line)}</Link> : <>{documentText(line)}</>;
}

/** As it is seen, the balances at both ends included. */
function save({ account, opening, lines }: Books, from: string, until: string): void {
  const inCurrency = (label: string) => `${label}, ${account.currency}`;
  sheetSave(
    `${t('statement.title')} ${account.partner_name} ${until}`,
    [t('statement.on'), t('statement.what'), inCurrency(t('statement.charge')), inCurrency(t('statement.credit')), inCurrency(t('statement.balance'))],
    [
      [dated(from), text(t('statement.opening', { day: day(from) })), null, null, figure(opening)],
      ...lines.map((line) => {
        const isCharge = size(line.change) > 0;
        return [dated(line.on), text(documentText(line)), isCharge ? figure(line.change) : null, isCharge ? null : figure(less('0', line.change)), figure(line.balance)];
      }),
      [dated(until), text(t('statement.closing', { day: day(until) })), null, null, figure(lines.at(-1)?.balance ?? opening)],
    ],
  );
}

function columns(): Column<Line>[] {
  return [
    { key: 'on', label: t('statement.on'), date: true, cell: (l) => day(l.on) },
    { key: 'what', label: t('statement.what'), lead: true, cell: (l) => <Document line={l} /> },
    { key: 'charge', label: t('statement.charge'), figure: true, blank: (l) => size(l.change) <= 0, cell: (l) => size(l.change) > 0 ? money(l.change) : '' },
    { key: 'credit', label: t('statement.credit'), figure: true, blank: (l) => size(l.change) >= 0, cell: (l) => size(l.change) < 0 ? money(less('0', l.change)) : '' },
    { key: 'balance', label: t('statement.balance'), figure: true, cell: (l) => <b>{money(l.balance)}</b> },
  ];
}

function Ages({ item }: { item: AgingItem }) {
  return (
    <ul class="legend statement-ages" aria-label={t('statement.ages')}>
      {(['not_due', 'd1_30', 'd31_60', 'd61_90', 'd91_plus'] as const).map((age) => (
        <li key={age}><span class={`swatch part-${age}`} />{t(`aging.${age}`)}<b>{money(item[age])}</b></li>
      ))}
    </ul>
  );
}

function Body({ books, from, until }: { books: Books; from: string; until: string }) {
  const { account, opening, lines, closing } = books;
  const last = lines.at(-1)?.balance ?? opening;
  return (
    <section class="statement">
      <div class="print-only">
        <p class="statement-head"><strong>{account.partner_name}</strong><span>{t('statement.period', { from: day(from), until: day(until) })}</span></p>
      </div>
      <p class="statement-sum"><span>{t('statement.opening', { day: day(from) })}</span><b class="figure">{moneyIn(opening, account.currency)}</b></p>
      {lines.length
        ? <Table label={t('statement.title')} columns={columns()} rows={lines} rowKey={(l) => l.key} />
        : <Empty title={t('statement.empty')} hint={t('statement.empty.hint')} />}
      <p class="statement-sum statement-closing"><span>{t('statement.closing', { day: day(until) })}</span><b class="figure">{moneyIn(last, account.currency)}</b></p>
      {closing && <Ages item={closing} />}
    </section>
  );
}

function Picked({ account }: { account: string }) {
  const until = queryGet('until') ?? today();
  const from = queryGet('from') ?? dayPlus(until, -USUAL_DAYS);
  const books = useLiveLoaded(`statement ${account} ${from} ${until}`, () => booksOf(account, from, until), account);
  return (
    <Page
      title={t('statement.title')}
      intro={<span class="facts">{books.data && <strong class="screen-only">{books.data.account.partner_name}</strong>}<Link to={accountPath(account)}>{account}</Link></span>}
      aside={(
        <div class="rec-tools">
          <Field type="date" label={t('statement.from')} value={from} onInput={(value) => querySet({ from: value })} />
          <Field type="date" label={t('statement.until')} value={until} onInput={(value) => querySet({ until: value })} />
          <Button onClick={() => books.data && save(books.data, from, until)}>{t('rec.sheet')}</Button>
          <Button onClick={printPage}>{t('statement.print')}</Button>
        </div>
      )}
    >
      <Load of={books} rows={8}>{(data) => <Body books={data} from={from} until={until} />}</Load>
    </Page>
  );
}

export function Statement({ account }: { account: string | null }) {
  if (account) return <Picked account={account} />;
  return (
    <Page title={t('statement.title')} intro={t('statement.pick.hint')}>
      <div class="card statement-pick">
        <Lookup label={t('rec.account')} value="" find={findAccount} focus onChoose={(code) => code && go(statementPath(code))} />
      </div>
    </Page>
  );
}
