// demo/story.ndjson on a fresh database: every expectation holds, the books are in order afterwards, what is derived
// can be made again, and every decision comes out the same.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Place, counts, lastLine } from '../api/support';
import { books, replays } from './ledger';

const path = resolve('demo/story.ndjson');
const lines = readFileSync(path, 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));
const steps = lines.filter((line) => line.do);

const place = new Place();
const dated = (text: string): string[] => ['--today', text];

test('the story goes as it is told', () => {
  const ran = place.run(['journal', path]);
  assert.equal(ran.code, 0, ran.err);
  const said = counts(lastLine(ran.out));
  assert.deepEqual([said['done'], said['refused'], said['differing']], [steps.length, 0, 0]);
});

test('the story says what it expects at nearly every step, and tells why in notes', () => {
  const expecting = steps.filter((step) => step.expect !== undefined).length;
  assert.ok(expecting > 0.9 * steps.length, `${expecting} of ${steps.length}`);
  for (const code of ['ERR_APPROVER_OWNS_RELATION', 'ERR_APPROVER_ENTERTAINED', 'ERR_CREDIT_REFUSED']) {
    assert.equal(steps.filter((step) => step.expect?.code === code).length, 1, code);
  }
  assert.ok(lines.length - steps.length > 25);
});

test('management was told four weeks before the overdue share had doubled', () => {
  const [alert] = place
    .ok('do', 'alert_list', JSON.stringify({ kind: 'owner_overdue_share', status: 'ended' }), '--as', 'gao')
    .json().items;
  assert.equal(alert.since, '2025-08-11');
  assert.equal(alert.first_action_on, '2025-08-15');
  assert.equal(alert.severity, 'critical');
  const share = (asOf: string): number => {
    const { total } = place.ok('do', 'aging_report', JSON.stringify({ as_of: asOf }), ...dated('2025-12-31')).json();
    const overdue = ['d1_30', 'd31_60', 'd61_90', 'd91_plus'].reduce((sum, bucket) => sum + Number(total[bucket]), 0);
    return overdue / (overdue + Number(total.not_due));
  };
  const first = share('2025-08-11');
  assert.ok(share('2025-09-07') < 2 * first, 'not before 8 September');
  assert.ok(share('2025-09-08') > 2 * first, `${share('2025-09-08')} against ${first}`);
  assert.ok(share('2025-12-31') < first);
});

test('its books are in order, and made again they are the same', () => {
  assert.match(place.ok('doctor').out, /0 findings/);
  const before = books(place);
  place.ok('rebuild');
  assert.equal(books(place), before);
  assert.match(place.ok('doctor').out, /0 findings/);
});

test('every decision of the story comes out the same', () => {
  const { count, err, code } = replays(place);
  assert.equal(code, 0, err);
  assert.ok(count > 200, String(count));
});
