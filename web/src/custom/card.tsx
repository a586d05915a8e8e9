// What the organisation's own fields say of one record, and the form that changes them.

import { useRef, useState } from 'preact/hooks';
import type { CustomField } from '../api/types';
import { Button } from '../kit/button';
import { Dialog } from '../kit/dialog';
import { Form, useForm } from '../kit/form';
import { tell } from '../kit/toast';
import { customLabel, customName, customsOf, customText, useCustoms, type CustomRecord } from './defs';
import { CustomInputs, draftOf, sentOf, type CustomDraft, type CustomValues } from './input';
import { t } from './words';

type Values = Readonly<Record<string, unknown>>;

interface Kept {
  fields: Values;
  version: number;
}

interface CardProps {
  record: CustomRecord;
  /** Names it: its code or id. */
  of: string;
  kept: Kept;
  mayChange: boolean;
  send: (fields: CustomValues, version: number, key: string) => Promise<unknown>;
  /** What is there now, when somebody else was faster. */
  read: () => Promise<Kept>;
  onDone: () => void;
}

function textOf(fields: readonly CustomField[], name: string, value: unknown): string {
  const field = fields.find((one) => customName(one) === name);
  return (field && customText(field, value)) || t('app.none');
}

function CustomDialog({ fields, of, kept, send, read, onDone, onClose }: CardProps & { fields: readonly CustomField[]; onClose: () => void }) {
  const version = useRef(kept.version);
  const before = useRef<CustomDraft>(draftOf(fields, kept.fields));
  const form = useForm<CustomDraft, unknown>({
    draft: `custom ${of} ${kept.version}`,
    empty: before.current,
    send: (value, key) => {
      const sent = sentOf(fields, value, before.current);
      return sent ? send(sent, version.current, key) : Promise.resolve();
    },
    onDone: () => {
      tell({ text: () => t('custom.saved') });
      onDone();
    },
    again: {
      read: async () => {
        const now = await read();
        version.current = now.version;
        before.current = draftOf(fields, now.fields);
        return before.current;
      },
      labels: Object.fromEntries(fields.map((one) => [customName(one), customLabel(one)])),
      text: (name, value) => textOf(fields, name, value),
    },
  });
  return (
    <Dialog title={t('custom.title')} onClose={onClose}>
      <Form of={form} submit={t('custom.save')} onCancel={onClose}>
        <CustomInputs fields={fields} draft={form.value} onInput={(name, value) => form.change({ [name]: value })} error={form.error} focus />
      </Form>
    </Dialog>
  );
}

export function CustomFacts({ fields, values }: { fields: readonly CustomField[]; values: Values }) {
  return (
    <dl class="facts-list">
      {fields.map((field) => <div key={field.code}><dt>{customLabel(field)}</dt><dd>{customText(field, values[field.code]) || t('app.none')}</dd></div>)}
    </dl>
  );
}

/** Nothing where the organisation added no field. */
export function CustomCard(props: CardProps) {
  const known = useCustoms();
  const fields = customsOf(props.record);
  const [isOpen, setIsOpen] = useState(false);
  const close = () => setIsOpen(false);
  if (!known || !fields.length) return null;
  return (
    <section class="card custom-card" aria-label={t('custom.title')}>
      <header class="row spread">
        <h2>{t('custom.title')}</h2>
        {props.mayChange && <Button onClick={() => setIsOpen(true)}>{t('custom.change')}</Button>}
      </header>
      <CustomFacts fields={fields} values={props.kept.fields} />
      {isOpen && <CustomDialog {...props} fields={fields} onClose={close} onDone={() => {
        close();
        props.onDone();
      }} />}
    </section>
  );
}
