// Who there is at a partner, and what other partners it is tied to.

import { useState } from 'preact/hooks';
import { call } from '../api/client';
import { may } from '../api/session';
import { contact_create, contact_list, contact_remove, relation_list, type Contact, type Relation } from '../api/types';
import { CustomFacts } from '../custom/card';
import { customsOf, useCustoms } from '../custom/defs';
import { CustomInputs, draftOf, sentOf, type CustomDraft } from '../custom/input';
import { Button } from '../kit/button';
import { Dialog } from '../kit/dialog';
import { Field } from '../kit/field';
import { Form, useForm } from '../kit/form';
import { Load, useLoaded } from '../kit/load';
import { Empty } from '../kit/notice';
import { tell } from '../kit/toast';
import { inverse } from '../kit/undo';
import { Ties } from './ties';
import { t } from './words';

const MOST = 200;

type ContactDraft = { name: string; title: string; phone: string; email: string; note: string } & CustomDraft;

function ContactDialog({ partner, onClose, onDone }: { partner: string; onClose: () => void; onDone: () => void }) {
  const fields = customsOf('contact');
  const nothing = draftOf(fields, {});
  const form = useForm<ContactDraft, Contact>({
    draft: `contact ${partner}`,
    empty: { ...nothing, name: '', title: '', phone: '', email: '', note: '' },
    send: (value, key) => call(contact_create, {
      partner, name: value.name, title: value.title || null, phone: value.phone || null, email: value.email || null, note: value.note || null,
      fields: sentOf(fields, value, nothing) ?? null,
    }, { key }),
    onDone: (made) => {
      tell({ text: () => t('people.added', { name: made.name }), undo: [inverse(contact_remove, { contact: made.id ?? '' }, made.version)], undone: onDone });
      onDone();
    },
  });
  const { value, set, error } = form;
  return (
    <Dialog title={t('people.add')} onClose={onClose}>
      <Form of={form} submit={t('people.add')} onCancel={onClose}>
        <Field label={t('people.name')} value={value.name} onInput={set('name')} error={error('name')} required focus />
        <Field label={t('people.job')} value={value.title} onInput={set('title')} error={error('title')} />
        <div class="form-row">
          <Field label={t('people.phone')} value={value.phone} onInput={set('phone')} error={error('phone')} />
          <Field label={t('people.email')} value={value.email} onInput={set('email')} error={error('email')} />
        </div>
        <CustomInputs fields={fields} draft={value} onInput={(name, typed) => form.change({ [name]: typed })} error={error} />
        <Field label={t('people.note')} type="long" value={value.note} onInput={set('note')} error={error('note')} />
      </Form>
    </Dialog>
  );
}

function Person({ contact }: { contact: Contact }) {
  const values: Readonly<Record<string, unknown>> = contact.fields;
  const known = customsOf('contact').filter((one) => values[one.code] !== null && values[one.code] !== undefined);
  return (
    <li class="card person">
      <strong>{contact.name}</strong>
      {contact.title && <span class="faint">{contact.title}</span>}
      {contact.phone && <a href={`tel:${contact.phone.replaceAll(/\s/g, '')}`}>{contact.phone}</a>}
      {contact.email && <a href={`mailto:${contact.email}`}>{contact.email}</a>}
      {known.length > 0 && <CustomFacts fields={known} values={values} />}
      {contact.note && <p>{contact.note}</p>}
    </li>
  );
}

async function tiesOf(partner: string): Promise<Relation[]> {
  const [first, second] = await Promise.all([call(relation_list, { partner, limit: MOST }), call(relation_list, { other: partner, limit: MOST })]);
  return [...first.items, ...second.items];
}

export function People({ partner }: { partner: string }) {
  const contacts = useLoaded(`contacts ${partner}`, () => call(contact_list, { partner, limit: MOST }).then((page) => page.items));
  const ties = useLoaded(`ties ${partner}`, () => tiesOf(partner));
  const [adding, setAdding] = useState(false);
  const customs = useCustoms();
  return (
    <div class="people">
      <header class="row spread">
        <h2>{t('people.title')}</h2>
        {may('PARTNER_WRITE') && <Button onClick={() => setAdding(true)}>{t('people.add')}</Button>}
      </header>
      <Load of={contacts} rows={2}>
        {(all) => all.length ? <ul class="persons">{all.map((one) => <Person key={one.id} contact={one} />)}</ul> : <Empty title={t('people.empty')} hint={t('people.empty.hint')} />}
      </Load>
      <h2>{t('relation.title')}</h2>
      <Load of={ties} rows={2}>
        {(all) => all.length ? <Ties relations={all} partner={partner} /> : <p class="faint">{t('relation.empty')}</p>}
      </Load>
      {adding && customs && <ContactDialog partner={partner} onClose={() => setAdding(false)} onDone={() => {
        setAdding(false);
        contacts.reload();
      }} />}
    </div>
  );
}
