// A form of the fields it is given, which is kept, sent and refused as any other.

import { Form, useForm } from '../kit/form';
import { firstsOf, membersOf, type FormField, type Values } from './fields';
import { FormInput } from './input';

interface RecordFormProps<Out> {
  /** Names the draft: which form of which record. */
  draft: string;
  fields: readonly FormField[];
  /** What is known beforehand. */
  first?: Values;
  submit: string;
  send: (members: Record<string, unknown>, key: string) => Promise<Out>;
  onDone: (out: Out, members: Record<string, unknown>) => void;
  onCancel: () => void;
}

export function RecordForm<Out>({ draft, fields, first, submit, send, onDone, onCancel }: RecordFormProps<Out>) {
  const form = useForm<Values, [Out, Record<string, unknown>]>({
    draft,
    empty: { ...firstsOf(fields), ...first },
    send: async (values, key) => {
      const members = membersOf(fields, values);
      return [await send(members, key), members];
    },
    onDone: (done) => onDone(...done),
  });
  const open = fields.findIndex((field) => first?.[field.name] === undefined);
  return (
    <Form of={form} submit={submit} onCancel={onCancel} class="form-fields">
      {fields.map((field, i) => (
        <div key={field.name} class={`form-field form-${field.type}`}>
          <FormInput field={field} values={form.value} onInput={(typed) => form.change({ [field.name]: typed })} error={form.error} focus={i === open} />
        </div>
      ))}
    </Form>
  );
}
