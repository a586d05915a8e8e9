// A refusal as the server words it (RFC 9457), and what the browser itself can run into.

export interface ProblemDocument {
  code?: string;
  detail?: string;
  field?: string;
  errors?: { pointer?: string; detail?: string; code?: string }[];
}

/** No answer came at all: the network or the server is away. */
export const CODE_UNREACHABLE = 'ERR_UNREACHABLE';

export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  /** Field name, dotted, to what is wrong with it. */
  readonly fields: ReadonlyMap<string, string>;

  constructor(status: number, document: ProblemDocument) {
    super(document.detail ?? document.code ?? `HTTP ${status}`);
    this.status = status;
    this.code = document.code ?? 'ERR_INTERNAL';
    this.detail = document.detail ?? '';
    const fields = new Map<string, string>();
    if (document.field) fields.set(document.field, this.detail);
    for (const error of document.errors ?? []) {
      const name = (error.pointer ?? '').replace(/^\//, '').replaceAll('/', '.');
      if (name && !fields.has(name)) fields.set(name, error.detail ?? this.detail);
    }
    this.fields = fields;
  }
}

/** Whatever was thrown, as something that can be shown. */
export function problemFrom(error: unknown): Problem {
  if (error instanceof Problem) return error;
  return new Problem(0, { detail: error instanceof Error ? error.message : String(error) });
}
