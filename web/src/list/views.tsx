// Saved views: those that are pinned as tabs, the others in a menu, and what can be done with the one that is looked at.

import { useState } from 'preact/hooks';
import { call } from '../api/client';
import { problemFrom } from '../api/problem';
import { may, session } from '../api/session';
import { view_change, view_create, view_list, view_remove, type View } from '../api/types';
import { Dialog } from '../kit/dialog';
import { Check, Field } from '../kit/field';
import { Button } from '../kit/button';
import { Form, useForm } from '../kit/form';
import { Link } from '../kit/link';
import { useLoaded, type Loaded } from '../kit/load';
import { Menu, type MenuItem } from '../kit/menu';
import { problemText } from '../kit/notice';
import { useOpenInSight } from '../kit/sections';
import { tell } from '../kit/toast';
import { inverse } from '../kit/undo';
import { path } from '../shell/route';
import type { ListName } from './fields';
import { viewGo } from './look';
import { readyOf } from './ready';
import { t } from './words';

const MOST = 500;

export function useViews(list: ListName): Loaded<View[]> {
  return useLoaded(`views ${list}`, async () => (may('READ') ? (await call(view_list, { list, sort: 'name', limit: MOST })).items : []));
}

interface SaveProps {
  list: ListName;
  /** What the view says. */
  text: string;
  /** The one that is changed; absent: a new one. */
  view?: View;
  onClose: () => void;
  onSaved: (view: View) => void;
}

function SaveDialog({ list, text, view, onClose, onSaved }: SaveProps) {
  const form = useForm({
    draft: `view ${list} ${view?.id ?? ''}`,
    empty: { name: view?.name ?? '', shared: view?.shared ?? false, pinned: view?.pinned ?? true },
    send: (value, key) => view?.id
      ? call(view_change, { view: view.id, ...value }, { key, match: view.version })
      : call(view_create, { list, query: text || 'sort=', ...value }, { key }),
    onDone: (saved) => {
      tell({ text: () => t('list.view.saved', { name: saved.name ?? '' }) });
      onSaved(saved);
    },
  });
  const { value, set, error } = form;
  return (
    <Dialog title={t('list.view.title')} onClose={onClose}>
      <Form of={form} submit={t('list.view.save')} onCancel={onClose}>
        <Field label={t('list.view.name')} value={value.name} onInput={set('name')} error={error('name')} required focus />
        <Check label={t('list.view.pinned')} checked={value.pinned} onChange={set('pinned')} />
        <Check label={t('list.view.shared')} checked={value.shared} onChange={set('shared')} />
      </Form>
    </Dialog>
  );
}

interface ViewsProps {
  list: ListName;
  views: Loaded<View[]>;
  /** The one that is looked at. */
  current: View | null;
  /** What is looked at now, as a view would say it. */
  text: string;
  isChanged: boolean;
}

export function Views({ list, views, current, text, isChanged }: ViewsProps) {
  const [open, setOpen] = useState<'new' | 'edit' | null>(null);
  const all = views.data ?? [];
  const ready = readyOf(list);
  const tabs = all.filter((one) => one.pinned || one === current);
  const others = all.filter((one) => !tabs.includes(one));
  const isMine = current !== null && current.owner === session.value?.name;
  const to = (view: View) => `${path.value}?view=${view.id ?? ''}`;

  const failed = (error: unknown) => tell({ text: () => problemText(problemFrom(error)), tone: 'bad' });
  const update = async (view: View) => {
    const saved = await call(view_change, { view: view.id ?? '', query: text || 'sort=' }, { match: view.version });
    tell({ text: () => t('list.view.saved', { name: saved.name ?? '' }), undo: [inverse(view_change, { view: view.id ?? '', query: view.query ?? '' }, saved.version)], undone: views.reload });
    views.reload();
    viewGo(view.id ?? null);
  };
  const remove = async (view: View) => {
    await call(view_remove, { view: view.id ?? '' });
    tell({
      text: () => t('list.view.removed', { name: view.name ?? '' }),
      undo: [inverse(view_create, { list, name: view.name ?? '', query: view.query ?? '', shared: view.shared, pinned: view.pinned })],
      undone: views.reload,
    });
    viewGo(null);
    views.reload();
  };
  const nav = useOpenInSight(current?.id ?? text);
  const items: MenuItem[] = [
    ...(current && isChanged && isMine ? [{ label: t('list.view.update', { name: current.name ?? '' }), run: () => void update(current).catch(failed) }] : []),
    { label: t('list.view.save_as'), run: () => setOpen('new') },
    ...(current && isChanged ? [{ label: t('list.view.undo'), run: () => viewGo(current.id ?? null) }] : []),
    ...(current && isMine ? [
      { label: t('list.view.edit'), run: () => setOpen('edit') },
      { label: t('list.view.remove', { name: current.name ?? '' }), danger: true, run: () => void remove(current).catch(failed) },
    ] : []),
  ];
  return (
    <div class="list-views">
      <nav class="tabs" aria-label={t('list.views')} ref={nav}>
        <Link to={path.value} class="tab" current={current === null && !ready.some((one) => one.text === text)}>{t('list.views.all')}</Link>
        {ready.map((one) => <Link key={one.name} to={`${path.value}?${one.text}`} class="tab" current={current === null && one.text === text}>{t(one.name)}</Link>)}
        {tabs.map((one) => (
          <Link key={one.id} to={to(one)} class="tab" current={one === current}>
            {one.name}{one === current && isChanged && <span class="faint"> · {t('list.view.changed')}</span>}
          </Link>
        ))}
      </nav>
      {others.length > 0 && (
        <Menu label={t('list.views.other')} class="button button-quiet" items={others.map((one): MenuItem => ({
          label: one.owner && one.owner !== session.value?.name ? `${one.name ?? ''} (${t('list.view.by', { owner: one.owner })})` : one.name ?? '',
          run: () => viewGo(one.id ?? null),
        }))}>{t('list.views.other')}</Menu>
      )}
      {items.length > 1
        ? <Menu label={t('list.view.save')} class="button button-quiet" items={items}>{t('list.view.save')}</Menu>
        : <Button kind="quiet" onClick={() => setOpen('new')}>{t('list.view.save')}</Button>}
      {open && (
        <SaveDialog list={list} text={text} {...(open === 'edit' && current && { view: current })} onClose={() => setOpen(null)}
          onSaved={(saved) => {
            setOpen(null);
            views.reload();
            viewGo(saved.id ?? null);
          }} />
      )}
    </div>
  );
}
