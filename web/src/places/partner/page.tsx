// One partner: its accounts, everything that happened with it, what it buys, its people and relations.

import { call } from '../../api/client';
import { may } from '../../api/session';
import { account_list, partner_change, partner_get, type AccountView, type Partner } from '../../api/types';
import { CustomCard } from '../../custom/card';
import { territoryName, useTerritoryNames } from '../../find/territories';
import { Badge } from '../../kit/badge';
import { ExposureBar } from '../../kit/bar';
import { Icon } from '../../kit/icon';
import { Link } from '../../kit/link';
import { Load, useLoaded } from '../../kit/load';
import { Page } from '../../kit/page';
import { Sections } from '../../kit/sections';
import { addPath } from '../../list/add';
import { recordName } from '../../list/names';
import { Pays } from '../../partner/pays';
import { People } from '../../partner/people';
import { SellIn } from '../../partner/sellin';
import { Stream } from '../../partner/stream';
import type { At } from '../../shell/place';
import { Unknown } from '../../shell/unknown';
import { limitText, moneyIn, size } from '../../words/format';
import { both } from '../../words/words';
import { accountPath } from '../account/place';
import { partners } from '../partners/place';
import { visit, visitTo } from '../visit/place';
import { partnerPath, SECTIONS, type PARTNER_PATH, type Section } from './place';
import { sentence, t } from './words';

function Facts({ partner }: { partner: Partner }) {
  useTerritoryNames(Boolean(partner.territory));
  return (
    <span class="facts">
      <span>{partner.code}</span>
      <span>{partner.roles.map((role) => sentence(`partner.role.${role}`) ?? role).join(t('app.comma'))}</span>
      {partner.tier && <span>{t('partner.tier', { tier: partner.tier })}</span>}
      {partner.territory && <span>{t('partner.territory', { territory: territoryName(partner.territory) })}</span>}
      <span>{partner.owner ? t('partner.owner', { owner: partner.owner }) : t('partner.no_owner')}</span>
    </span>
  );
}

function Account({ account }: { account: AccountView }) {
  return (
    <li class="card partner-account">
      <p class="row spread"><Link to={accountPath(account.code ?? '')}>{account.code}</Link><Badge group="state" value={account.state} /></p>
      <ExposureBar exposure={account.exposure} limit={account.limit} />
      <p class="row spread"><span class="figure">{moneyIn(account.exposure, account.currency)}</span><span class="faint">{t('partner.limit', { limit: limitText(account.limit) })}</span></p>
      {size(account.overdue) > 0 && <p class="bad">{t('partner.overdue', { amount: moneyIn(account.overdue, account.currency) })}</p>}
    </li>
  );
}

/** What is added to a partner by a form of its own list. */
function Add({ list, partner }: { list: 'account' | 'relation'; partner: string }) {
  const to = addPath(list, { partner });
  return to && <Link to={to} class="button">{t('action.new', { what: recordName(list) })}</Link>;
}

/** What a partner's own user sees of itself has no reports. */
function isOpen(section: Section): boolean {
  return section !== 'behaviour' || may('READ');
}

function Shown({ partner, section }: { partner: string; section: Section }) {
  switch (section) {
    case 'stream': return <Stream partner={partner} />;
    case 'behaviour': return <div class="partner-behaviour"><Pays partner={partner} /><SellIn of={{ partner }} /></div>;
    case 'people': return <People partner={partner} />;
  }
}

function PartnerPage({ partner, section }: { partner: string; section: Section }) {
  const record = useLoaded(`partner ${partner}`, () => call(partner_get, { partner }));
  const accounts = useLoaded(`accounts of ${partner}`, () => call(account_list, { partner, limit: 100 }).then((page) => page.items));
  return (
    <>
    <Link to={partners.path} class="back"><Icon name="back" />{t('partner.back')}</Link>
      <Page title={record.data?.name ?? partner} intro={record.data && <Facts partner={record.data} />}
        aside={record.data && <div class="row"><Add list="account" partner={partner} /><Add list="relation" partner={partner} />{may('ACTIVITY_WRITE') && <Link to={visitTo(partner)} class="button">{both(visit.title)}</Link>}</div>}>
        <Load of={record} rows={2}>
          {(data) => (
            <>
              <Load of={accounts} rows={2}>
                {(all) => all.length ? <ul class="partner-accounts">{all.map((one) => <Account key={one.code} account={one} />)}</ul> : <p class="faint">{t('partner.no_account')}</p>}
              </Load>
              <CustomCard record="partner" of={`partner ${partner}`} kept={data} mayChange={may('PARTNER_WRITE')} onDone={record.reload}
                send={(fields, match, key) => call(partner_change, { partner, fields }, { key, match })} read={() => call(partner_get, { partner })} />
            </>
          )}
        </Load>
        {/* Asked for together with the partner itself. */}
        {!record.problem && <Sections label={t('partner.sections')} current={section} sections={SECTIONS.filter(isOpen).map((name) => ({ name, to: partnerPath(partner, name), label: t(`partner.${name}`) }))} />}
        {!record.problem && <Shown partner={partner} section={section} />}
      </Page>
    </>
  );
}

export default function PartnerAt({ partner, section }: At<typeof PARTNER_PATH>) {
  const known = section === null ? 'stream' : SECTIONS.find((one) => one === section && isOpen(one));
  return known ? <PartnerPage key={partner} partner={partner} section={known} /> : <Unknown />;
}
