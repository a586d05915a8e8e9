// Users: who may come in, as what, and which part of the market they see.

import { useRef, useState } from 'preact/hooks';
import { call } from '../../api/client';
import { problemFrom } from '../../api/problem';
import { territory_list, user_change, user_create, user_get, user_list, user_sign_out, type User, type UserChangeInput } from '../../api/types';
import { findPartner, findUser } from '../../find/refs';
import { territoryName, useTerritoryNames } from '../../find/territories';
import { Button } from '../../kit/button';
import { Dialog } from '../../kit/dialog';
import { Check, Field } from '../../kit/field';
import { Form, useForm } from '../../kit/form';
import { Load, More, useLoaded, usePages } from '../../kit/load';
import { Lookup } from '../../kit/lookup';
import { Menu, type MenuItem } from '../../kit/menu';
import { Empty, problemText } from '../../kit/notice';
import { Page } from '../../kit/page';
import { Table, type Column } from '../../kit/table';
import { tell, type Told } from '../../kit/toast';
import { inverse, type Inverse } from '../../kit/undo';
import { useActions } from '../../shell/actions';
import { go, queryGet, querySet } from '../../shell/route';
import { word } from '../../words/words';
import { settingsPath } from './place';
import { sentence, t } from './words';

type Role = NonNullable<User['role']>;
export const ROLES: readonly Role[] = ['admin', 'manager', 'sales', 'credit', 'collections', 'finance', 'viewer', 'partner'];

interface UserDraft {
  name: string;
  role: Role;
  partner: string;
  reports_to: string;
  territories: string[];
}

function draftOf(user: User | null): UserDraft {
  return {
    name: user?.name ?? '', role: user?.role ?? 'sales', partner: user?.partner ?? '', reports_to: user?.reports_to ?? '',
    territories: user?.territories ?? [],
  };
}

function same(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((one) => b.includes(one));
}

/** Only what differs is sent, so that two who change one user at once do not undo each other. */
function send(user: User | null, value: UserDraft, password: string, key: string): Promise<User> {
  const partner = value.role === 'partner' ? value.partner : '';
  if (!user) {
    return call(user_create, {
      name: value.name.trim(), role: value.role, territories: value.territories,
      ...(password && { password }), ...(partner && { partner }), ...(value.reports_to && { reports_to: value.reports_to }),
    }, { key });
  }
  return call(user_change, {
    user: user.name ?? '',
    ...(value.role !== user.role && { role: value.role }),
    ...(partner !== (user.partner ?? '') && { partner: partner || null }),
    ...(value.reports_to !== (user.reports_to ?? '') && { reports_to: value.reports_to || null }),
    ...(!same(value.territories, user.territories) && { territories: value.territories }),
    ...(password && { password }),
  }, { key, match: user.version });
}

/** What a form can change, as it was; a password never comes back. */
function backOf({ role, partner, reports_to, territories }: User): Omit<UserChangeInput, 'user'> {
  return { ...(role && { role }), partner, reports_to, territories };
}

function useTerritories() {
  return useLoaded('territories of users', () => call(territory_list, { limit: 500, sort: 'code' }));
}

function TerritoryChecks({ chosen, onChange, error }: { chosen: readonly string[]; onChange: (codes: string[]) => void; error: string | undefined }) {
  const all = useTerritories();
  return (
    <fieldset class="checks">
      <legend>{t('users.territories')}</legend>
      <Load of={all} rows={2}>
        {({ items }) => items.length
          ? items.map((one) => <Check key={one.code} label={`${one.code} · ${one.name}`} checked={chosen.includes(one.code)} onChange={(on) => onChange(on ? [...chosen, one.code] : chosen.filter((code) => code !== one.code))} />)
          : <p class="faint">{t('users.territories.none')}</p>}
      </Load>
      <p class="field-hint">{t('users.territories.hint')}</p>
      {error && <p class="field-error">{error}</p>}
    </fieldset>
  );
}

function UserDialog({ user, onClose, onDone }: { user: User | null; onClose: () => void; onDone: (told: Told) => void }) {
  // Not in the draft, which the browser keeps.
  const [password, setPassword] = useState('');
  const known = useRef(user);
  const form = useForm({
    draft: `user ${user ? `${user.id} ${user.version}` : 'new'}`, empty: draftOf(user),
    send: (value, key) => send(known.current, value, password, key),
    onDone: (saved) => onDone({
      text: () => t(user ? 'users.changed' : 'users.made', { name: saved.name ?? '' }),
      undo: [inverse(user_change, { user: saved.name ?? '', ...(known.current ? backOf(known.current) : { is_active: false }) }, saved.version)],
    }),
    again: user ? {
      read: async () => {
        known.current = await call(user_get, { user: user.name ?? '' });
        return draftOf(known.current);
      },
      labels: { name: t('users.name'), role: t('users.role'), partner: t('users.partner'), reports_to: t('users.reports_to'), territories: t('users.territories') },
      text: (name, value) => name === 'role' ? word('role', String(value)) : undefined,
    } : undefined,
  });
  const { value, set, error } = form;
  return (
    <Dialog title={user ? t('users.change', { name: user.name ?? '' }) : t('users.add')} onClose={onClose}>
      <Form of={form} submit={user ? t('set.save') : t('users.add')} onCancel={onClose}>
        {!user && <Field label={t('users.name')} value={value.name} onInput={set('name')} error={error('name')} required focus />}
        <Field label={t('users.role')} value={value.role} onInput={(role) => form.change({ role: role as Role })} error={error('role')} hint={sentence(`role.hint.${value.role}`) ?? ''}
          options={ROLES.map((role) => ({ value: role, label: word('role', role) }))} focus={Boolean(user)} />
        {value.role === 'partner' && <Lookup label={t('users.partner')} value={value.partner} find={findPartner} onChoose={set('partner')} error={error('partner')} required />}
        <Lookup label={t('users.reports_to')} value={value.reports_to} find={findUser} onChoose={set('reports_to')} error={error('reports_to')} hint={t('users.reports_to.hint')} />
        {value.role !== 'partner' && <TerritoryChecks chosen={value.territories} onChange={set('territories')} error={error('territories')} />}
        <Field label={user ? t('users.password.new') : t('users.password')} type="password" autocomplete="new-password" value={password} onInput={setPassword} error={error('password')} hint={t('users.password.hint')} />
      </Form>
    </Dialog>
  );
}

