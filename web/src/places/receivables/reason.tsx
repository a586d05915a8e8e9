// Asks for the reason that goes on record with a reversal, then does it.

import { Dialog } from '../../kit/dialog';
import { Field } from '../../kit/field';
import { Form, useForm } from '../../kit/form';
import { t } from './words';

interface ReasonProps {
  title: string;
  hint: string;
  submit: string;
  /** Names the draft: what is done to which record. */
  draft: string;
  send: (reason: string, key: string) => Promise<unknown>;
  onDone: () => void;
  onClose: () => void;
}

export function ReasonDialog({ title, hint, submit, draft, send, onDone, onClose }: ReasonProps) {
  const form = useForm({ draft, empty: { reason: '' }, send: (value, key) => send(value.reason, key), onDone });
  return (
    <Dialog title={title} onClose={onClose}>
      <p class="faint">{hint}</p>
      <Form of={form} submit={submit} kind="danger" onCancel={onClose}>
        <Field label={t('rec.reason')} hint={t('rec.reason.hint')} type="long" value={form.value.reason} onInput={form.set('reason')} error={form.error('reason')} required focus />
      </Form>
    </Dialog>
  );
}
