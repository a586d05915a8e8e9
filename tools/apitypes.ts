// Writes what the interface knows of the operations, from the program's own OpenAPI document. Types: a type for the input
// and the output of each operation, and a constant that carries both with its route; what no page uses costs the bundle
// nothing. Lists: of each list its fields, for the page that shows any of them. Forms: of each list that a record can be
// added to, what the operation takes that adds it.
//
//   apitypes PROGRAM types|lists|forms      writes to standard output

import { execFileSync } from 'node:child_process';

interface Schema {
  $ref?: string;
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  oneOf?: Schema[];
  anyOf?: Schema[];
  allOf?: Schema[];
  additionalProperties?: boolean | Schema;
  description?: string;
  format?: string;
  pattern?: string;
  maxLength?: number;
  'x-refers-to'?: string;
}

interface Parameter {
  $ref?: string;
  name: string;
  in: string;
  required?: boolean;
  schema?: Schema;
}

interface Body {
  $ref?: string;
  content?: Record<string, { schema?: Schema }>;
}

interface ListField {
  name: string;
  type: string;
  to?: string;
  names?: string[];
  marks?: string[];
}

interface Operation {
  'x-list'?: { record: string; fields: ListField[] };
  'x-permission'?: string;
  operationId?: string;
  summary?: string;
  parameters?: Parameter[];
  requestBody?: Body;
  responses?: Record<string, Body>;
}

