// The real server is killed a hundred times while clients place orders, ship, invoice and pay. After each restart
// every write that was answered is there, a repeat of its key does nothing, and doctor finds nothing. The seed is
// printed; KILL_SEED repeats the moments of the kills, KILL_ROUNDS their number. So are an init and a copy, which leave
// a whole database under the name that they were given, or none.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { Agent, request } from 'node:http';
import { spawn } from 'node:child_process';
import { Place, lastLine, onServer, program } from './support';

const rounds = Number(process.env['KILL_ROUNDS'] ?? 100);
const killRounds = 15;
const clients = 8;
const accounts = 4;
const today = ['--today', '2025-06-02'];
let seed = Number(process.env['KILL_SEED'] ?? Date.now() % 1_000_000);

function randomBelow(bound: number): number {
  seed = (seed * 48271) % 2147483647;
  return seed % bound;
}

type Answer = { status: number; body: any };

function post(base: string, agent: Agent, token: string, path: string, key: string, body: object): Promise<Answer> {
  const text = JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const call = request(
      `${base}/api/v1${path}`,
      {
        method: 'POST',
        agent,
        headers: {
          Authorization: `Bearer ${token}`,
          'Content-Type': 'application/json',
          'Content-Length': Buffer.byteLength(text),
          'Idempotency-Key': key,
        },
      },
      (response) => {
        let said = '';
        response.on('data', (chunk) => (said += chunk));
        response.on('error', reject);
        response.on('end', () => {
          try {
            resolve({ status: response.statusCode ?? 0, body: JSON.parse(said) });
          } catch (error) {
            reject(error as Error);
          }
        });
      },
    );
    call.on('error', reject);
    call.end(text);
  });
}

type Write = { path: string; key: string; body: object; id: string; kind: string };

/** One client: orders that are shipped, invoiced and paid, each answered before the next, until the server dies. */
async function trade(base: string, token: string, name: string, written: Write[]): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const account = `D${randomBelow(accounts) + 1}`;
  try {
    for (let i = 0; ; i++) {
      const number = `${name}-${i}`;
      const steps: [string, string, (order: string) => object][] = [
        ['order', '/orders', () => ({ account, number, lines: [{ product: 'P1', quantity: 2 }] })],
        ['shipment', '/shipments', (order) => ({ order })],
        ['invoice', '/invoices', (order) => ({ account, order, amount: '200.00', invoiced_on: '2025-06-02' })],
        ['payment', '/payments', () => ({ account, amount: '150.00', received_on: '2025-06-02' })],
      ];
      let order = '';
      for (const [kind, path, bodyOf] of steps) {
        const body = bodyOf(order);
        const answer = await post(base, agent, token, path, `${number}-${kind}`, body);
        assert.ok(answer.status < 300, `${path} ${answer.status} ${JSON.stringify(answer.body)}`);
        order = kind === 'order' ? answer.body.id : order;
        written.push({ path, key: `${number}-${kind}`, body, id: answer.body.id, kind });
      }
    }
  } catch (error) {
    if (error instanceof assert.AssertionError) {
      throw error;
    }
  } finally {
    agent.destroy();
  }
}

test(`a server killed ${rounds} times loses nothing that it answered (KILL_SEED=${seed})`, async () => {
  const place = new Place();
  place.ok('user', 'add', 'root', '--role', 'admin');
  const token = place.ok('token', 'add', 'root').out.trim();
  place.do('product_create', { code: 'P1', name: 'Pump', unit_price: '100.00' }, ...today);
  for (let i = 1; i <= accounts; i++) {
    place.do('partner_create', { code: `D${i}`, name: `Distributor ${i}`, roles: ['distributor'] }, ...today);
    place.do('account_create', { code: `D${i}`, partner: `D${i}`, currency: 'CNY', terms_days: 30, limit: 'unlimited' }, ...today);
  }
  let answered = 0;
  let readyMost = 0;
  for (let round = 0; round < rounds; round++) {
    const began = performance.now();
    const base = await place.serve(...today);
    readyMost = Math.max(readyMost, performance.now() - began);
    const server = place.servers.pop()!;
    const ended = new Promise((resolve) => server.once('exit', resolve));
    const written: Write[] = [];
    const trading = Array.from({ length: clients }, (_, i) => trade(base, token, `${round}.${i}`, written));
    // A database server's connections prepare their statements first.
    for (const until = Date.now() + 20_000; onServer && written.length < clients && Date.now() < until;) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await new Promise((resolve) => setTimeout(resolve, 20 + randomBelow(120)));
    server.kill('SIGKILL');
    await ended;
    await Promise.all(trading);

    assert.equal(lastLine(place.ok('doctor').out).replace(/.*checks, /, ''), '0 findings');
    const lines = written.map(({ kind, id }) => JSON.stringify({ do: `${kind}_get`, in: { [kind]: id }, expect: { id } }));
    const reread = place.run([...today, 'journal', '-'], lines.join('\n') + '\n');
    assert.equal(reread.code, 0, `lost in round ${round}: ${reread.err}`);
    const repeats = written
      .slice(-8)
      .map(({ kind, key, body, id }) => JSON.stringify({ do: `${kind}_post`.replace('order_post', 'order_place'), as: 'root', key, in: body, save: { x: 'id' } }) + '\n' + JSON.stringify({ do: `${kind}_get`, in: { [kind]: '$x' }, expect: { id } }));
    const again = place.run([...today, 'journal', '-'], repeats.join('\n') + '\n');
    assert.equal(again.code, 0, `repeats in round ${round}: ${again.err}`);
    assert.match(lastLine(again.out), new RegExp(`skipped ${Math.min(8, written.length)} `), again.out);
    answered += written.length;
  }
  assert.ok(answered > 0);
  console.log(`figure: killed ${rounds} times, ${answered} writes answered, none lost, ready after at most ${readyMost.toFixed(0)} ms`);
});

/** Runs the program and kills it after so many milliseconds, or never; how long it ran. */
function killed(place: Place, args: string[], afterMs?: number): Promise<number> {
  const began = performance.now();
  const running = spawn(program, args, { cwd: place.dir, env: place.env, stdio: 'ignore' });
  if (afterMs !== undefined) setTimeout(() => running.kill('SIGKILL'), afterMs);
  return new Promise((resolve) => running.once('exit', () => resolve(performance.now() - began)));
}

test(`an init or a copy that is killed leaves a whole database of its name, or none (KILL_SEED=${seed})`, async () => {
  const place = new Place();
  const codes = Array.from({ length: 300 }, (_, i) => `D${i}`);
  place.journal(codes.map((code) => ({ do: 'partner_create', in: { code, name: code, roles: ['distributor'] } })));
  const commands: ((name: string) => string[])[] = [
    (name) => ['--db', name, 'init', '--currency', 'CNY'],
    (name) => ['copy', place.db, name],
  ];
  for (const [c, command] of commands.entries()) {
    const span = Math.ceil(await killed(place, command(`${place.db}_${c}`)));
    let unmade = 0;
    for (let round = 0; round < killRounds; round++) {
      const name = `${place.db}_${c}_${round}`;
      await killed(place, command(name), randomBelow(span));
      const doctor = place.run(['--db', name, 'doctor']);
      if (doctor.code === 0) continue;
      assert.match(doctor.err, /^ERR_DB_MISSING/, `round ${round}: ${doctor.out}${doctor.err}`);
      place.ok(...command(name));
      unmade++;
    }
    assert.ok(unmade > 0, `each of ${killRounds} had ended before it was killed`);
  }
});
