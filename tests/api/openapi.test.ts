// The OpenAPI document, by the OpenAPI Initiative's own schema and by JSON Schema's.
import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import Ajv from 'ajv/dist/2020.js';
import official from './openapi-3.1.json';
import { component, document, holdsReply, operations } from './described';
import { Place } from './support';

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

  test('replies hold to it', () => {
    const place = new Place({ init: ['--currency', 'CNY'] });
    holdsReply('org_get', 200, place.do('org_get'));
    assert.throws(() => holdsReply('org_get', 200, { nonsense: 1 }), /is no/);
  });
});
