// One order that is looked up from elsewhere: its lines, its decision and what it rests on, as the queue shows those it holds.

import { Page } from '../../kit/page';
import { tell } from '../../kit/toast';
import type { At } from '../../shell/place';
import { querySet } from '../../shell/route';
import { both } from '../../words/words';
import { Case } from '../held/case';
import { orders, type ORDERS_PATH } from './place';

export default function OrderAt({ order }: At<typeof ORDERS_PATH>) {
  return (
    <Page title={both(orders.title)}>
      <Case key={order} order={order} isAlone onDone={(what) => {
        tell(what);
        querySet({ act: null });
      }} />
    </Page>
  );
}
