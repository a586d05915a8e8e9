// What can be done with rows besides changing a field: operations of their own, offered where the role may.

import { call } from '../api/client';
import { may } from '../api/session';
import { alert_close, order_recheck, promise_withdraw } from '../api/types';
import { idOf, type ListName, type Row } from './fields';

export interface ListAct {
  name: 'recheck' | 'close' | 'withdraw';
  needs: string;
  asksReason: boolean;
  /** Rows of another state are left out. */
  fits: (row: Row) => boolean;
  run: (row: Row, reason: string) => Promise<unknown>;
}

const ACTS: Partial<Record<ListName, readonly ListAct[]>> = {
  order: [{
    name: 'recheck', needs: 'ORDER_RECHECK', asksReason: false,
    fits: (row) => row.status === 'held',
    run: (row) => call(order_recheck, { order: idOf(row) }),
  }],
  alert: [{
    name: 'close', needs: 'ALERT_WRITE', asksReason: true,
    fits: (row) => row.status !== 'closed',
    run: (row, reason) => call(alert_close, { alert: idOf(row), reason }),
  }],
  promise: [{
    name: 'withdraw', needs: 'PROMISE_WITHDRAW', asksReason: true,
    fits: (row) => row.status === 'open',
    run: (row, reason) => call(promise_withdraw, { promise: idOf(row), reason }),
  }],
};

export function actsOf(list: ListName): readonly ListAct[] {
  return (ACTS[list] ?? []).filter((act) => may(act.needs));
}
