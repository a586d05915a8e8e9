// `guanxi demo`: the demonstration database, and what serving it takes.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Place, program } from '../api/support';
import { books } from './ledger';

const lastDay = '2025-12-31';
const place = new Place();

test('the demonstration fills an empty database within a minute or so', () => {
  const started = Date.now();
  const ran = spawnSync(program, ['demo', '--json'], { cwd: place.dir, encoding: 'utf8', timeout: 600_000 });
  assert.equal(ran.status, 0, ran.stderr);
  const said = JSON.parse(ran.stdout);
  assert.equal(said.last_day, lastDay);
  assert.ok(said.distributors >= 200 && said.orders > 8000, ran.stdout);
  console.log(`figure: demonstration of ${said.orders} orders made in ${(Date.now() - started) / 1000} s`);
});

test('it fills none that is in use, none of another currency and none of one person', () => {
  assert.match(place.run(['demo']).err, /^ERR_STATE: The demonstration fills an empty database/);
  const abroad = new Place({ init: ['--currency', 'USD'] });
  assert.match(abroad.run(['demo']).err, /^ERR_STATE: The demonstration is of a firm of many that reckons in CNY/);
  const solo = new Place({ init: ['--currency', 'CNY', '--solo'] });
  assert.match(solo.run(['demo']).err, /^ERR_STATE: The demonstration is of a firm of many/);
});

test('its books are in order, and made again they are the same', () => {
  assert.match(place.ok('doctor').out, /0 findings/);
  const before = books(place);
  place.ok('rebuild');
  assert.equal(books(place), before);
});

test('the story stands among the rest', () => {
  const [alert] = place
    .ok('do', 'alert_list', JSON.stringify({ kind: 'broken_promise', account: 'D01' }), '--as', 'gao')
    .json().items;
  assert.equal(alert.since, '2025-09-16');
});

const median = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

test('serving it takes little memory and no time to start', async () => {
  const starts: number[] = [];
  let address = '';
  for (let i = 0; i < 5; i++) {
    await place.stop();
    const started = performance.now();
    address = await place.serve('--today', lastDay);
    starts.push(performance.now() - started);
  }
  const signed = await fetch(`${address}/api/v1/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'chen', password: 'a feast is no result' }),
  });
  assert.equal(signed.status, 201, await signed.clone().text());
  const cookie = signed.headers.get('set-cookie')!.split(';')[0]!;
  const paths = ['accounts?limit=500', 'orders?limit=500&sort=-id', 'reports/aging', 'alerts?limit=500', 'worklist', 'promises?limit=500'];
  for (const path of [...paths, ...paths, ...paths]) {
    const answer = await fetch(`${address}/api/v1/${path}`, { headers: { cookie } });
    assert.equal(answer.status, 200, path);
    assert.ok((await answer.json()).items.length > 0, path);
  }
  const status = readFileSync(`/proc/${place.servers.at(-1)!.pid}/status`, 'utf8');
  const resident = Number(/VmRSS:\s+(\d+)/.exec(status)![1]) / 1024;
  const most = Number(/VmHWM:\s+(\d+)/.exec(status)![1]) / 1024;
  await place.stop();
  console.log(`figure: server on the demonstration: ${resident.toFixed(1)} MiB resident, ${most.toFixed(1)} at most (below 40 wanted)`);
  console.log(`figure: start to ready: ${median(starts).toFixed(0)} ms (below 100 wanted)`);
  assert.ok(resident < 40, `${resident} MiB`);
});
