// Sixty-four clients order at once from accounts whose limit fits exactly one of their orders: on every round exactly
// one is approved. In the last rounds they order from four accounts of a group whose limit fits one.
// RACE_ROUNDS: how many rounds of each.
import assert from 'node:assert/strict';
import { Agent, request } from 'node:http';
import { after, test } from 'node:test';
import { Place, type Reply } from './support';

const clients = 64;
const rounds = Number(process.env['RACE_ROUNDS'] ?? 1000);
const groups = Math.ceil(rounds / 10);
const children = 4;
const today = ['--today', '2025-06-02'];

const place = new Place();
const agents = Array.from({ length: clients }, () => new Agent({ keepAlive: true, maxSockets: 1 }));
after(async () => {
  agents.forEach((agent) => agent.destroy());
  await place.stop();
});

function setUp(): void {
  const lines: Reply[] = [
    { do: 'product_create', on: '2025-06-02', in: { code: 'P', name: 'Pipe', unit_price: '100.00' } },
    { do: 'partner_create', in: { code: 'D', name: 'Distributor', roles: ['distributor'] } },
  ];
  const open = (code: string, more: Reply): number =>
    lines.push({ do: 'account_create', in: { code, partner: 'D', currency: 'CNY', terms_days: 30, ...more } });
  for (let round = 0; round < rounds; round++) {
    open(`A${round}`, { limit: '100.00' });
  }
  for (let round = 0; round < groups; round++) {
    open(`G${round}`, { limit: '100.00' });
    for (let child = 0; child < children; child++) {
      open(`G${round}.${child}`, { parent: `G${round}`, limit: '100.00' });
    }
  }
  const ran = place.journal(lines);
  assert.equal(ran.code, 0, ran.err);
}

function order(base: string, token: string, client: number, account: string): Promise<string> {
  const text = JSON.stringify({ account, lines: [{ product: 'P', quantity: 1 }] });
  return new Promise((resolve, reject) => {
    const call = request(`${base}/api/v1/orders`, {
      method: 'POST',
      agent: agents[client]!,
      headers: {
        Authorization: `Bearer ${token}`,
        'Content-Type': 'application/json',
        'Content-Length': Buffer.byteLength(text),
      },
    }, (response) => {
      let said = '';
      response.on('data', (chunk) => (said += chunk));
      response.on('error', reject);
      response.on('end', () => resolve(response.statusCode === 201 ? JSON.parse(said).status : `${response.statusCode} ${said}`));
    });
    call.on('error', reject);
    call.end(text);
  });
}

/** One round: all at once; how many were approved, and how many held. */
async function race(base: string, token: string, accountOf: (client: number) => string): Promise<void> {
  const answers = await Promise.all(agents.map((_, client) => order(base, token, client, accountOf(client))));
  const approved = answers.filter((status) => status === 'approved').length;
  const held = answers.filter((status) => status === 'held').length;
  assert.deepEqual([approved, held], [1, clients - 1], `${accountOf(0)}: ${answers.join(' ').slice(0, 2000)}`);
}

/** Every page of the orders with this status, asked anew of the stopped server's database. */
function stored(status: string): Reply[] {
  const found: Reply[] = [];
  let cursor: string | null = null;
  do {
    const page: Reply = place.ok('do', 'order_list', JSON.stringify({ status, limit: 500, ...(cursor === null ? {} : { cursor }) })).json();
    found.push(...page['items']);
    cursor = page['next'];
  } while (cursor !== null);
  return found;
}

// failure-modes at-once, other-transaction, lock-order
test(`of ${clients} orders at once on a limit that fits one, one is approved (${rounds} rounds, ${groups} of groups)`, async () => {
  setUp();
  place.ok('user', 'add', 'root', '--role', 'admin');
  const token = place.ok('token', 'add', 'root').out.trim();
  const base = await place.serve(...today);
  for (let round = 0; round < rounds; round++) {
    await race(base, token, () => `A${round}`);
  }
  for (let round = 0; round < groups; round++) {
    await race(base, token, (client) => `G${round}.${client % children}`);
  }
  await place.stop();
  const winners = stored('approved').map((item) => String(item['account']).replace(/\..*/, ''));
  assert.equal(winners.length, rounds + groups);
  assert.equal(new Set(winners).size, rounds + groups);
  assert.match(place.ok('doctor').out, / 0 findings/);
});
