// Days closed late come out as days closed in time: the same history, with a close after each day and with one
// close at its end, has the same alerts, first days, first actions and verdicts.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Place } from './support';

const firm = readFileSync('tests/journal/with/firm.ndjson', 'utf8');
const FIRST = Date.UTC(2025, 5, 2);
const DAYS = 100;

const dayOf = (offset: number): string => new Date(FIRST + offset * 86_400_000).toISOString().slice(0, 10);

type Line = Record<string, unknown>;

const events: Readonly<Record<number, readonly Line[]>> = {
  0: [
    { do: 'invoice_post', as: 'fred', in: { account: 'D01', number: 'I1', amount: '500.00', invoiced_on: dayOf(0) } },
    { do: 'promise_make', as: 'lena', in: { account: 'D01', amount: '500.00', due_on: dayOf(20) }, save: 'v1' },
    { do: 'order_place', as: 'olga', in: { account: 'D03', number: 'A', lines: [{ product: 'P1', quantity: 95 }] } },
  ],
  3: [{ do: 'limit_set', as: 'carla', in: { account: 'D03', amount: '9000.00', reason: 'r' } }],
  10: [{ do: 'activity_log', as: 'olga', in: { partner: 'D03', kind: 'review', on: dayOf(10) } }],
  12: [{ do: 'payment_post', as: 'fred', in: { account: 'D03', amount: '1200.00', received_on: dayOf(12) } }],
  15: [{ do: 'invoice_post', as: 'fred', in: { account: 'D03', number: 'I2', amount: '900.00', invoiced_on: dayOf(15) } }],
  30: [{ do: 'order_cancel', as: 'olga', in: { order: 'A', reason: 'r' } }],
  66: [{ do: 'payment_post', as: 'fred', in: { account: 'D01', amount: '450.00', received_on: dayOf(66) }, save: 'p' }],
  70: [{ do: 'payment_reverse', as: 'fred', in: { payment: '$p', reason: 'r' } }],
  80: [{ do: 'payment_post', as: 'fred', in: { account: 'D01', amount: '500.00', received_on: dayOf(80) } }],
  90: [{ do: 'promise_make', as: 'lena', in: { account: 'D03', amount: '100.00', due_on: dayOf(91) } }],
};

function history(closesEachDay: boolean): string {
  const lines: Line[] = [];
  for (let offset = 0; offset <= DAYS; offset++) {
    const on = dayOf(offset);
    lines.push(...(events[offset] ?? []).map((line) => ({ ...line, on })));
    if (closesEachDay || offset === DAYS) lines.push({ do: 'day_close', as: 'fred', on, in: { on } });
  }
  return lines.map((line) => JSON.stringify(line)).join('\n');
}

interface Alert { kind: string; account: string | null; since: string; first_action_on: string | null; last_seen_on: string; status: string }
interface Promised { account: string; status: string; level: number; due_on: string }

function outcome(closesEachDay: boolean): { alerts: unknown[]; promises: unknown[]; place: Place } {
  const place = new Place({});
  assert.equal(place.run(['journal', '-'], firm).code, 0);
  const ran = place.run(['journal', '-'], history(closesEachDay));
  assert.equal(ran.code, 0, ran.err);
  const alerts = ['open', 'ended', 'closed']
    .flatMap((status) => place.do('alert_list', { status, limit: 500 }, '--today', dayOf(DAYS))['items'] as Alert[])
    .filter((alert) => alert.account !== null)
    .map(({ kind, account, since, first_action_on, last_seen_on, status }) => [account, kind, since, first_action_on, last_seen_on, status].join(' '))
    .sort();
  const promises = (place.do('promise_list', {}, '--today', dayOf(DAYS))['items'] as Promised[])
    .map(({ account, status, level, due_on }) => [account, status, level, due_on].join(' '));
  return { alerts, promises, place };
}

test('a gap of a hundred days is closed as its days would have been', () => {
  const daily = outcome(true);
  const late = outcome(false);
  assert.ok(daily.alerts.length > 4, daily.alerts.join('\n'));
  assert.deepEqual(late.alerts, daily.alerts);
  assert.deepEqual(late.promises, daily.promises);
  late.place.ok('doctor');
});