function useDone(reload: () => void): <Out>(work: Promise<Out>, text: () => string, back?: (out: Out) => Inverse) => void {
  return (work, text, back) => {
    work.then(
      (out) => tell({ text, undo: back && [back(out)], undone: reload }),
      (error: unknown) => tell({ text: () => problemText(problemFrom(error)), tone: 'bad' }),
    ).finally(reload);
  };
}

export function Users() {
  const shown = queryGet('show') === 'all' ? 'all' : 'active';
  const [changed, setEditing] = useState<User | null>(null);
  const editing = changed ?? (queryGet('new') ? 'new' : null);
  const close = () => {
    setEditing(null);
    querySet({ new: null });
  };
  const pages = usePages(`users ${shown}`, (cursor) => call(user_list, { sort: 'name', limit: 100, ...(shown === 'active' && { is_active: true }), ...(cursor && { cursor }) }));
  useTerritoryNames();
  const done = useDone(pages.reload);
  const add = () => querySet({ new: '1' });
  useActions([{ label: t('users.add'), icon: 'plus', run: add }]);
  const acts = (user: User): MenuItem[] => {
    const name = user.name ?? '';
    const put = (is_active: boolean) => call(user_change, { user: name, is_active });
    const back = ({ is_active, version }: User) => inverse(user_change, { user: name, is_active: !is_active }, version);
    return [
      { label: t('users.edit'), run: () => setEditing(user) },
      { label: t('users.sees'), run: () => go(`${settingsPath('sight')}?user=${encodeURIComponent(name)}`) },
      { label: t('users.sign_out'), run: () => done(call(user_sign_out, { user: name }), () => t('users.signed_out', { name })) },
      user.is_active
        ? { label: t('users.disable'), danger: true, run: () => done(put(false), () => t('users.disabled', { name }), back) }
        : { label: t('users.enable'), run: () => done(put(true), () => t('users.enabled', { name }), back) },
    ];
  };
  const columns: Column<User>[] = [
    { key: 'name', label: t('users.name'), lead: true, cell: (u) => <strong>{u.name}</strong> },
    { key: 'role', label: t('users.role'), corner: true, cell: (u) => word('role', u.role) },
    { key: 'sees', label: t('users.sight'), wide: true, cell: (u) => u.partner ?? (u.territories.length ? u.territories.map(territoryName).join(t('app.comma')) : t('users.sees.all')) },
    { key: 'reports', label: t('users.reports_to'), cell: (u) => u.reports_to ?? t('app.none') },
    { key: 'enters', label: t('users.enters'), cell: (u) => u.is_active ? t(u.has_password ? 'users.enters.password' : 'users.enters.token') : <span class="badge badge-plain">{t('users.inactive')}</span> },
    { key: 'act', label: t('set.do'), acts: true, cell: (u) => <Menu label={t('users.acts', { name: u.name ?? '' })} items={acts(u)} /> },
  ];
  return (
    <Page title={t('users.title')} intro={t('users.intro')} aside={(
      <div class="settings-tools">
        <Check label={t('users.show_all')} checked={shown === 'all'} onChange={(on) => querySet({ show: on ? 'all' : null })} />
        <Button kind="primary" onClick={add}>{t('users.add')}</Button>
      </div>
    )}>
      <Load of={pages}>
        {(users) => users.length ? <Table label={t('users.title')} columns={columns} rows={users} rowKey={(u) => u.id ?? ''} /> : <Empty title={t('users.none')} hint={t('users.none.hint')} />}
      </Load>
      <More of={pages} />
      <Roles />
      {editing && <UserDialog key={editing === 'new' ? 'new' : editing.id} user={editing === 'new' ? null : editing} onClose={close} onDone={(told) => {
        close();
        pages.reload();
        tell({ ...told, undone: pages.reload });
      }} />}
    </Page>
  );
}

function Roles() {
  return (
    <details class="card settings-part roles">
      <summary>{t('users.roles')}</summary>
      <dl>
        {ROLES.map((role) => (
          <div key={role}>
            <dt>{word('role', role)}</dt>
            <dd>{sentence(`role.hint.${role}`)}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
