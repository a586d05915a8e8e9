// The text fields of the program's operations, out of its own description, and by which rule one refuses a text.

import { execFileSync } from 'node:child_process';

interface Schema {
  $ref?: string;
  type?: string | string[];
  enum?: unknown[];
  format?: string;
  pattern?: string;
  maxLength?: number;
  properties?: Record<string, Schema>;
  items?: Schema;
  required?: string[];
  allOf?: Schema[];
  anyOf?: Schema[];
  oneOf?: Schema[];
}

interface Described {
  paths: Record<string, Record<string, { operationId?: string; requestBody?: { content: Record<string, { schema: Schema }> } }>>;
  components: { schemas: Record<string, Schema> };
}

export interface TextField {
  name: string;
  bytes: number;
  isRequired: boolean;
}

export interface Texts {
  operation: string;
  method: string;
  path: string;
  fields: TextField[];
}

/** Neither names of records, which are looked up, nor what has a form, such as an amount or a day, nor secrets, JSON and the names of lists. What stands in
 * lists (the options of a custom field) has a journey of its own. */
function isText(schema: Schema): boolean {
  return [schema.type].flat().includes('string') && schema.maxLength !== undefined && !schema.enum && !schema.format && !schema.pattern && !('x-refers-to' in schema);
}

export function textsOf(program: string): { texts: Texts[]; paths: Map<string, { method: string; path: string }> } {
  const document = JSON.parse(execFileSync(program, ['openapi'], { encoding: 'utf8', maxBuffer: 1 << 26 })) as Described;
  const named = (schema: Schema): Schema => schema.$ref ? document.components.schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {} : schema;
  const fields = (given: Schema, at: string, isRequired: boolean): TextField[] => {
    const schema = named(given);
    const within = [...schema.allOf ?? [], ...schema.anyOf ?? [], ...schema.oneOf ?? []].flatMap((one) => fields(one, at, isRequired));
    const members = Object.entries(schema.properties ?? {}).flatMap(([name, member]) => fields(member, at ? `${at}.${name}` : name, schema.required?.includes(name) ?? false));
    const items = schema.items ? fields(schema.items, `${at}[]`, false) : [];
    return [...within, ...members, ...items, ...(isText(schema) ? [{ name: at, bytes: schema.maxLength ?? 0, isRequired }] : [])];
  };
  const paths = new Map<string, { method: string; path: string }>();
  const texts: Texts[] = [];
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const [method, one] of Object.entries(methods)) {
      if (!one.operationId) continue;
      paths.set(one.operationId, { method: method.toUpperCase(), path });
      const schema = one.requestBody?.content['application/json']?.schema;
      const found = (schema ? fields(schema, '', true) : []).filter(({ name }) => !name.endsWith('password') && !['document', 'list'].includes(name) && !name.includes('[]'));
      if (found.length) texts.push({ operation: one.operationId, method: method.toUpperCase(), path, fields: found });
    }
  }
  return { texts, paths };
}

const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/;
const BLANK_END = /^[ \u00a0\u3000]|[ \u00a0\u3000]$/;
const ID = /^[A-Z][0-9A-TV-Z]{13}$/i;

export function isCode(operation: string, name: string): boolean {
  return name === 'code' || (operation === 'order_place' || operation === 'invoice_post') && name === 'number' || operation === 'user_create' && name === 'name';
}

/** What makes up a code is stricter: it names a record, in addresses too. */
export function refusal(operation: string, field: TextField, text: string): string | null {
  // JSON can say it, texts of C cannot.
  if (text.includes('\0')) return 'ERR_MALFORMED';
  if (Buffer.byteLength(text) > field.bytes || CONTROL.test(text)) return 'ERR_FIELD_INVALID';
  if (field.isRequired && !text.trim()) return 'ERR_FIELD_REQUIRED';
  if (operation === 'invoice_post' && ID.test(text)) return 'ERR_FIELD_INVALID';
  // A field is called something by people, and plainly by programs.
  if (operation.startsWith('custom_field_') && field.name.startsWith('label_') && !text.trim()) return 'ERR_FIELD_REQUIRED';
  if (operation === 'custom_field_create' && field.name === 'code' && !/^[a-z][a-z0-9_]*$/.test(text)) return 'ERR_FIELD_INVALID';
  if (isCode(operation, field.name) && (BLANK_END.test(text) || /[\t\n]/.test(text) || ID.test(text) || /^\.{1,2}$/.test(text))) return 'ERR_FIELD_INVALID';
  return null;
}
