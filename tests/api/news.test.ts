// What live screens go by: answers that wait until something was done, as JSON and as server-sent events.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { Place, type Reply } from './support';
import { World } from './world';

const world = new World();

before(() => world.start());
after(() => world.place.stop());

async function ask(who: string, query = '', headers: Record<string, string> = {}) {
  const reply = await fetch(`${world.base}/api/v1/news${query}`, { headers: { authorization: `Bearer ${world.tokens[who]}`, ...headers } });
  return { status: reply.status, type: reply.headers.get('content-type'), text: await reply.text() };
}

async function news(who: string, query = ''): Promise<Reply> {
  const { status, text } = await ask(who, query);
  assert.equal(status, 200, text);
  return JSON.parse(text);
}

const logs = (side: string) => world.send('sales', 'POST', '/orders', { account: `${side}-A`, lines: [{ product: 'P1', quantity: 1 }] });
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Everything that waits has been asked once and put aside. */
const settled = () => pause(300);

describe('news', () => {
  test('who asks for the first time is told at once from where to go on', async () => {
    const first = await news('viewer');
    assert.match(first['last'], /^Q/);
    assert.deepEqual([first['changed'], first['accounts']], [[], []]);
  });

  test('an answer comes with what was done, once it is done', async () => {
    const { last } = await news('viewer');
    let isThere = false;
    const waits = news('viewer', `?after=${last}`).then((told) => { isThere = true; return told; });
    await settled();
    assert.equal(isThere, false, 'there is nothing to tell yet');
    await logs('EAST');
    const told = await waits;
    assert.deepEqual([told['changed'], told['accounts']], [['orders'], ['EAST-A']]);
    assert.notEqual(told['last'], last);
  });

  test('what was done between two askings is told at once', async () => {
    const { last } = await news('viewer');
    await logs('WEST');
    await world.send('admin', 'POST', '/products', { code: `N${last}`.slice(0, 12), name: 'Nut', unit_price: '1.00' });
    const told = await news('viewer', `?after=${last}`);
    assert.deepEqual([told['changed'], told['accounts']], [['orders', 'products'], ['WEST-A']]);
  });

  test('of accounts out of sight nothing is told, not even that something was done', async () => {
    const { last } = await news('EAST-sales');
    let isThere = false;
    const waits = news('EAST-sales', `?after=${last}`).then((told) => { isThere = true; return told; });
    await settled();
    await logs('WEST');
    await pause(2500);
    assert.equal(isThere, false);
    await logs('EAST');
    const told = await waits;
    assert.deepEqual([told['changed'], told['accounts']], [['orders'], ['EAST-A']]);
  });

  test('a browser reads them as events, and goes on behind the last', async () => {
    const events = { accept: 'text/event-stream' };
    const first = await ask('viewer', '', events);
    assert.equal(first.type, 'text/event-stream');
    const [, id] = /^retry: \d+\nid: (\d+)\ndata: \{.*\}\n\n$/.exec(first.text) ?? [];
    assert.ok(id !== undefined, first.text);
    const waits = ask('viewer', '', { ...events, 'last-event-id': id });
    await settled();
    await logs('EAST');
    const told = await waits;
    const [, next, data] = /^retry: \d+\nid: (\d+)\ndata: (\{.*\})\n\n$/.exec(told.text) ?? [];
    assert.ok(Number(BigInt(next!) - BigInt(id)) > 0);
    assert.deepEqual(JSON.parse(data!).changed, ['orders']);
  });

  test('a place in the row that is none is refused, and so is who is nobody', async () => {
    assert.equal((await ask('viewer', '?after=yesterday')).status, 422);
    assert.equal((await ask('viewer', '', { 'last-event-id': '-1' })).status, 400);
    assert.equal((await ask('nobody', '')).status, 401);
    assert.equal((await ask('partner', '')).status, 403);
  });

  test('who loses the right to ask while an answer waits is told so', async () => {
    const made = (await world.send('admin', 'POST', '/tokens', { user: 'viewer' })).body as Reply;
    world.tokens['leaving'] = made['token'];
    const { last } = await news('leaving');
    const waits = ask('leaving', `?after=${last}`);
    await settled();
    assert.equal((await world.send('admin', 'POST', `/tokens/${made['id']}/revoke`, {})).status, 200);
    assert.equal((await waits).status, 401);
  });

  test('a server that stops answers all that wait', async () => {
    const { last } = await news('viewer');
    const waits = Array.from({ length: 20 }, () => news('viewer', `?after=${last}`));
    await settled();
    const began = Date.now();
    await world.place.stop();
    for (const told of await Promise.all(waits)) assert.deepEqual(told['changed'], []);
    assert.ok(Date.now() - began < 20_000, 'nobody waited for the end');
  });

  // The last one: it holds this process for long, and connections that are kept open would be closed meanwhile.
  test('a close that touches more accounts than a page holds is told of in several answers, each account once', () => {
    const firm = new Place();
    const codes = Array.from({ length: 2100 }, (_, at) => `D${at}`);
    const lines: Reply[] = [
      { do: 'partner_create', on: '2026-01-02', in: { code: 'D', name: 'D', roles: ['distributor'] } },
      ...codes.map((code) => ({ do: 'account_create', in: { code, partner: 'D', currency: 'CNY', terms_days: 30 } })),
      ...codes.map((account) => ({ do: 'promise_make', in: { account, amount: '1.00', due_on: '2026-01-02' } })),
      { do: 'day_close', on: '2026-01-05', in: { on: '2026-01-05' } },
    ];
    assert.equal(firm.journal(lines).code, 0);
    let { last } = firm.do('news_get', {}, '--today', '2026-01-05');
    firm.do('day_close', { on: '2026-01-06' }, '--today', '2026-01-06');
    const told: string[] = [];
    for (let done = false; !done;) {
      const answer = firm.do('news_get', { after: last }, '--today', '2026-01-06');
      done = answer['accounts'].length === 0 && answer['changed'].length === 0;
      if (!done) assert.deepEqual(answer['changed'], ['day-close']);
      told.push(...answer['accounts']);
      last = answer['last'];
    }
    assert.deepEqual(told.sort(), codes.sort());
  });
});
