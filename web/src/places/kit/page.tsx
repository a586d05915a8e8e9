// Living examples of the kit, each part in its states.

import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { findPartner } from '../../find/refs';
import { Badge } from '../../kit/badge';
import { ExposureBar, StackedBar } from '../../kit/bar';
import { Button } from '../../kit/button';
import { Dialog } from '../../kit/dialog';
import { Check, Chips, Field } from '../../kit/field';
import { FileField } from '../../kit/file';
import { Form, useForm } from '../../kit/form';
import { Skeleton } from '../../kit/load';
import { Lookup } from '../../kit/lookup';
import { Menu } from '../../kit/menu';
import { Empty, Notice } from '../../kit/notice';
import { Page } from '../../kit/page';
import { Table } from '../../kit/table';
import { Tabs } from '../../kit/tabs';
import { tell } from '../../kit/toast';
import { VirtualList } from '../../kit/virtual';
import { money } from '../../words/format';
import { t } from './words';

const ROWS = Array.from({ length: 100_000 }, (_, i) => i + 1);
const ROW_HEIGHT = 40;

function Part({ title, children }: { title: string; children: ComponentChildren }) {
  return <section class="card kit-part"><h2>{title}</h2>{children}</section>;
}

function Buttons() {
  return (
    <Part title={t('kit.buttons')}>
      <div class="row">
        <Button kind="primary">{t('kit.send')}</Button>
        <Button>{t('kit.open')}</Button>
        <Button kind="quiet">{t('kit.open')}</Button>
        <Button kind="danger">{t('kit.danger')}</Button>
        <Button busy>{t('kit.send')}</Button>
        <Menu label={t('kit.more')} items={[
          { label: t('kit.first'), run: () => tell({ text: () => t('kit.first') }), icon: 'check' },
          { label: t('kit.second'), run: () => undefined, disabled: true },
          { label: t('kit.danger'), run: () => undefined, danger: true },
        ]} />
      </div>
    </Part>
  );
}

function Fields() {
  const form = useForm({
    draft: 'kit', empty: { text: '', amount: '', day: '', partner: '', note: '', isOn: false },
    send: () => Promise.resolve(),
    onDone: () => tell({ text: () => t('kit.done') }),
  });
  const { value, set } = form;
  return (
    <Part title={t('kit.fields')}>
      <Form of={form} submit={t('kit.send')}>
        <div class="form-row">
          <Field label={t('kit.text')} value={value.text} onInput={set('text')} hint={t('kit.hint')} />
          <Field type="money" label={t('kit.amount')} unit="CNY" value={value.amount} onInput={set('amount')} error={value.amount ? undefined : t('kit.wrong')} />
          <Field type="date" label={t('kit.day')} value={value.day} onInput={set('day')} />
          <Lookup label={t('kit.partner')} value={value.partner} find={findPartner} onChoose={set('partner')} />
        </div>
        <Field type="long" label={t('kit.note')} value={value.note} onInput={set('note')} />
        <Chips label={t('kit.note')} texts={[t('kit.first'), t('kit.second')]} onPick={set('note')} />
        <Check label={t('kit.open')} checked={value.isOn} onChange={set('isOn')} />
      </Form>
      <FileField label={t('kit.file')} choose={t('kit.file.choose')} drop={t('kit.file.drop')} accept="*" onChoose={(file) => tell({ text: () => file.name })} />
    </Part>
  );
}

function States() {
  return (
    <Part title={t('kit.states')}>
      <div class="row">
        {['normal', 'watch', 'stop'].map((value) => <Badge key={value} group="state" value={value} />)}
        {['pass', 'warn', 'hold'].map((value) => <Badge key={value} group="outcome" value={value} />)}
        <Button onClick={() => tell({ text: () => t('kit.done'), undo: [() => Promise.resolve()] })}>{t('kit.done')}</Button>
      </div>
      {(['plain', 'good', 'warn', 'bad'] as const).map((tone) => <Notice key={tone} tone={tone}>{t('kit.hint')}</Notice>)}
      <Empty title={t('kit.table')} hint={t('kit.hint')}><Button kind="primary">{t('kit.open')}</Button></Empty>
      <Skeleton rows={2} />
    </Part>
  );
}

function Bars() {
  return (
    <Part title={t('kit.bars')}>
      <ExposureBar exposure="26000.00" limit="50000.00" />
      <ExposureBar exposure="48000.00" limit="50000.00" />
      <ExposureBar exposure="56000.00" limit="50000.00" />
      <ExposureBar exposure="56000.00" limit="unlimited" />
      <StackedBar label={t('kit.bars')} mark="50000.00" parts={[{ name: 'receivable', amount: '26000' }, { name: 'shipped', amount: '9000' }, { name: 'ordered', amount: '12000' }]} />
    </Part>
  );
}

function Dialogs() {
  const [open, setOpen] = useState<'box' | 'sheet' | null>(null);
  return (
    <Part title={t('kit.dialogs')}>
      <div class="row">
        <Button onClick={() => setOpen('box')}>{t('kit.first')}</Button>
        <Button onClick={() => setOpen('sheet')}>{t('kit.second')}</Button>
      </div>
      {open && <Dialog title={t('kit.dialogs')} kind={open} onClose={() => setOpen(null)}><p>{t('kit.hint')}</p></Dialog>}
    </Part>
  );
}

function Tables() {
  const [tab, setTab] = useState<'table' | 'long'>('table');
  return (
    <Part title={t('kit.tabs')}>
      <Tabs label={t('kit.tabs')} chosen={tab} onChoose={setTab} tabs={[{ name: 'table', label: t('kit.table'), count: 3 }, { name: 'long', label: t('kit.long') }]}>
        {tab === 'table' ? (
          <Table label={t('kit.table')} rows={ROWS.slice(0, 3)} rowKey={String}
            columns={[{ key: 'row', label: t('kit.text'), lead: true, cell: (n) => t('kit.row', { n }) }, { key: 'amount', label: t('kit.amount'), figure: true, cell: (n) => money(`${n * 1250}.00`) }]} />
        ) : (
          <VirtualList label={t('kit.long')} rows={ROWS} rowKey={String} rowHeight={ROW_HEIGHT}>
            {(n) => <><span>{t('kit.row', { n })}</span><span class="figure">{money(`${n * 125}.00`)}</span></>}
          </VirtualList>
        )}
      </Tabs>
    </Part>
  );
}

export default function KitPage() {
  return (
    <Page title={t('kit.title')} intro={t('kit.intro')}>
      <div class="kit">
        <Buttons />
        <Fields />
        <States />
        <Bars />
        <Dialogs />
        <Tables />
      </div>
    </Page>
  );
}
