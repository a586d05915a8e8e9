// What is owed by how late it is, as of any date.

import { call } from '../../api/client';
import { aging_report, type AgingItem, type AgingOut as Aging } from '../../api/types';
import { StackedBar } from '../../kit/bar';
import { Button } from '../../kit/button';
import { Check, Field } from '../../kit/field';
import { Link } from '../../kit/link';
import { Load, useLiveLoaded } from '../../kit/load';
import { Empty, Notice } from '../../kit/notice';
import { Page } from '../../kit/page';
import { Table, type Column } from '../../kit/table';
import { queryGet, querySet } from '../../shell/route';
import { statementPath } from './place';
import { figure, sheetSave, text } from './sheet';
import { day, less, money, percent, size } from '../../words/format';
import { t } from './words';

const AGES = ['not_due', 'd1_30', 'd31_60', 'd61_90', 'd91_plus'] as const;
const FIGURES = [...AGES, 'cheque', 'advance', 'total'] as const;

type Figured = (typeof FIGURES)[number];
type AgingRow = Pick<AgingItem, Figured>;

/** The total is flat in one currency, else one row for each. */
function totalsOf({ total, items }: Aging): [currency: string, row: AgingRow][] {
  const given = total as AgingRow | Record<string, AgingRow>;
  if (isRow(given)) return [[items[0]?.currency ?? '', given]];
  return Object.entries(given);
}

function isRow(total: AgingRow | Record<string, AgingRow>): total is AgingRow {
  return typeof total.total === 'string';
}

function lateShare(row: AgingRow): number {
  const owed = AGES.reduce((sum, age) => sum + size(row[age]), 0);
  return Math.round(percent(owed - size(row.not_due), owed));
}

function AgeBar({ row }: { row: AgingRow }) {
  return <StackedBar label={t('aging.late', { percent: lateShare(row) })} parts={AGES.map((age) => ({ name: age, amount: row[age] }))} />;
}

function Amount({ row, name }: { row: AgingRow; name: Figured }) {
  const amount = row[name];
  if (size(amount) === 0) return <span class="faint">{t('app.none')}</span>;
  if (name === 'total') return <b>{money(amount)}</b>;
  if (name === 'advance') return <>−{money(amount)}</>;
  return <>{money(amount)}</>;
}

/** Cheques and advances have a column when someone has any. */
function columns(rows: readonly AgingItem[], hasSeveral: boolean): Column<AgingItem>[] {
  return [
    {
      key: 'account', label: t('aging.account'), lead: true,
      cell: (i) => <Link to={statementPath(i.account ?? '')} class="row-link"><strong>{i.partner_name ?? i.account}</strong><span class="faint">{i.account}{hasSeveral && ` · ${i.currency}`}</span></Link>,
    },
    { key: 'spread', label: t('aging.spread'), wide: true, cell: (i) => <AgeBar row={i} /> },
    ...FIGURES.filter((name) => AGES.some((age) => age === name) || rows.some((row) => size(row[name]) !== 0)).map((name): Column<AgingItem> => ({ key: name, label: t(`aging.${name}`), figure: true, blank: (i) => size(i[name]) === 0, cell: (i) => <Amount row={i} name={name} /> })),
  ];
}

function Summary({ currency, row }: { currency: string; row: AgingRow }) {
  return (
    <section class="card aging-sum" aria-label={`${t('aging.sum')} ${currency}`}>
      <header>
        <p class="aging-total"><span class="faint">{currency}</span> {money(row.total)}</p>
        <p class={lateShare(row) > 0 ? 'bad' : 'faint'}>{t('aging.late', { percent: lateShare(row) })}</p>
      </header>
      <AgeBar row={row} />
      <ul class="legend">
        {AGES.map((age) => <li key={age}><span class={`swatch part-${age}`} />{t(`aging.${age}`)}<b>{money(row[age])}</b></li>)}
        {size(row.cheque) > 0 && <li><span class="swatch part-cheque" />{t('aging.cheque')}<b>{money(row.cheque)}</b></li>}
        {size(row.advance) > 0 && <li><span class="swatch part-advance" />{t('aging.advance')}<b>−{money(row.advance)}</b></li>}
      </ul>
    </section>
  );
}

function lateOf(row: AgingRow): number {
  return AGES.reduce((sum, age) => sum + size(row[age]), 0) - size(row.not_due);
}

/** Whoever asks for what is late asks for the most late first. */
function rowsOf(report: Aging, lateOnly: boolean): AgingItem[] {
  if (!lateOnly) return [...report.items].sort((a, b) => size(b.total) - size(a.total));
  return report.items.filter((one) => lateOf(one) > 0).sort((a, b) => lateOf(b) - lateOf(a));
}

function save(rows: readonly AgingItem[], day: string): void {
  sheetSave(
    `${t('aging.title')} ${day}`,
    [t('aging.account'), t('aging.partner'), t('aging.currency'), ...FIGURES.map((name) => t(`aging.${name}`))],
    rows.map((row) => [text(row.account), text(row.partner_name), text(row.currency), ...FIGURES.map((name) => figure(name === 'advance' ? less('0', row[name] ?? '0') : row[name]))]),
  );
}

function Report({ report, lateOnly }: { report: Aging; lateOnly: boolean }) {
  if (!report.items.length) return <Empty title={t('aging.empty')} hint={t('aging.empty.hint')} />;
  const totals = totalsOf(report);
  const rows = rowsOf(report, lateOnly);
  return (
    <>
      {totals.map(([currency, row]) => <Summary key={currency} currency={currency} row={row} />)}
      <div class="aging-table">
        {rows.length
          ? <Table label={t('aging.title')} columns={columns(rows, totals.length > 1)} rows={rows} rowKey={(i) => `${i.account} ${i.currency}`} />
          : <Empty title={t('aging.none_late')} hint={t('aging.none_late.hint')} />}
      </div>
    </>
  );
}

/** The day and the knowledge it is seen with stand in the address, so that a report can be sent on. */
export function AgingSection() {
  const asOf = queryGet('as_of') ?? '';
  const knownAt = queryGet('known_at') ?? '';
  const lateOnly = queryGet('late') === '1';
  const report = useLiveLoaded(`aging ${asOf} ${knownAt}`, () => call(aging_report, { ...(asOf && { as_of: asOf }), ...(knownAt && { known_at: knownAt }) }));
  return (
    <Page
      title={t('aging.title')}
      intro={t('aging.intro')}
      aside={(
        <div class="aging-asof">
          <Check label={t('aging.late_only')} checked={lateOnly} onChange={(on) => querySet({ late: on ? '1' : null })} />
          <Field type="date" label={t('aging.as_of')} value={asOf || (report.data?.as_of ?? '')} onInput={(value) => querySet({ as_of: value })} />
          <Field type="date" label={t('aging.known_at')} value={knownAt} onInput={(value) => querySet({ known_at: value })} />
          <Button onClick={() => report.data && save(rowsOf(report.data, lateOnly), asOf || (report.data.as_of ?? ''))}>{t('rec.sheet')}</Button>
          {(asOf || knownAt) && <Button onClick={() => querySet({ as_of: null, known_at: null })}>{t('aging.today')}</Button>}
        </div>
      )}
    >
      {knownAt && <Notice tone="plain">{t('aging.known_at.told', { day: day(knownAt) })}</Notice>}
      <Load of={report}>{(data) => <Report report={data} lateOnly={lateOnly} />}</Load>
    </Page>
  );
}
