// Fields that the organisation added: amounts of money, and what orders and activities have.
import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { Place, type Reply, counts, lastLine } from './support';

const today = ['--today', '2025-06-30'];

function opened(): Place {
  const place = new Place();
  const field = (record: string, code: string, kind: string, more: Reply = {}) =>
    place.do('custom_field_create', { record, code, label_en: code, kind, ...more }, ...today);
  field('partner', 'worth', 'money', { currency: 'USD' });
  field('partner', 'yen', 'money', { currency: 'JPY' });
  field('account', 'deposit', 'money', { currency: 'CNY' });
  field('order', 'po', 'text', { required: true });
  field('order', 'budget', 'money', { currency: 'CNY' });
  field('activity', 'mood', 'choice', { options: [{ code: 'good' }, { code: 'bad' }] });
  for (const code of ['A', 'B', 'C']) {
    place.do('partner_create', { code, name: code, roles: ['distributor'], ...(code === 'A' && { fields: { worth: '12.5', yen: '700' } }) }, ...today);
    place.do('account_create', { code, partner: code, currency: 'CNY', terms_days: 30, limit: 'unlimited', ...(code === 'B' && { fields: { deposit: '1000' } }) }, ...today);
  }
  return place;
}

const codes = (reply: Reply) => (reply['items'] as Reply[]).map((one) => one['code'] ?? one['number']);

