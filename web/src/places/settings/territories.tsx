// Territories: the parts of the market, each with who answers for it.

import { useRef, useState } from 'preact/hooks';
import { call } from '../../api/client';
import { problemFrom } from '../../api/problem';
import { may } from '../../api/session';
import { territory_change, territory_create, territory_get, territory_list, territory_remove, type Territory } from '../../api/types';
import { findUser } from '../../find/refs';
import { Button } from '../../kit/button';
import { Dialog } from '../../kit/dialog';
import { Field } from '../../kit/field';
import { Form, useForm } from '../../kit/form';
import { Load, More, usePages } from '../../kit/load';
import { Lookup } from '../../kit/lookup';
import { Menu } from '../../kit/menu';
import { Empty, problemText } from '../../kit/notice';
import { Page } from '../../kit/page';
import { Table, type Column } from '../../kit/table';
import { tell } from '../../kit/toast';
import { t } from './words';

interface TerritoryDraft {
  code: string;
  name: string;
  owner: string;
}

function draftOf(territory: Pick<Territory, 'code' | 'name' | 'owner'> | null): TerritoryDraft {
  return { code: territory?.code ?? '', name: territory?.name ?? '', owner: territory?.owner ?? '' };
}

function TerritoryDialog({ territory, onClose, onDone }: { territory: Territory | null; onClose: () => void; onDone: () => void }) {
  const version = useRef(territory?.version);
  const form = useForm({
    draft: `territory ${territory ? `${territory.id} ${territory.version}` : 'new'}`,
    empty: draftOf(territory),
    send: (value, key): Promise<unknown> => territory
      ? call(territory_change, { territory: territory.id ?? territory.code, code: value.code.trim(), name: value.name.trim(), owner: value.owner || null }, { key, match: version.current })
      : call(territory_create, { code: value.code.trim(), name: value.name.trim(), ...(value.owner && { owner: value.owner }) }, { key }),
    onDone,
    again: territory ? {
      read: async () => {
        // By its id: its code may be what was changed.
        const now = await call(territory_get, { territory: territory.id ?? territory.code });
        version.current = now.version;
        return draftOf(now);
      },
      labels: { code: t('terr.code'), name: t('terr.name'), owner: t('terr.owner') },
    } : undefined,
  });
  const { value, set, error } = form;
  return (
    <Dialog title={territory ? t('terr.change', { code: territory.code }) : t('terr.add')} onClose={onClose}>
      <Form of={form} submit={territory ? t('set.save') : t('terr.add')} onCancel={onClose}>
        <div class="form-row">
          <Field label={t('terr.code')} value={value.code} onInput={set('code')} error={error('code')} required focus />
          <Field label={t('terr.name')} value={value.name} onInput={set('name')} error={error('name')} required />
        </div>
        <Lookup label={t('terr.owner')} value={value.owner} find={findUser} onChoose={set('owner')} error={error('owner')} />
      </Form>
    </Dialog>
  );
}

export function Territories() {
  const [editing, setEditing] = useState<Territory | 'new' | null>(null);
  const pages = usePages('territories', (cursor) => call(territory_list, { sort: 'code', limit: 100, ...(cursor && { cursor }) }));
  const isMine = may('TERRITORY_WRITE');
  const remove = (one: Territory) => {
    call(territory_remove, { territory: one.code }).then(
      () => tell({ text: () => t('terr.removed', { code: one.code }), undo: () => call(territory_create, { code: one.code, name: one.name, ...(one.owner && { owner: one.owner }) }).then(pages.reload) }),
      (error: unknown) => tell({ text: () => problemText(problemFrom(error)), tone: 'bad' }),
    ).finally(pages.reload);
  };
  const columns: Column<Territory>[] = [
    { key: 'code', label: t('terr.code'), lead: true, cell: (one) => <strong>{one.code}</strong> },
    { key: 'name', label: t('terr.name'), cell: (one) => one.name },
    { key: 'owner', label: t('terr.owner'), cell: (one) => one.owner ?? t('app.none') },
    ...(isMine ? [{
      key: 'act', label: t('set.do'),
      cell: (one: Territory) => <Menu label={t('terr.acts', { code: one.code })} items={[{ label: t('terr.edit'), run: () => setEditing(one) }, { label: t('terr.remove'), danger: true, run: () => remove(one) }]} />,
    }] : []),
  ];
  const close = () => setEditing(null);
  return (
    <Page title={t('terr.title')} intro={t('terr.intro')} aside={isMine && <Button kind="primary" onClick={() => setEditing('new')}>{t('terr.add')}</Button>}>
      <Load of={pages}>
        {(all) => all.length ? <Table label={t('terr.title')} columns={columns} rows={all} rowKey={(one) => one.code} /> : <Empty title={t('terr.none')} hint={t('terr.none.hint')} />}
      </Load>
      <More of={pages} />
      {editing && <TerritoryDialog key={editing === 'new' ? 'new' : editing.id} territory={editing === 'new' ? null : editing} onClose={close} onDone={() => {
        close();
        pages.reload();
      }} />}
    </Page>
  );
}
