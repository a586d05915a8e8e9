// Why somebody sees a record, or does not: each rule that lets or denies, as the server asks them.

import { useState } from 'preact/hooks';
import { call } from '../../api/client';
import { sight_explain, type SightExplainInput, type SightOut } from '../../api/types';
import { findUser } from '../../find/refs';
import { territoryName, useTerritoryNames } from '../../find/territories';
import { Button } from '../../kit/button';
import { Field } from '../../kit/field';
import { Icon } from '../../kit/icon';
import { Load, useLoaded } from '../../kit/load';
import { Lookup } from '../../kit/lookup';
import { Notice } from '../../kit/notice';
import { Page } from '../../kit/page';
import { queryGet, querySet } from '../../shell/route';
import { word } from '../../words/words';
import { sentence, t } from './words';

type Kind = SightExplainInput['kind'];
const KINDS: readonly Kind[] = ['account', 'partner', 'contact', 'product', 'order', 'shipment', 'return', 'invoice', 'credit_note', 'payment', 'promise', 'activity'];

function Answer({ user, record, sight }: { user: string; record: string; sight: SightOut }) {
  const values = {
    user, role: word('role', sight.role), partner: [sight.partner_name, sight.partner].filter(Boolean).join(' · '), territory: territoryName(sight.territory ?? ''),
    territories: sight.territories.map(territoryName).join(t('app.comma')), right: sentence(`right.${sight.permission}`) ?? sight.permission ?? '',
  };
  return (
    <section class="card settings-part" aria-live="polite">
      <Notice tone={sight.may_see ? 'good' : 'bad'}><strong>{t(sight.may_see ? 'sight.yes' : 'sight.no', { user, record })}</strong></Notice>
      <ol class="sight-rules">
        {sight.rules.map((one) => (
          <li key={one.rule} class={one.lets ? 'sight-lets' : 'sight-denies'}>
            <Icon name={one.lets ? 'check' : 'close'} />
            <span><b>{t(one.lets ? 'sight.lets' : 'sight.denies')}</b> {sentence(`rule.${one.rule}`, values) ?? one.rule}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}

function Asked({ user, kind, record }: { user: string; kind: Kind; record: string }) {
  const found = useLoaded(`sight ${user} ${kind} ${record}`, () => call(sight_explain, { user, kind, record }));
  return <Load of={found} rows={3}>{(sight) => <Answer user={user} record={record} sight={sight} />}</Load>;
}

export function Sight() {
  useTerritoryNames();
  const user = queryGet('user') ?? '';
  const asked = queryGet('kind');
  const kind = KINDS.find((one) => one === asked) ?? 'account';
  const record = queryGet('record') ?? '';
  return (
    <Page title={t('sight.title')} intro={t('sight.intro')}>
      <div class="settings">
        <div class="card form-row">
          <Lookup label={t('sight.user')} value={user} find={findUser} onChoose={(value) => querySet({ user: value })} focus={!user} />
          <Field label={t('sight.kind')} value={kind} onInput={(value) => querySet({ kind: value })} options={KINDS.map((value) => ({ value, label: t(`sight.kind.${value}`) }))} />
          <RecordField value={record} />
        </div>
        {user && record && <Asked user={user} kind={kind} record={record} />}
      </div>
    </Page>
  );
}

/** Asked for when it is sent, not at every key. */
function RecordField({ value }: { value: string }) {
  const [typed, setTyped] = useState(value);
  const ask = (event: Event) => {
    event.preventDefault();
    querySet({ record: typed.trim() });
  };
  return (
    <form class="sight-record" onSubmit={ask}>
      <Field label={t('sight.record')} value={typed} hint={t('sight.record.hint')} onInput={setTyped} />
      <Button kind="primary" submit>{t('sight.ask')}</Button>
    </form>
  );
}
