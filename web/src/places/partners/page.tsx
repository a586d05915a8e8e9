// Everybody we deal with.

import { ListPage } from '../../list/page';

export default function PartnersPage() {
  return <ListPage list="partner" />;
}
