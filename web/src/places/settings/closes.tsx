// The days that were closed, what came of each, and the seal to keep elsewhere.

import { useState } from 'preact/hooks';
import { call } from '../../api/client';
import { Problem } from '../../api/problem';
import { today } from '../../api/session';
import { day_close_list, type DayLogItem } from '../../api/types';
import { Button } from '../../kit/button';
import { Dialog } from '../../kit/dialog';
import { Field } from '../../kit/field';
import { Form, useForm } from '../../kit/form';
import { Load, More, usePages } from '../../kit/load';
import { Empty, problemText } from '../../kit/notice';
import { Page } from '../../kit/page';
import { Table, type Column } from '../../kit/table';
import { tell } from '../../kit/toast';
import { runStart } from '../../run/runs';
import { day, moment } from '../../words/format';
import type { CloseAsked } from './close-work';
import { sentence, t } from './words';

const PAGE_ROWS = 50;

/** Figures that are zero say nothing. */
function countsText(counts: unknown): string {
  if (typeof counts !== 'object' || counts === null) return t('app.none');
  const told = Object.entries(counts).flatMap(([name, n]) => typeof n === 'number' && n > 0 ? [sentence(`close.${name}`, { n }) ?? ''] : []).filter(Boolean);
  return told.length ? told.join(t('app.comma')) : t('close.quiet');
}

/** The server does it, however long it takes; the tray tells when it is done. */
function CloseDialog({ onClose, onDone }: { onClose: () => void; onDone: () => void }) {
  const form = useForm({
    draft: 'day close', empty: { on: today() },
    send: (value, key) => Promise.resolve({ on: value.on, key }),
    onDone: (data: CloseAsked) => {
      runStart({ kind: 'close', title: t('close.of', { day: day(data.on) }), total: null, canStop: false, data }, (over) => {
        if (over.problem) tell({ text: () => problemText(new Problem(0, over.problem ?? {})), tone: 'bad' });
        else tell({ text: () => over.title });
        onDone();
      });
      onClose();
    },
  });
  return (
    <Dialog title={t('close.do')} onClose={onClose}>
      <Form of={form} submit={t('close.do')} onCancel={onClose}>
        <Field label={t('close.until')} type="date" value={form.value.on} onInput={form.set('on')} error={form.error('on')} hint={t('close.until.hint')} required focus />
      </Form>
    </Dialog>
  );
}

export function Closes() {
  const [isAsked, setIsAsked] = useState(false);
  const pages = usePages('closes', (cursor) => call(day_close_list, { limit: PAGE_ROWS, ...(cursor && { cursor }) }));
  const columns: Column<DayLogItem>[] = [
    { key: 'on', label: t('close.day'), lead: true, cell: (one) => <strong>{day(one.on)}</strong> },
    { key: 'at', label: t('close.at'), date: true, cell: (one) => moment(one.at) },
    { key: 'counts', label: t('close.counts'), wide: true, cell: (one) => countsText(one.counts) },
    { key: 'seal', label: t('close.seal'), wide: true, cell: (one) => <code class="seal" title={one.seal ?? ''}>{one.seal?.slice(0, 16)}…</code> },
  ];
  return (
    <Page title={t('close.title')} intro={t('close.intro')} aside={<Button kind="primary" onClick={() => setIsAsked(true)}>{t('close.do')}</Button>}>
      <Load of={pages}>
        {(days) => days.length ? <Table label={t('close.title')} columns={columns} rows={days} rowKey={(one) => one.on ?? ''} /> : <Empty title={t('close.none')} hint={t('close.none.hint')} />}
      </Load>
      <More of={pages} />
      {isAsked && <CloseDialog onClose={() => setIsAsked(false)} onDone={pages.reload} />}
    </Page>
  );
}
