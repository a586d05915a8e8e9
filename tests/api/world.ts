// A firm with two territories and the same records in each, for tests that ask who may see and do what. All codes and
// numbers of a side begin with its name, so that a reply tells by its text what it shows.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Place, type Reply } from './support';

export type Side = 'EAST' | 'WEST';
export type Kinds = Record<string, string>;

export const ROLES = ['admin', 'manager', 'sales', 'credit', 'collections', 'finance', 'viewer', 'partner'] as const;
export type Role = (typeof ROLES)[number];
const LETTERS: Record<string, Role> = {
  a: 'admin', m: 'manager', s: 'sales', c: 'credit', l: 'collections', f: 'finance', v: 'viewer', p: 'partner',
};
export const rolesOf = (letters: string): Role[] => [...letters].map((letter) => LETTERS[letter]!);

/** Which roles have a permission, as the program was built with it. */
export function permissions(): Map<string, Role[]> {
  const rows = readFileSync('src/op/perm.def', 'utf8').matchAll(/^PERM\((\w+), "(\w*)"/gm);
  return new Map([...rows].map(([, name, letters]) => [name!, rolesOf(letters!)]));
}

export type Operation = { name: string; method: string; path: string; permission: string; parameters: string[]; body: Record<string, Reply>; isCompared: boolean };

function inputOf(document: Reply, operation: Reply): Record<string, Reply> {
  const schema = operation['requestBody']?.content['application/json'].schema;
  const name = schema?.$ref?.split('/').at(-1);
  return (name === undefined ? schema?.properties : document['components'].schemas[name].properties) ?? {};
}

/** The table of operations, out of the program itself. */
export function operations(place: Place): Operation[] {
  const document = place.ok('openapi').json();
  return Object.entries<Reply>(document.paths).flatMap(([path, methods]) =>
    Object.entries<Reply>(methods).filter(([, operation]) => operation['operationId'] !== undefined)
      .map(([method, operation]) => ({
        name: operation['operationId'], method: method.toUpperCase(), path, permission: operation['x-permission'],
        parameters: (operation['parameters'] ?? []).map((one: Reply) => one['name']), body: inputOf(document, operation),
        isCompared: (operation['parameters'] ?? []).some((one: Reply) => one['$ref'] === '#/components/parameters/IfMatch'),
      })));
}

export class World {
  readonly place = new Place();
  readonly sides: Record<Side, Kinds> = { EAST: {}, WEST: {} };
  readonly tokens: Record<string, string> = {};
  operations: Operation[] = [];
  base = '';

  /** Everything on a day of its own business date, by whom it takes. */
  private do(as: string, operation: string, members: Reply): Reply {
    return this.place.do(operation, members, '--as', as, '--today', '2025-06-02');
  }

  private people(): void {
    const { place } = this;
    for (const role of ROLES) {
      if (role !== 'partner') place.do('user_create', { name: role, role });
    }
    place.do('user_create', { name: 'credit2', role: 'credit' });
    place.do('product_create', { code: 'P1', name: 'Pipe', unit_price: '100.00', unit_cost: '31.41' });
    place.do('rate_set', { currency: 'USD', rate: '7.1', on: '2025-01-01' });
    place.do('custom_field_create', { record: 'partner', code: 'region', label_en: 'Region', kind: 'text' });
    place.do('view_create', { list: 'partner', name: 'ours', query: 'sort=name', shared: true });
  }

  private side(side: Side): void {
    const kinds = this.sides[side];
    const keep = (kind: string, reply: Reply, member = 'id') => { kinds[kind] = reply[member]; return reply; };
    keep('territory', this.do('admin', 'territory_create', { code: `T-${side}`, name: 'name' }));
    const partner = (code: string) => ({ code, name: `${side}-name`, roles: ['distributor'], territory: `T-${side}`, owner: 'sales' });
    keep('partner', this.do('admin', 'partner_create', partner(`${side}-P`)));
    this.do('admin', 'partner_create', partner(`${side}-Q`));
    keep('contact', this.do('admin', 'contact_create', { partner: `${side}-P`, name: `${side}-contact` }));
    keep('relation', this.do('admin', 'relation_create', { partner: `${side}-P`, other: `${side}-Q`, kind: 'owns' }));
    keep('account', this.do('credit', 'account_create', { code: `${side}-A`, partner: `${side}-P`, currency: 'CNY', terms_days: 30, limit: '10000.00' }));
    kinds['limit'] = this.do('credit', 'limit_list', { account: `${side}-A` })['items'][0].id;
    keep('activity', this.do('sales', 'activity_log', { partner: `${side}-P`, kind: 'planning', on: '2025-06-02', note: `${side}-note` }));
    this.trade(side, keep);
    this.do('admin', 'user_create', { name: `${side}-user`, role: 'partner', partner: `${side}-P` });
    this.do('admin', 'user_create', { name: `${side}-sales`, role: 'sales', territories: [`T-${side}`] });
  }

  private trade(side: Side, keep: (kind: string, reply: Reply, member?: string) => Reply): void {
    const place = (number: string, quantity: number) => this.do('sales', 'order_place', {
      account: `${side}-A`, number: `${side}-${number}`, lines: [{ product: 'P1', quantity }],
    });
    const held = keep('order', place('O1', 110));
    assert.equal(held['status'], 'held');
    keep('decision', held['decision']);
    const given = this.do('credit', 'order_release', {
      order: `${side}-O1`, reason: 'r', promise: { due_on: '2025-06-20', amount: '1000.00' },
    });
    keep('release', given, 'release');
    keep('promise', given, 'promise');
    place('O2', 50);
    keep('approval', this.do('sales', 'order_release_request', { order: `${side}-O2`, reason: 'r', reason_code: 'season' }), 'approval');
    const books = (operation: string, members: Reply) => this.do('finance', operation, { account: `${side}-A`, ...members });
    keep('shipment', this.do('sales', 'shipment_post', { order: `${side}-O1`, lines: [{ line: 1, quantity: 10 }] }));
    keep('invoice', books('invoice_post', { amount: '800.00', invoiced_on: '2025-06-02', order: `${side}-O1`, number: `${side}-I1` }));
    const paid = keep('payment', books('payment_post', { amount: '400.00', received_on: '2025-06-02', reference: `${side}-ref` }));
    keep('allocation', paid['allocations'][0]);
    keep('return', this.do('sales', 'return_post', { shipment: this.sides[side]['shipment'], lines: [{ line: 1, quantity: 1 }], reason: 'r' }));
    keep('credit_note', books('credit_note_post', { amount: '10.00', reason: 'r', invoice: `${side}-I1` }));
    keep('write_off', books('write_off_post', { amount: '5.00', reason: 'r', invoice: `${side}-I1` }));
    books('payment_post', { amount: '50.00', received_on: '2025-06-02', allocations: [] });
    keep('refund', books('refund_post', { amount: '1.00', reason: 'r' }));
  }

  async start(): Promise<void> {
    this.operations = operations(this.place);
    this.people();
    this.side('EAST');
    this.side('WEST');
    this.place.write('contacts.csv', 'partner,name\nEAST-Q,EAST-second\n');
    this.place.ok('import', 'contacts', 'contacts.csv', '--today', '2025-06-02');
    this.place.do('day_close', { on: '2025-06-02' }, '--as', 'finance', '--today', '2025-06-02');
    for (const side of ['EAST', 'WEST'] as const) {
      for (const kind of ['alert', 'entry']) {
        this.sides[side][kind] = this.place.do(`${kind}_list`, { account: `${side}-A` })['items'][0].id;
      }
    }
    for (const kinds of [this.sides.EAST, this.sides.WEST]) {
      kinds['product'] = this.place.do('product_list')['items'][0].id;
      kinds['rate'] = this.place.do('rate_list')['items'][0].id;
      kinds['user'] = this.place.do('user_get', { user: 'viewer' })['id'];
      kinds['view'] = this.place.do('view_list', { filter: 'name eq ours' })['items'][0].id;
      kinds['custom_field'] = this.place.do('custom_field_list')['items'][0].id;
      kinds['list'] = 'partner';
      kinds['import_run'] = this.place.do('import_run_list')['items'][0].id;
    }
    for (const { name } of this.place.do('user_list', { limit: 500 })['items']) {
      this.tokens[name] = this.place.ok('token', 'add', name).out.trim();
    }
    this.tokens['partner'] = this.tokens['EAST-user']!;
    this.base = await this.place.serve('--today', '2025-06-03');
  }

  /** A token of nobody's use, so that revoking it disturbs no other test. */
  async spare(): Promise<string> {
    return (await this.send('admin', 'POST', '/tokens', { user: 'viewer' })).body['id'];
  }

  /** The path with the records of a side in it. */
  fill(path: string, side: Side): string {
    return path.replace(/\{(\w+)\}/g, (_, kind: string) => {
      const id = this.sides[side][kind];
      assert.ok(id !== undefined, `the world has no ${kind}`);
      return id;
    });
  }

  async send(user: string, method: string, path: string, body?: Reply, headers: Record<string, string> = {}): Promise<{ status: number; body: Reply; text: string }> {
    const reply = await fetch(`${this.base}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.tokens[user]}`, ...headers,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }).catch((error: unknown) => { throw new Error(`${method} ${path} by ${user}: ${String(error)}`); });
    const text = await reply.text();
    return { status: reply.status, body: JSON.parse(text), text };
  }
}

export const hasBody = (method: string): boolean => method === 'POST' || method === 'PUT' || method === 'PATCH';
