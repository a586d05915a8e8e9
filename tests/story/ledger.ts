// What the books of a database say, read through operations: the same before and after a rebuild.
import type { Place, Reply } from '../api/support';

/** All items of a list, page by page. */
export function all(place: Place, operation: string, members: Reply = {}): Reply[] {
  const items: Reply[] = [];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page: Reply = place
      .ok('do', operation, JSON.stringify({ limit: 500, ...members, ...(cursor ? { cursor } : {}) }))
      .json();
    items.push(...page['items']);
    cursor = page['next'];
  }
  return items;
}

const lists = ['account_list', 'order_list', 'invoice_list', 'payment_list', 'promise_list', 'release_list', 'shipment_list'];

export function books(place: Place): string {
  const read = lists.map((operation) => [operation, all(place, operation)]);
  return JSON.stringify([read, place.do('aging_report')]);
}

/** Replays every stored decision, in one journal. */
export function replays(place: Place): { count: number; err: string; code: number | null } {
  const lines = all(place, 'decision_list').map((decision) => ({
    do: 'decision_replay',
    in: { decision: decision['id'] },
    expect: { same: true, outcome: decision['outcome'] },
  }));
  const ran = place.journal(lines);
  return { count: lines.length, err: ran.err, code: ran.code };
}
