// The lists of everything that has no place of its own, and which there are.

import { Link } from '../../kit/link';
import { Page } from '../../kit/page';
import { isList, mayRead, type ListName } from '../../list/fields';
import { listPath } from '../../list/look';
import { listTitle } from '../../list/names';
import { ListPage } from '../../list/page';
import { t } from '../../list/words';
import type { At } from '../../shell/place';
import { Unknown } from '../../shell/unknown';
import type { LISTS_PATH } from './place';

const GROUPS = ['trade', 'money', 'credit', 'people', 'setup'] as const;
type Group = (typeof GROUPS)[number];

/** Within their groups, what is asked for most comes first. */
const GROUP_OF: Readonly<Record<ListName, Group>> = {
  order: 'trade', shipment: 'trade', return: 'trade', product: 'trade',
  invoice: 'money', payment: 'money', promise: 'money', allocation: 'money', credit_note: 'money', refund: 'money', write_off: 'money',
  account: 'credit', limit: 'credit', decision: 'credit', release: 'credit', approval: 'credit', alert: 'credit',
  partner: 'people', contact: 'people', relation: 'people', activity: 'people',
  view: 'setup', territory: 'setup', user: 'setup', token: 'setup', custom_field: 'setup', import_run: 'setup', rate: 'setup', period: 'setup',
};

function namesOf(group: Group): ListName[] {
  return (Object.keys(GROUP_OF) as ListName[]).filter((name) => GROUP_OF[name] === group && mayRead(name));
}

export default function ListsPage({ list }: At<typeof LISTS_PATH>) {
  if (isList(list)) return <ListPage key={list} list={list} />;
  if (list !== null) return <Unknown />;
  return (
    <Page title={t('lists.title')} intro={t('lists.intro')}>
      {GROUPS.map((group) => ({ group, names: namesOf(group) })).filter(({ names }) => names.length > 0).map(({ group, names }) => (
        <section key={group}>
          <h2>{t(`lists.group.${group}`)}</h2>
          <ul class="list-names">
            {names.map((name) => <li key={name}><Link to={listPath(name)} class="card list-name">{listTitle(name)}</Link></li>)}
          </ul>
        </section>
      ))}
    </Page>
  );
}