describe('amounts of money', () => {
  const place = opened();

  test('are of the currency of their field, which needs one and keeps it', () => {
    const define = (more: Reply) => ({ record: 'contact', code: 'x', label_en: 'X', ...more });
    assert.match(place.refuses('ERR_FIELD_REQUIRED', 'custom_field_create', define({ kind: 'money' }), ...today), /currency/);
    assert.match(place.refuses('ERR_FIELD_INVALID', 'custom_field_create', define({ kind: 'text', currency: 'CNY' }), ...today), /Only money/);
    const { id } = place.do('custom_field_list', { filter: 'code eq worth' }, ...today)['items'][0];
    place.refuses('ERR_FIELD_UNKNOWN', 'custom_field_change', { custom_field: id, currency: 'CNY' }, ...today);
    assert.deepEqual(place.do('partner_get', { partner: 'A' }, ...today)['fields'], { worth: '12.50', yen: '700' });
  });

  test('have its decimals, and no more', () => {
    const change = (fields: Reply) => ({ partner: 'B', fields });
    assert.match(place.refuses('ERR_FIELD_INVALID', 'partner_change', change({ worth: '1.234' }), ...today), /At most 2 decimals/);
    assert.match(place.refuses('ERR_FIELD_INVALID', 'partner_change', change({ yen: '1.5' }), ...today), /At most 0 decimals/);
    assert.match(place.refuses('ERR_FIELD_INVALID', 'partner_change', change({ worth: '90000000000000' }), ...today), /15 digits/);
    assert.deepEqual(place.do('partner_change', change({ worth: '-3', yen: '0' }), ...today)['fields'], { worth: '-3.00', yen: '0' });
  });

  test('are sorted by, filtered and summed, each in its currency', () => {
    assert.deepEqual(codes(place.do('partner_list', { sort: '-fields.worth' }, ...today)), ['A', 'B', 'C']);
    assert.deepEqual(codes(place.do('partner_list', { filter: 'fields.worth ge 12.50' }, ...today)), ['A']);
    assert.deepEqual(codes(place.do('partner_list', { filter: 'fields.yen lt 700' }, ...today)), ['B']);
    place.refuses('ERR_FIELD_INVALID', 'partner_list', { filter: 'fields.yen lt 7.5' }, ...today);
    const totals = place.do('list_totals', { list: 'partner' }, ...today);
    assert.deepEqual(totals['sums'], [{ field: 'fields.worth', currency: 'USD', sum: '9.50' }, { field: 'fields.yen', currency: 'JPY', sum: '700' }]);
    const accounts = place.do('list_totals', { list: 'account', group: 'state' }, ...today);
    assert.deepEqual(accounts['sums'].find((one: Reply) => one['field'] === 'fields.deposit'), { field: 'fields.deposit', currency: 'CNY', sum: '1000.00' });
    const contacts = place.do('list_totals', { list: 'contact' }, ...today);
    assert.deepEqual(contacts['sums'], []);
  });

  test('come from files', () => {
    place.write('p.csv', 'code,name,roles,fields.worth,fields.yen\nF,Six,distributor,"1,234.5",12\nG,Seven,distributor,1.005,\n');
    const ran = place.run(['import', 'partners', 'p.csv', ...today]);
    assert.deepEqual(counts(lastLine(ran.out)), { read: 2, done: 1, skipped: 0, refused: 1 });
    assert.match(place.read('p.csv.refused.csv'), /,fields\.worth,"ERR_FIELD_INVALID/);
    assert.deepEqual(place.do('partner_get', { partner: 'F' }, ...today)['fields'], { worth: '1234.50', yen: '12' });
    assert.match(place.ok('doctor').out, / 0 findings/);
  });
});

describe('orders and activities', () => {
  const place = opened();
  const order = (number: string, fields?: Reply) => ({ account: 'A', number, lines: [{ product: 'N', quantity: '1', unit_price: '10' }], ...(fields && { fields }) });

  test('have what was given with them', () => {
    place.do('product_create', { code: 'N', name: 'Nut', unit_price: '10' }, ...today);
    assert.match(place.refuses('ERR_FIELD_REQUIRED', 'order_place', order('O1'), ...today), /fields\.po/);
    place.do('order_place', order('O1', { po: 'PO-7', budget: '99' }), ...today);
    place.do('order_place', order('O2', { po: 'PO-8' }), ...today);
    assert.deepEqual(place.do('order_get', { order: 'O1' }, ...today)['fields'], { po: 'PO-7', budget: '99.00' });
    assert.deepEqual(codes(place.do('order_list', { filter: 'fields.po has 8' }, ...today)), ['O2']);
    assert.equal(place.do('list_totals', { list: 'order' }, ...today)['sums'].find((one: Reply) => one['field'] === 'fields.budget').sum, '99.00');
    const { id } = place.do('activity_log', { partner: 'A', kind: 'review', on: '2025-06-30', fields: { mood: 'good' } }, ...today);
    place.refuses('ERR_FIELD_INVALID', 'activity_log', { partner: 'A', kind: 'review', on: '2025-06-30', fields: { mood: 'odd' } }, ...today);
    assert.deepEqual(place.do('activity_get', { activity: id }, ...today)['fields'], { mood: 'good' });
    assert.equal(place.do('activity_list', { filter: 'fields.mood eq good' }, ...today)['items'].length, 1);
  });

  test('of an order are changed without judging it again, whatever became of it', () => {
    const before = place.do('order_get', { order: 'O1' }, ...today);
    place.do('order_change', { order: 'O1', fields: { budget: '7' } }, ...today);
    const after = place.do('order_get', { order: 'O1' }, ...today);
    assert.deepEqual([after['fields'].budget, after['decision_id']], ['7.00', before['decision_id']]);
    place.do('order_cancel', { order: 'O1', reason: 'r' }, ...today);
    assert.equal(place.do('order_change', { order: 'O1', fields: { po: 'PO-9' } }, ...today)['status'], 'cancelled');
    place.refuses('ERR_STATE', 'order_change', { order: 'O1', fields: { po: 'PO-9' }, wanted_on: '2025-07-01' }, ...today);
    assert.match(place.refuses('ERR_FIELD_REQUIRED', 'order_change', { order: 'O1', fields: { po: null } }, ...today), /cannot be cleared/);
    const told = place.do('audit_list', { what: 'order_change' }, ...today)['items'];
    assert.ok(told.some((one: Reply) => JSON.stringify(one).includes('fields.budget')));
  });

  test('are found by their texts, as are partners, accounts, contacts and products', () => {
    for (const record of ['partner', 'account', 'contact', 'product']) {
      place.do('custom_field_create', { record, code: 'told', label_en: 'Told', kind: 'text' }, ...today);
    }
    const found = (q: string, more: Reply = {}) => (place.do('search', { q, ...more }, ...today)['items'] as Reply[]).map((one) => [one['kind'], one['code'], one['how'], one['field'], one['value']]);
    assert.deepEqual(found('po-8'), [['order', 'O2', 'field', 'po', 'PO-8']]);
    place.do('partner_change', { partner: 'C', fields: { told: 'Blue Heron, 青鹭' } }, ...today);
    assert.deepEqual(found('heron'), [['account', 'C', 'field', 'told', 'Blue Heron, 青鹭'], ['partner', 'C', 'field', 'told', 'Blue Heron, 青鹭']].sort());
    assert.deepEqual(found('鹭', { kind: 'partner' }).map(([, code]) => code), ['C']);
    place.do('account_change', { account: 'B', fields: { told: 'Egret' } }, ...today);
    assert.deepEqual(found('egret').map(([kind, code]) => `${kind} ${code}`), ['account B']);
    place.do('product_change', { product: 'N', fields: { told: 'Stork' } }, ...today);
    assert.deepEqual(found('stork').map(([kind]) => kind), ['product']);
    place.do('contact_create', { partner: 'A', name: 'Ann', fields: { told: 'Crane' } }, ...today);
    assert.deepEqual(found('crane').map(([kind]) => kind), ['contact']);
    place.do('partner_change', { partner: 'C', fields: { told: 'Ibis' } }, ...today);
    assert.deepEqual(found('heron'), []);
    // What is retired is there and not shown.
    const { id } = place.do('custom_field_list', { filter: 'record eq partner and code eq told' }, ...today)['items'][0];
    place.do('custom_field_change', { custom_field: id, retired: true }, ...today);
    assert.deepEqual(found('ibis'), []);
    place.do('custom_field_change', { custom_field: id, retired: false }, ...today);
    assert.equal(found('ibis').length, 2);
    assert.match(place.ok('doctor').out, / 0 findings/);
    place.ok('rebuild');
    assert.match(place.ok('doctor').out, / 0 findings/);
    assert.equal(found('egret').length, 1);
  });

  test('come from files', () => {
    place.write('o.csv', 'account,number,product,quantity,fields.po,fields.budget\nA,O5,N,2,PO-5,50\nA,O5,M,3,PO-5,50\nB,O6,N,1,PO-6,\n');
    place.do('product_create', { code: 'M', name: 'Bolt', unit_price: '1' }, ...today);
    const ran = place.run(['import', 'orders', 'o.csv', ...today]);
    assert.deepEqual(counts(lastLine(ran.out)), { read: 3, done: 3, skipped: 0, refused: 0 }, ran.out + ran.err);
    assert.deepEqual(place.do('order_get', { order: 'O5' }, ...today)['fields'], { po: 'PO-5', budget: '50.00' });
    assert.match(place.ok('doctor').out, / 0 findings/);
  });
});
