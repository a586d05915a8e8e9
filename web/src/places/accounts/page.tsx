// All accounts, each with its exposure against its limit.

import { ListPage } from '../../list/page';

export default function AccountsPage() {
  return <ListPage list="account" />;
}
