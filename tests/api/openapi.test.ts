// The OpenAPI document, by the OpenAPI Initiative's own schema and by JSON Schema's.
import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import Ajv from 'ajv/dist/2020.js';
import official from './openapi-3.1.json';
import { component, document, holdsReply, operations } from './described';
import { Place } from './support';

type Members = Record<string, Record<string, any>>;

const membersOf = (name: string): Members => document['components']['schemas'][name]['properties'];
const named = (schema: Record<string, any>): string => schema['$ref'].split('/').at(-1);

function replyOf(operation: Record<string, any>): string {
  const done = Object.entries<Record<string, any>>(operation['responses']).find(([status]) => status.startsWith('2'));
  assert.ok(done !== undefined, operation['operationId']);
  return named(done[1]['content']['application/json']['schema']);
}

/** What one row of a list shows. */
const itemOf = (operation: Record<string, any>): Members => membersOf(named(membersOf(replyOf(operation))['items']!['items']));

describe('the OpenAPI document', () => {
  test('validates as OpenAPI 3.1', () => {
    const ajv = new Ajv({ strict: false, validateFormats: false });
    const validate = ajv.compile(official);
    assert.ok(validate(document), ajv.errorsText(validate.errors));
    assert.equal(document['openapi'], '3.1.0');
    assert.equal(validate({ ...document, info: {} }), false, 'the schema judges nothing');
  });

  test('each of its schemas is sound JSON Schema', () => {
    const names = Object.keys(document['components']['schemas']);
    assert.ok(names.length > 1);
    for (const name of names) {
      component(name);
    }
  });

  test('every operation has one route, and says what it refuses', () => {
    const codes: string[] = document['components']['schemas']['Problem']['properties']['code']['enum'];
    for (const { id, operation } of operations.values()) {
      assert.ok(operation['summary'].endsWith('.'), id);
      assert.ok(operation['tags'].length === 1, id);
      for (const code of operation['x-refusals']) {
        assert.ok(codes.includes(code), `${id}: ${code}`);
      }
    }
    const used = [...operations.values()].map(({ operation }) => operation['tags'][0]);
    assert.deepEqual(document['tags'].map((tag: any) => tag['name']).sort(), [...new Set(used)].sort());
  });

  test('a path names its parameters and no others', () => {
    for (const { id, path, operation } of operations.values()) {
      const wanted = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
      const given = operation['parameters']
        .filter((parameter: any) => parameter['in'] === 'path')
        .map((parameter: any) => parameter['name']);
      assert.deepEqual(given.sort(), wanted.sort(), id);
    }
  });

  test('every list takes pages, an order, a filter, and what its rows have of partner, account, status, owner and a date', () => {
    const lists = [...operations.values()].filter(({ id }) => id.endsWith('_list'));
    // Told latest first, narrowed by what its index finds; a condition on anything else would walk all of it.
    // Mappings of files are few, and the wizard offers all of them.
    const narrow: Record<string, string[]> = { audit_list: ['sort', 'filter'], day_close_list: ['sort', 'filter'], import_mapping_list: ['limit', 'cursor', 'sort', 'filter'] };
    assert.ok(lists.length > 20, `${lists.length} lists`);
    for (const { id, operation } of lists) {
      const taken: string[] = operation['parameters'].map((parameter: any) => parameter['name']);
      const shown = Object.entries(itemOf(operation));
      const wanted = ['limit', 'cursor', 'sort', 'filter'];
      wanted.push(...['account', 'partner', 'status', 'owner'].filter((name) => shown.some(([member]) => member === name)));
      if (shown.some(([, schema]) => String(schema['format']) === 'date') || shown.some(([member]) => member === 'on')) {
        wanted.push('from', 'until');
      }
      assert.deepEqual(wanted.filter((name) => !taken.includes(name)), narrow[id] ?? [], id);
      const limit = operation['parameters'].find((parameter: any) => parameter['name'] === 'limit');
      if (!narrow[id]?.includes('limit')) assert.equal(limit['schema']['maximum'], 500, id);
    }
  });

  test('every noun that is read has a list, a get and a history, or a reason to lack one', () => {
    const reads = ['_list', '_get', '_history'];
    const lacks: Record<string, string> = {
      audit_get: 'a row says all of itself in the list',
      audit_history: 'it is the history',
      day_close_get: 'a closed day says all of itself in the list',
      day_close_history: 'a closed day never changes',
      import_mapping_get: 'the list shows all of each',
      import_mapping_history: 'a convenience, kept for the next file; what was imported has its history',
      entry_history: 'an entry never changes; what booked it stands in the history of its document',
      period_get: 'a closing or reopening is the story of one setting, nothing refers to it, and the list shows all of it',
      period_history: 'it never changes but by its approval, which has a history',
      exposure_list: 'a figure of one account; reports have them all',
      exposure_history: 'a figure: what changed it are the entries',
      org_list: 'there is one',
      policy_list: 'one is in force; policy_history has all',
      news_list: 'what was done is listed by audit',
      news_history: 'it is the history of everything',
      view_history: 'a way to look, not something that happened; and who may read it changes with its owner’s mind',
      worklist_list: 'it is a list itself',
      worklist_history: 'it is read from the books each time and kept nowhere',
    };
    const nouns = new Set([...operations.keys()].flatMap((id) => reads.filter((verb) => id.endsWith(verb)).map((verb) => id.slice(0, -verb.length))));
    assert.ok(nouns.size > 20, `${nouns.size} nouns`);
    const missing = [...nouns].flatMap((noun) => reads.map((verb) => noun + verb)).filter((id) => !operations.has(id));
    assert.deepEqual(missing.sort(), Object.keys(lacks).sort());
  });

  test('every record that one reads has an id, and a version when it has a history', () => {
    const gets = [...operations.values()].filter(({ id, path }) => id.endsWith('_get') && path.endsWith('}'));
    assert.ok(gets.length > 20, `${gets.length} records`);
    for (const { id, operation } of gets) {
      const members = membersOf(replyOf(operation));
      assert.ok('id' in members, `${id} shows no id`);
      if (operations.has(id.replace(/_get$/, '_history'))) {
        assert.equal(members['version']?.['type'], 'integer', `${id} shows no version`);
      }
      if ('status' in itemOf(operations.get(id.replace(/_get$/, '_list'))!.operation)) {
        assert.ok('status' in members, `${id} shows no status`);
      }
    }
  });

  test('whatever answers items takes pages', () => {
    const whole = ['order_approvers', 'import_mapping_list', 'search']; // users who may approve and mappings are few; what is found is the best of it
    for (const { id, operation } of operations.values()) {
      const members = membersOf(replyOf(operation));
      if (members['items']?.['type'] !== 'array' || whole.includes(id)) continue;
      const taken: string[] = operation['parameters'].map((parameter: any) => parameter['name']);
      assert.deepEqual(['limit', 'cursor'].filter((name) => !taken.includes(name)), [], id);
      assert.ok('next' in members, `${id} answers no next`);
    }
  });

  test('a document that is named by its id has its number beside', () => {
    const numbered = ['order', 'shipment', 'return', 'invoice', 'credit_note'];
    for (const { id, operation } of operations.values()) {
      if (!id.endsWith('_get') && !id.endsWith('_list')) continue;
      const members = id.endsWith('_list') ? itemOf(operation) : membersOf(replyOf(operation));
      for (const kind of numbered.filter((name) => name in members)) {
        assert.ok(`${kind}_number` in members || 'number' in members, `${id}: ${kind}`);
      }
    }
  });

  test('what belongs to an account tells its partner, by code and name, and the owner, and is found by them', () => {
    for (const { id, path, operation } of operations.values()) {
      // An alert's owner is whom it is about; an audit row is about what was done and by whom.
      if (!id.endsWith('_list') || path.includes('{account}') || ['alert_list', 'audit_list'].includes(id)) continue;
      const members = itemOf(operation);
      if (!('account' in members)) continue;
      const taken: string[] = operation['parameters'].map((parameter: any) => parameter['name']);
      assert.deepEqual(['partner', 'partner_name', 'owner'].filter((name) => !(name in members)), [], id);
      assert.deepEqual(['account', 'partner', 'owner'].filter((name) => !taken.includes(name)), [], id);
    }
  });

  test('a status is one of a few, and a list says which', () => {
    for (const { id, operation } of operations.values()) {
      if (!id.endsWith('_list') || !('status' in itemOf(operation))) continue;
      assert.ok(Array.isArray(itemOf(operation)['status']!['enum']), id);
      const parameter = operation['parameters'].find((one: any) => one['name'] === 'status');
      assert.ok(Array.isArray(parameter['schema']['enum']), id);
    }
  });

  test('from and until say which day they look at', () => {
    for (const { id, operation } of operations.values()) {
      if (!id.endsWith('_list')) continue;
      const members = itemOf(operation);
      for (const parameter of operation['parameters'].filter((one: any) => one['name'] === 'from' || one['name'] === 'until')) {
        const day = /`(\w+)`/.exec(parameter['description'])?.[1] ?? '';
        assert.ok(day in members, `${id} ${parameter['name']}: ${parameter['description']}`);
      }
    }
  });

  test('an amount has its currency beside', () => {
    const amounts = ['amount', 'total', 'amount_max', 'open'];
    for (const { id, operation } of operations.values()) {
      const members = id.endsWith('_list') ? itemOf(operation) : membersOf(replyOf(operation));
      const own = amounts.filter((name) => name in members);
      assert.ok(id === 'aging_report' || own.length === 0 || 'currency' in members, `${id}: ${own}`); // its total has one by itself
    }
  });

  test('a partner that is told by code has its name beside', () => {
    for (const { id, operation } of operations.values()) {
      if (!id.endsWith('_list')) continue;
      const members = itemOf(operation);
      assert.ok(!('partner' in members) || 'partner_name' in members || id === 'user_list', id);
    }
  });

  test('replies hold to it', () => {
    const place = new Place({ init: ['--currency', 'CNY'] });
    holdsReply('org_get', 200, place.do('org_get'));
    assert.throws(() => holdsReply('org_get', 200, { nonsense: 1 }), /is no/);
  });
});
