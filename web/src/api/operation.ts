// What the generated list in types.ts says of an operation. `In` and `Out` exist for the compiler only.

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface Operation<In, Out> {
  readonly name: string;
  readonly method: Method;
  /** Below the base path; `{x}` is filled from the member x of the input. */
  readonly path: string;
  readonly types?: (input: In) => Out;
}

export interface Page<Item> {
  items: Item[];
  next: string | null;
}
