// The days that were closed, what came of each, and the seal to keep elsewhere.

import { call } from '../../api/client';
import { day_close_list, type DayLogItem } from '../../api/types';
import { Load, More, usePages } from '../../kit/load';
import { Empty } from '../../kit/notice';
import { Page } from '../../kit/page';
import { Table, type Column } from '../../kit/table';
import { day, moment } from '../../words/format';
import { sentence, t } from './words';

const PAGE_ROWS = 50;

/** Figures that are zero say nothing. */
function countsText(counts: unknown): string {
  if (typeof counts !== 'object' || counts === null) return t('app.none');
  const told = Object.entries(counts).flatMap(([name, n]) => typeof n === 'number' && n > 0 ? [sentence(`close.${name}`, { n }) ?? ''] : []).filter(Boolean);
  return told.length ? told.join(t('app.comma')) : t('close.quiet');
}

export function Closes() {
  const pages = usePages('closes', (cursor) => call(day_close_list, { limit: PAGE_ROWS, ...(cursor && { cursor }) }));
  const columns: Column<DayLogItem>[] = [
    { key: 'on', label: t('close.day'), lead: true, cell: (one) => <strong>{day(one.on)}</strong> },
    { key: 'at', label: t('close.at'), date: true, cell: (one) => moment(one.at) },
    { key: 'counts', label: t('close.counts'), wide: true, cell: (one) => countsText(one.counts) },
    { key: 'seal', label: t('close.seal'), wide: true, cell: (one) => <code class="seal" title={one.seal ?? ''}>{one.seal?.slice(0, 16)}…</code> },
  ];
  return (
    <Page title={t('close.title')} intro={t('close.intro')}>
      <Load of={pages}>
        {(days) => days.length ? <Table label={t('close.title')} columns={columns} rows={days} rowKey={(one) => one.on ?? ''} /> : <Empty title={t('close.none')} hint={t('close.none.hint')} />}
      </Load>
      <More of={pages} />
    </Page>
  );
}
