// One account: where it stands, everything that happened, its documents, what is agreed, how it pays and buys, who is there.

import { call } from '../../api/client';
import { may } from '../../api/session';
import { account_change, account_get, exposure_get, type AccountView } from '../../api/types';
import { CustomCard } from '../../custom/card';
import { Badge } from '../../kit/badge';
import { Icon } from '../../kit/icon';
import { Link } from '../../kit/link';
import { Load, useLiveLoaded } from '../../kit/load';
import { Page } from '../../kit/page';
import { Sections } from '../../kit/sections';
import { People } from '../../partner/people';
import { Stream } from '../../partner/stream';
import { addPath } from '../../list/add';
import { Unknown } from '../../shell/unknown';
import type { At } from '../../shell/place';
import { ACCOUNTS } from '../accounts/place';
import { partnerPath } from '../partner/place';
import { statementPath } from '../receivables/place';
import { visitTo } from '../visit/place';
import { accountPath, type ACCOUNT_PATH, SECTIONS, type Section } from './place';
import { t } from './words';
import { AgreedAndDue } from './agreed';
import { Behaviour } from './behaviour';
import { Documents } from './documents';
import { Position } from './position';

interface AccountProps {
  account: string;
  section: Section;
}

/** What is done about an account, by whoever may: the first of it is what a customer on the line most often wants. */
function Acts({ account, partner, isAside }: { account: string; partner: string; isAside: boolean }) {
  const acts: readonly [label: string, to: string | null][] = [
    [t('account.act.order'), addPath('order', { account })],
    [t('account.act.promise'), addPath('promise', { account })],
    [t('account.act.visit'), may('ACTIVITY_WRITE') ? visitTo(partner) : null],
    [t('account.act.payment'), addPath('payment', { account })],
    [t('account.act.limit'), addPath('limit', { account })],
  ];
  return <div class={`account-acts${isAside ? ' account-acts-aside' : ''}`}>{acts.map(([label, to]) => to && <Link key={label} to={to} class="button">{label}</Link>)}</div>;
}

function Shown({ record, section }: { record: AccountView; section: Section }) {
  const account = record.code ?? '';
  const partner = record.partner ?? '';
  switch (section) {
    case 'stream': return <Stream partner={partner} account={account} />;
    case 'agreed': return <AgreedAndDue account={record} />;
    case 'behaviour': return <Behaviour account={account} />;
    case 'people': return <People partner={partner} />;
    default: return <Documents account={account} section={section} />;
  }
}

function AccountPage({ account, section }: AccountProps) {
  const record = useLiveLoaded(`account ${account}`, () => call(account_get, { account }), account);
  const position = useLiveLoaded(`exposure ${account}`, () => call(exposure_get, { account }), account);
  const found = record.data;
  return (
    <>
      <Link to={ACCOUNTS} class="back"><Icon name="back" />{t('account.back')}</Link>
      <Page
        title={found?.partner_name ?? account}
        aside={found && <Acts account={account} partner={found.partner ?? ''} isAside={section !== 'stream'} />}
        intro={found && (
          <span class="facts">
            <Badge group="state" value={found.state} />
            {found.state !== 'normal' && found.state_reason && <span>{found.state_reason}</span>}
            <span>{found.code}</span>
            <Link to={partnerPath(found.partner ?? '')}>{t('account.partner', { partner: found.partner ?? '' })}</Link>
            {found.owner && <span>{t('account.owner', { owner: found.owner })}</span>}
            <span>{t('account.terms', { days: found.terms_days })}</span>
            <Link to={statementPath(account)}>{t('account.statement')}</Link>
          </span>
        )}
      >
        <Load of={position} rows={3}>{(data) => <Position position={data} isShort={section !== 'stream'} />}</Load>
        {found && (
          <CustomCard record="account" of={`account ${account}`} kept={found} mayChange={may('ACCOUNT_WRITE')} onDone={record.reload}
            send={(fields, match, key) => call(account_change, { account, fields }, { key, match })} read={() => call(account_get, { account })} />
        )}
        {!position.problem && <Sections label={t('account.sections')} current={section} sections={SECTIONS.map((name) => ({ name, to: accountPath(account, name), label: t(`account.${name}`) }))} />}
        {!position.problem && <Load of={record}>{(data) => <Shown record={data} section={section} />}</Load>}
      </Page>
    </>
  );
}

export default function AccountAt({ account, section }: At<typeof ACCOUNT_PATH>) {
  const known = section === null ? 'stream' : SECTIONS.find((one) => one === section);
  return known ? <AccountPage key={account} account={account} section={known} /> : <Unknown />;
}
