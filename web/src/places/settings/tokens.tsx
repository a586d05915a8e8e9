// Tokens for programs: made once, shown once, revoked at once.

import { useState } from 'preact/hooks';
import { call } from '../../api/client';
import { problemFrom } from '../../api/problem';
import { token_create, token_list, token_revoke, type Token } from '../../api/types';
import { findUser } from '../../find/refs';
import { Button } from '../../kit/button';
import { Dialog } from '../../kit/dialog';
import { Field } from '../../kit/field';
import { Form, useForm } from '../../kit/form';
import { Load, More, usePages } from '../../kit/load';
import { Lookup } from '../../kit/lookup';
import { Empty, Notice, problemText } from '../../kit/notice';
import { Page } from '../../kit/page';
import { Table, type Column } from '../../kit/table';
import { tell } from '../../kit/toast';
import { queryGet, querySet } from '../../shell/route';
import { moment } from '../../words/format';
import { t } from './words';

function Made({ token, onClose }: { token: string; onClose: () => void }) {
  const copy = () => {
    navigator.clipboard.writeText(token).then(() => tell({ text: () => t('token.copied') }), () => undefined);
  };
  return (
    <Dialog title={t('token.made')}>
      <Notice tone="warn">{t('token.once')}</Notice>
      <p><code class="token-text">{token}</code></p>
      <div class="form-foot">
        <Button kind="primary" onClick={copy} focus>{t('token.copy')}</Button>
        <Button onClick={onClose}>{t('token.taken')}</Button>
      </div>
    </Dialog>
  );
}

function Make({ onClose, onMade }: { onClose: () => void; onMade: (token: string) => void }) {
  const form = useForm({
    draft: 'token new', empty: { user: '' },
    send: (value, key) => call(token_create, value, { key }),
    onDone: (made) => onMade(made.token ?? ''),
  });
  return (
    <Dialog title={t('token.make')} onClose={onClose}>
      <Form of={form} submit={t('token.make')} onCancel={onClose}>
        <Lookup label={t('token.user')} value={form.value.user} find={findUser} onChoose={form.set('user')} error={form.error('user')} hint={t('token.user.hint')} required focus />
      </Form>
    </Dialog>
  );
}

/** What cannot be taken back is asked first. */
function Revoke({ token, onClose, onRevoke }: { token: Token; onClose: () => void; onRevoke: () => void }) {
  return (
    <Dialog title={t('token.revoke.of', { user: token.user ?? '' })} onClose={onClose}>
      <p>{t('token.revoke.hint')}</p>
      <div class="form-foot">
        <Button kind="danger" onClick={onRevoke} focus>{t('token.revoke')}</Button>
        <Button onClick={onClose}>{t('app.cancel')}</Button>
      </div>
    </Dialog>
  );
}

export function Tokens() {
  const status = queryGet('status') === 'revoked' ? 'revoked' : 'active';
  const [doing, setDoing] = useState<'make' | { token: string } | { revoke: Token } | null>(null);
  const pages = usePages(`tokens ${status}`, (cursor) => call(token_list, { status, sort: '-id', limit: 100, ...(cursor && { cursor }) }));
  const close = () => setDoing(null);
  const revoke = (one: Token) => {
    close();
    call(token_revoke, { token: one.id ?? '' }).then(
      () => tell({ text: () => t('token.revoked', { user: one.user ?? '' }) }),
      (error: unknown) => tell({ text: () => problemText(problemFrom(error)), tone: 'bad' }),
    ).finally(pages.reload);
  };
  const columns: Column<Token>[] = [
    { key: 'user', label: t('token.user'), lead: true, cell: (one) => <strong>{one.user}</strong> },
    { key: 'made', label: t('token.created'), date: true, cell: (one) => moment(one.created_at) },
    status === 'active'
      ? { key: 'act', label: t('set.do'), corner: true, cell: (one) => <Button kind="danger" label={t('token.revoke.of', { user: one.user ?? '' })} onClick={() => setDoing({ revoke: one })}>{t('token.revoke')}</Button> }
      : { key: 'end', label: t('token.ended'), date: true, cell: (one) => moment(one.revoked_at) },
  ];
  return (
    <Page title={t('token.title')} intro={t('token.intro')} aside={(
      <div class="settings-tools">
        <Field label={t('token.status')} hideLabel value={status} onInput={(value) => querySet({ status: value === 'active' ? null : value })}
          options={[{ value: 'active', label: t('token.active') }, { value: 'revoked', label: t('token.gone') }]} />
        <Button kind="primary" onClick={() => setDoing('make')}>{t('token.make')}</Button>
      </div>
    )}>
      <Load of={pages}>
        {(tokens) => tokens.length ? <Table label={t('token.title')} columns={columns} rows={tokens} rowKey={(one) => one.id ?? ''} /> : <Empty title={t('token.none')} hint={t('token.none.hint')} />}
      </Load>
      <More of={pages} />
      {doing === 'make' && <Make onClose={close} onMade={(token) => {
        setDoing({ token });
        pages.reload();
      }} />}
      {doing && doing !== 'make' && 'token' in doing && <Made token={doing.token} onClose={close} />}
      {doing && doing !== 'make' && 'revoke' in doing && <Revoke token={doing.revoke} onClose={close} onRevoke={() => revoke(doing.revoke)} />}
    </Page>
  );
}
