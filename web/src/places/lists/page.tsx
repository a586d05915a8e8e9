// The lists of everything that has no place of its own, and which there are.

import { Link } from '../../kit/link';
import { Page } from '../../kit/page';
import { isList, listNames, mayRead } from '../../list/fields';
import { listPath } from '../../list/look';
import { listTitle } from '../../list/names';
import { ListPage } from '../../list/page';
import { t } from '../../list/words';
import type { At } from '../../shell/place';
import { Unknown } from '../../shell/unknown';
import type { LISTS_PATH } from './place';

export default function ListsPage({ list }: At<typeof LISTS_PATH>) {
  if (isList(list)) return <ListPage key={list} list={list} />;
  if (list !== null) return <Unknown />;
  return (
    <Page title={t('lists.title')} intro={t('lists.intro')}>
      <ul class="list-names">
        {listNames.filter(mayRead).map((name) => <li key={name}><Link to={listPath(name)} class="card list-name">{listTitle(name)}</Link></li>)}
      </ul>
    </Page>
  );
}
