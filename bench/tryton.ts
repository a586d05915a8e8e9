// Sales in Tryton, over its JSON-RPC: sets up a company, parties with a credit limit and products, then for each sale
// creates it with three lines, quotes and confirms it, which is where its credit limit is checked.
//     tryton.mjs URL PASSWORD SALES
// Prints the sales a second, the same without what calls cost that do nothing, and the milliseconds of such a call.

export {};

type Json = string | number | boolean | null | Json[] | { [name: string]: Json };

const PARTIES = 200;
const PRODUCTS = 20;
const CALLS_OF_SALE = 3;

const [url = '', password = '', sales = '100'] = process.argv.slice(2);
let authorization = '';
let context: { [name: string]: Json } = {};
let calls = 0;

async function rpc(method: string, ...params: Json[]): Promise<Json> {
  calls++;
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(authorization && { authorization }) },
    body: JSON.stringify({ id: calls, method, params }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method}: ${answer.status} ${text.slice(0, 500)}`);
  const told = JSON.parse(text) as { result?: Json; error?: Json } | Json;
  if (told === null || typeof told !== 'object' || Array.isArray(told)) return told;
  if (told.error) throw new Error(`${method}: ${JSON.stringify(told.error).slice(0, 2000)}`);
  return 'result' in told ? told.result ?? null : told;
}

const model = (name: string, method: string, ...params: Json[]) => rpc(`model.${name}.${method}`, ...params, context);
const decimal = (text: string): Json => ({ __class__: 'Decimal', decimal: text });

async function create(name: string, values: Json[]): Promise<number[]> {
  return await model(name, 'create', values) as number[];
}

async function found(name: string, domain: Json): Promise<number> {
  const [id] = await model(name, 'search', domain, 0, 1, null) as number[];
  if (id === undefined) throw new Error(`no ${name} ${JSON.stringify(domain)}`);
  return id;
}

async function login(): Promise<void> {
  const [user, session] = await rpc('common.db.login', 'admin', { password }) as [number, string];
  authorization = `Session ${Buffer.from(`admin:${user}:${session}`).toString('base64')}`;
  context = await rpc('model.res.user.get_preferences', true, {}) as { [name: string]: Json };
}

interface World {
  parties: { id: number; address: number }[];
  products: number[];
  unit: number;
  currency: number;
}

async function company(): Promise<number> {
  const [currency = 0] = await create('currency.currency', [{ name: 'Yuan', symbol: '¥', code: 'CNY', rates: [['create', [{ rate: decimal('1') }]]] }]);
  const [party = 0] = await create('party.party', [{ name: 'Seller' }]);
  const [id = 0] = await create('company.company', [{ party, currency }]);
  const [user] = await model('res.user', 'search', [['login', '=', 'admin']], 0, 1, null) as number[];
  await model('res.user', 'write', [user ?? 0], { companies: [['add', [id]]], company: id });
  context = await rpc('model.res.user.get_preferences', true, {}) as { [name: string]: Json };
  return currency;
}

async function world(): Promise<World> {
  const currency = await company();
  const unit = await found('product.uom', [['name', '=', 'Unit']]);
  const templates = await create('product.template', Array.from({ length: PRODUCTS }, (_, i) => ({
    name: `Pump ${i}`, type: 'goods', default_uom: unit, salable: true, sale_uom: unit, list_price: decimal('10.50'),
    products: [['create', [{}]]],
  })));
  const products = await model('product.product', 'search', [['template', 'in', templates]], 0, null, null) as number[];
  const ids = await create('party.party', Array.from({ length: PARTIES }, (_, i) => ({
    name: `Buyer ${i}`, credit_limit_amount: decimal('1000000000'), addresses: [['create', [{ street: `${i}` }]]],
  })));
  const read = await model('party.party', 'read', ids, ['addresses']) as { id: number; addresses: number[] }[];
  return { parties: read.map((one) => ({ id: one.id, address: one.addresses[0] ?? 0 })), products, unit, currency };
}

async function sell({ parties, products, unit, currency }: World, turn: number): Promise<void> {
  const party = parties[turn * 7 % parties.length];
  if (!party) throw new Error('no party');
  const lines = [1, 2, 3].map((n) => ({
    type: 'line', product: products[(turn + n) % products.length] ?? 0, unit, quantity: n, unit_price: decimal('10.50'),
  }));
  const ids = await create('sale.sale', [{
    party: party.id, invoice_address: party.address, shipment_address: party.address, currency, lines: [['create', lines]],
  }]);
  await model('sale.sale', 'quote', ids);
  await model('sale.sale', 'confirm', ids);
  if (turn === 0) {
    const [sale] = await model('sale.sale', 'read', ids, ['state']) as { state: string }[];
    if (sale?.state !== 'confirmed') throw new Error(`a sale is ${sale?.state}, not confirmed`);
  }
}

async function main(): Promise<void> {
  await login();
  const all = await world();
  for (let i = 0; i < 5; i++) await sell(all, i);
  let selling = 0;
  let empty = 0;
  const count = Number(sales);
  for (let i = 0; i < count; i++) {
    const began = performance.now();
    await sell(all, 5 + i);
    const sold = performance.now();
    await model('sale.sale', 'search', [['id', '=', -1]], 0, 1, null);
    selling += sold - began;
    empty += performance.now() - sold;
  }
  const rate = (took: number) => (count * 1000 / took).toFixed(2);
  console.log(`${rate(selling)} ${rate(selling - CALLS_OF_SALE * empty)} ${(empty / count).toFixed(2)}`);
}

await main();
