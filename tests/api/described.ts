// Holds replies against the OpenAPI document that the program prints about itself.
import { spawnSync } from 'node:child_process';
import assert from 'node:assert/strict';
import Ajv, { type ValidateFunction } from 'ajv/dist/2020.js';

export type Described = {
  id: string;
  method: string;
  path: string;
  operation: Record<string, any>;
};

export const program = process.env['GUANXI'] ?? 'build/guanxi';
const printed = spawnSync(program, ['openapi'], { maxBuffer: 1 << 28 });
assert.equal(printed.status, 0, printed.stderr.toString());
export const document: Record<string, any> = JSON.parse(printed.stdout.toString());

/** The operations that have a route, by name. */
export const operations = new Map<string, Described>();
for (const [path, item] of Object.entries<Record<string, any>>(document['paths'])) {
  for (const [method, operation] of Object.entries<Record<string, any>>(item)) {
    operations.set(operation['operationId'], { id: operation['operationId'], method, path, operation });
  }
}

// Strict: a keyword that no validator knows, or that cannot act on its type, is a mistake of ours.
const ajv = new Ajv({ strict: true, allowUnionTypes: true, allErrors: true });
ajv.addVocabulary(['components', 'x-refers-to', 'x-defined-by', 'x-effect', 'x-permission', 'x-refusals']);
for (const [name, pattern] of Object.entries({
  date: /^\d{4}-\d{2}-\d{2}$/,
  'date-time': /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/,
  int64: /^/,
})) {
  ajv.addFormat(name, pattern);
}
ajv.addSchema({ $id: 'api', components: document['components'] }, 'api', undefined, false);

const compiled = new Map<string, ValidateFunction>();

/** The validator of #/components/schemas/NAME. */
export function component(name: string): ValidateFunction {
  let found = compiled.get(name);
  if (!found) {
    found = ajv.compile({ $ref: `api#/components/schemas/${name}` });
    compiled.set(name, found);
  }
  return found;
}

function holds(name: string, value: unknown, what: string): void {
  const validate = component(name);
  if (!validate(value)) {
    assert.fail(`${what} is no ${name}: ${ajv.errorsText(validate.errors)}\n${JSON.stringify(value)}`);
  }
}

/** The reply of an operation must be what the document says of its status; null: it was done, no matter how. */
export function holdsReply(id: string, status: number | null, body: any): void {
  const refusal = status !== null && status >= 400;
  const found = operations.get(id);
  if (!found) {
    return; // it has no route
  }
  const responses: Record<string, any> = found.operation['responses'];
  const known = String(status ?? Object.keys(responses)[0]);
  const content: Record<string, any> = (responses[known] ?? responses['default'])['content'];
  const type = refusal ? 'application/problem+json' : 'application/json';
  assert.ok(content[type], `${id} answers ${status}, which its description does not name`);
  holds(content[type]['schema']['$ref'].split('/').pop(), body, `the reply ${known} of ${id}`);
}

/** The same by method and address, for what came through the HTTP door. */
export async function holdsResponse(method: string, address: string, response: Response): Promise<void> {
  const path = new URL(address).pathname.replace(/^\/api\/v1/, '');
  const found = [...operations.values()].find(
    (one) =>
      one.method.toUpperCase() === method &&
      new RegExp(`^${one.path.replace(/\{\w+\}/g, '[^/]+')}$`).test(path),
  );
  if (found && response.headers.get('content-type')?.includes('json')) {
    holdsReply(found.id, response.status, await response.clone().json());
  }
}
