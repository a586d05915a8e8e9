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
import { tell, type Told } from '../../kit/toast';
import { inverse } from '../../kit/undo';
import { t } from './words';

interface TerritoryDraft {
  code: string;
  name: string;
  owner: string;
}

function draftOf(territory: Pick<Territory, 'code' | 'name' | 'owner'> | null): TerritoryDraft {
  return { code: territory?.code ?? '', name: territory?.name ?? '', owner: territory?.owner ?? '' };
}

function TerritoryDialog({ territory, onClose, onDone }: { territory: Territory | null; onClose: () => void; onDone: (told: Told) => void }) {
  const version = useRef(territory?.version);
  const before = useRef(territory && { code: territory.code, name: territory.name, owner: territory.owner });
  const form = useForm({
    draft: `territory ${territory ? `${territory.id} ${territory.version}` : 'new'}`,
    empty: draftOf(territory),
    send: async (value, key): Promise<Told> => {
      const given = { code: value.code.trim(), name: value.name.trim(), owner: value.owner || null };
      if (!territory) {
        const made = await call(territory_create, given, { key });
        return { text: () => t('terr.added', { code: made.code }), undo: [inverse(territory_remove, { territory: made.id ?? made.code }, made.version)] };
      }
      const id = territory.id ?? territory.code;
      const saved = await call(territory_change, { territory: id, ...given }, { key, match: version.current });
      return { text: () => t('terr.changed', { code: saved.code }), undo: [inverse(territory_change, { territory: id, ...before.current }, saved.version)] };
    },
    onDone,
    again: territory ? {
      read: async () => {
        // By its id: its code may be what was changed.
        const now = await call(territory_get, { territory: territory.id ?? territory.code });
        version.current = now.version;
        before.current = { code: now.code, name: now.name, owner: now.owner };
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
      () => tell({ text: () => t('terr.removed', { code: one.code }), undo: [inverse(territory_create, { code: one.code, name: one.name, owner: one.owner })], undone: pages.reload }),
      (error: unknown) => tell({ text: () => problemText(problemFrom(error)), tone: 'bad' }),
    ).finally(pages.reload);
  };
  const columns: Column<Territory>[] = [
    { key: 'code', label: t('terr.code'), lead: true, cell: (one) => <strong>{one.code}</strong> },
    { key: 'name', label: t('terr.name'), cell: (one) => one.name },
    { key: 'owner', label: t('terr.owner'), cell: (one) => one.owner ?? t('app.none') },
    ...(isMine ? [{
      key: 'act', label: t('set.do'), acts: true,
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
      {editing && <TerritoryDialog key={editing === 'new' ? 'new' : editing.id} territory={editing === 'new' ? null : editing} onClose={close} onDone={(told) => {
        close();
        pages.reload();
        tell({ ...told, undone: pages.reload });
      }} />}
    </Page>
  );
}