interface Document {
  servers?: { url: string }[];
  paths: Record<string, Record<string, Operation> & { parameters?: Parameter[] }>;
  components?: { schemas?: Record<string, Schema> };
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

const [program = 'build/guanxi', wanted = 'types'] = process.argv.slice(2);
const doc = JSON.parse(execFileSync(program, ['openapi'], { maxBuffer: 1 << 26, encoding: 'utf8' })) as Document;

/** Shared schemas in use, by name; filled while types are written. */
const used = new Set<string>();

function at(ref: string): unknown {
  return ref.replace(/^#\//, '').split('/').reduce<unknown>(
    (value, key) => (value as Record<string, unknown>)[key.replaceAll('~1', '/').replaceAll('~0', '~')], doc);
}

function followed<T extends { $ref?: string }>(value: T): T {
  return value.$ref ? followed(at(value.$ref) as T) : value;
}

function pascal(name: string): string {
  return name.split(/[^A-Za-z0-9]+/).map((part) => part.slice(0, 1).toUpperCase() + part.slice(1)).join('');
}

function scalar(type: string): string {
  if (type === 'integer' || type === 'number') return 'number';
  return ['string', 'boolean', 'null'].includes(type) ? type : 'unknown';
}

function quoted(value: unknown): string {
  return typeof value === 'string' ? `'${value.replaceAll("'", "\\'")}'` : JSON.stringify(value);
}

function union(parts: string[]): string {
  return [...new Set(parts)].join(' | ');
}

function typeOf(schema: Schema | undefined, indent: string): string {
  if (!schema) return 'unknown';
  const shared = schema.$ref?.match(/^#\/components\/schemas\/(.+)$/)?.[1];
  if (shared) {
    used.add(shared);
    return pascal(shared);
  }
  if (schema.$ref) return typeOf(followed(schema), indent);
  if (schema.const !== undefined) return quoted(schema.const);
  if (schema.enum) return union(schema.enum.map((value) => quoted(value)));
  const choice = schema.oneOf ?? schema.anyOf;
  if (choice) return union(choice.map((part) => typeOf(part, indent)));
  if (schema.allOf) return schema.allOf.map((part) => typeOf(part, indent)).join(' & ');
  if (Array.isArray(schema.type)) return union(schema.type.map((type) => typeOf({ ...schema, type }, indent)));
  if (schema.type === 'array') return arrayOf(typeOf(schema.items, indent));
  if (schema.properties) return objectOf(schema, indent);
  if (schema.type === 'object') {
    const { additionalProperties: rest } = schema;
    return `Record<string, ${typeof rest === 'object' ? typeOf(rest, indent) : 'unknown'}>`;
  }
  return schema.type ? scalar(schema.type) : 'unknown';
}

function arrayOf(item: string): string {
  return item.includes(' | ') || item.includes(' & ') ? `(${item})[]` : `${item}[]`;
}

function objectOf(schema: Schema, indent: string): string {
  const inner = `${indent}  `;
  const rows = Object.entries(schema.properties ?? {}).map(([name, member]) => {
    const optional = schema.required?.includes(name) ? '' : '?';
    const key = /^\w+$/.test(name) ? name : JSON.stringify(name);
    return `${inner}${key}${optional}: ${typeOf(member, inner)};\n`;
  });
  return rows.length ? `{\n${rows.join('')}${indent}}` : 'object';
}

function jsonOf(body: Body | undefined): Schema | undefined {
  return body && followed(body).content?.['application/json']?.schema;
}

function inputOf(op: Operation, shared: Parameter[]): string {
  const parameters = [...shared, ...(op.parameters ?? [])].map(followed).filter((p) => p.in === 'path' || p.in === 'query');
  const body = jsonOf(op.requestBody);
  const properties = Object.fromEntries(parameters.map((p) => [p.name, p.schema ?? {}]));
  const required = parameters.filter((p) => p.in === 'path' || p.required).map((p) => p.name);
  if (!parameters.length) return body ? typeOf(body, '') : 'object';
  const fromPath = typeOf({ properties, required }, '');
  return body ? `${fromPath} & ${typeOf(body, '')}` : fromPath;
}

function answerOf(op: Operation): Schema | undefined {
  return Object.entries(op.responses ?? {}).filter(([status]) => /^2/.test(status)).map(([, body]) => jsonOf(body)).find(Boolean);
}

function outputOf(op: Operation): string {
  const answer = answerOf(op);
  return answer ? typeOf(answer, '') : 'object';
}

/** Lists name what they list, so that a screen can say what one row is. */
function written(op: Operation, method: string, path: string, shared: Parameter[]): string {
  const name = op.operationId ?? '';
  const type = pascal(name);
  const doc = op.summary ? `/** ${op.summary} */\n` : '';
  const isList = Boolean(followed(answerOf(op) ?? {}).properties?.items);
  return `export type ${type}Input = ${inputOf(op, shared)};\n`
    + `export type ${type}Output = ${outputOf(op)};\n`
    + (isList ? `export type ${type}Item = ${type}Output['items'][number];\n` : '')
    + `${doc}export const ${name}: Operation<${type}Input, ${type}Output> = { name: '${name}', method: '${method.toUpperCase()}', path: '${path}' };\n`;
}

interface Found {
  op: Operation;
  method: string;
  /** Below the base path. */
  path: string;
  shared: Parameter[];
}

function operationsFound(): Found[] {
  const base = (doc.servers?.[0]?.url ?? '').replace(/\/$/, '');
  return Object.entries(doc.paths).flatMap(([path, item]) => METHODS.flatMap((method) => {
    const op = item[method];
    const below = path.replace(/^\/api\/v1/, '').replace(base, '');
    return op?.operationId ? [{ op, method, path: below, shared: item.parameters ?? [] }] : [];
  }));
}

/** A list below another record is no page of its own. */
function listsFound(found: readonly Found[]): Found[] {
  return found.filter(({ op, path }) => op['x-list'] && !path.includes('{'));
}

/** What adds a record is sent to where they are listed, whatever it is called. */
function adding(found: readonly Found[], list: Found): Found | undefined {
  return found.find(({ method, path }) => method === 'post' && path === list.path);
}

function lists(): string {
  const found = operationsFound();
  const may = (name: string) => found.find(({ op }) => op.operationId === name)?.op['x-permission'];
  const rows = listsFound(found).map((list) => {
    const { op, path } = list;
    const { record, fields } = op['x-list'] ?? { record: '', fields: [] };
    const verbs = (['change', 'remove', 'reverse'] as const).map((verb) => [verb, may(`${record}_${verb}`)] as const);
    const rights = ([['create', adding(found, list)?.op['x-permission']], ...verbs] as const).filter(([, right]) => right);
    const head = [`path: '${path}'`, `needs: '${op['x-permission']}'`, ...rights.map(([verb, right]) => `${verb}: '${right}'`)].join(', ');
    const columns = fields.map((field) => {
      const parts = [`name: '${field.name}'`, `type: '${field.type}'`, field.to && `to: '${field.to}'`,
        field.names && `names: [${field.names.map(quoted).join(', ')}]`, field.marks?.length && `marks: '${field.marks.join(' ')}'`];
      return `    { ${parts.filter(Boolean).join(', ')} },\n`;
    });
    return `  ${record}: { ${head}, fields: [\n${columns.join('')}  ] },\n`;
  });
  return '// The lists of the server and their fields, written by tools/apitypes from `guanxi openapi`: `make apitypes`.\n\n'
    + `export const lists = {\n${rows.join('')}} as const;\n`;
}

/** Texts that are more than a line. */
const LONG = 4096;

/** What kind of input takes it; null: nothing that a form has. */
function inputType(schema: Schema): string | null {
  const types = [schema.type].flat();
  if (types.includes('array')) {
    const item = followed(schema.items ?? {});
    if (item.enum) return 'flags';
    return item['x-refers-to'] ? 'refs' : item.properties ? 'rows' : null;
  }
  if (schema.enum) return 'enum';
  if (schema['x-refers-to']) return 'ref';
  if (schema.format === 'date') return 'date';
  if (schema.pattern === '^[A-Z]{3}$') return 'currency';
  if (schema.pattern?.startsWith('^(unlimited')) return 'limit';
  if (schema.pattern?.startsWith('^-?[0-9]')) return 'decimal';
  if (types.includes('integer')) return 'int';
  if (types.includes('boolean')) return 'bool';
  return types.includes('string') ? (schema.maxLength ?? 0) >= LONG ? 'long' : 'text' : null;
}

function inputsOf(body: Schema, indent: string): string {
  return Object.entries(body.properties ?? {}).map(([name, member]) => {
    const schema = followed(member);
    const type = inputType(schema);
    if (!type) return '';
    const item = followed(schema.items ?? {});
    const to = schema['x-refers-to'] ?? item['x-refers-to'];
    const names = (schema.enum ?? item.enum)?.filter((value) => value !== null);
    const parts = [`name: '${name}'`, `type: '${type}'`, to && `to: '${to}'`, names && `names: [${names.map(quoted).join(', ')}]`,
      body.required?.includes(name) && 'required: true', schema.description && `doc: ${quoted(schema.description)}`,
      type === 'rows' && `fields: [\n${inputsOf(item, `${indent}  `)}${indent}]`];
    return `${indent}{ ${parts.filter(Boolean).join(', ')} },\n`;
  }).join('');
}

function forms(): string {
  const found = operationsFound();
  const rows = listsFound(found).flatMap((list) => {
    const made = adding(found, list);
    const body = jsonOf(made?.op.requestBody);
    if (!made || !body) return [];
    return `  ${list.op['x-list']?.record}: { operation: '${made.op.operationId}', fields: [\n${inputsOf(followed(body), '    ')}  ] },\n`;
  });
  return '// What adds a record to a list takes, written by tools/apitypes from `guanxi openapi`: `make apitypes`.\n\n'
    + `export const forms = {\n${rows.join('')}} as const;\n`;
}

function main(): string {
  const operations = operationsFound().map(({ op, method, path, shared }) => written(op, method, path, shared));
  const shapes = new Map<string, string>();
  for (let missing = [...used]; missing.length; missing = [...used].filter((name) => !shapes.has(name))) {
    for (const name of missing) {
      const schema = doc.components?.schemas?.[name];
      shapes.set(name, `export type ${pascal(name)} = ${typeOf(schema, '')};\n`);
    }
  }
  const sorted = [...shapes].sort(([a], [b]) => a.localeCompare(b)).map(([, text]) => text);
  return [
    '// The operations of the server and their shapes, written by tools/apitypes from `guanxi openapi`: `make apitypes`.\n',
    "import type { Operation } from './operation';\n",
    ...sorted,
    ...operations,
  ].join('\n');
}

process.stdout.write(wanted === 'lists' ? lists() : wanted === 'forms' ? forms() : main());
