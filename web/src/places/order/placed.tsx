// What came of placing it, and what one would do next.

import type { OrderReply } from '../../api/types';
import { Reasons } from '../../decision/decision';
import { Button } from '../../kit/button';
import { go } from '../../shell/route';
import { calledThere } from '../../words/called';
import { moneyIn } from '../../words/format';
import { accountPath } from '../account/place';
import { askPath, heldPath } from '../held/place';
import { t } from './words';

export interface Placed {
  reply: OrderReply;
  account: string;
  currency: string | null;
}

export function PlacedOrder({ placed, onAgain }: { placed: Placed; onAgain: () => void }) {
  const { reply, account, currency } = placed;
  const isHeld = reply.status === 'held';
  const number = calledThere({ number: reply.number, amount: reply.total, currency });
  return (
    <section class={`card placed placed-${isHeld ? 'held' : 'approved'}`} role="status">
      <h2>{isHeld ? t('order.placed.held', { number }) : t('order.placed.approved', { number })}</h2>
      <p>{isHeld ? t('order.placed.held.hint') : t('order.placed.approved.hint', { total: moneyIn(reply.total, currency) })}</p>
      {isHeld && reply.decision && <Reasons decision={reply.decision} account={account} />}
      <div class="row">
        {isHeld && <Button kind="primary" focus onClick={() => go(askPath(reply.id ?? ''))}>{t('order.next.ask')}</Button>}
        {isHeld && <Button onClick={() => go(heldPath(reply.id ?? ''))}>{t('order.next.case')}</Button>}
        <Button {...(!isHeld && { kind: 'primary' as const, focus: true })} onClick={onAgain}>{t('order.next.again')}</Button>
        <Button onClick={() => go(accountPath(account, 'orders'))}>{t('order.next.account')}</Button>
      </div>
    </section>
  );
}
