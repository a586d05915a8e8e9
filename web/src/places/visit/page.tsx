// A note about a visit: as easily written in a yard without a network as at a desk.

import { useEffect, useRef } from 'preact/hooks';
import { ACTIVITY_KINDS, kindsMine } from '../../api/activity';
import { noteSend, outbox, outboxDrop, outboxSend, type KeptNote } from '../../api/outbox';
import { session } from '../../api/session';
import type { Answer } from '../../api/client';
import type { ActivityLogIn, ActivityReply } from '../../api/types';
import { customsOf } from '../../custom/defs';
import { CustomsWithin, draftOf, fieldsIn, type CustomDraft } from '../../custom/input';
import { activityBack } from '../../kit/back';
import { Button } from '../../kit/button';
import { Field } from '../../kit/field';
import { Form, useForm } from '../../kit/form';
import { Lookup } from '../../kit/lookup';
import { Page } from '../../kit/page';
import { tell } from '../../kit/toast';
import type { At } from '../../shell/place';
import { day, moneyTyped } from '../../words/format';
import { refusalText } from '../../words/refusal';
import type { VISIT_PATH } from './place';
import { findPartnerAnywhere, partnersKeep } from './partners';
import { sentence, t } from './words';

const DIRECTIONS = ['given', 'received'] as const;

interface Filled {
  partner: string;
  partner_name: string;
  kind: string;
  on: string;
  note: string;
  cost: string;
  minutes: string;
  direction: string;
  next_on: string;
  next_step: string;
  /** What the organisation added. */
  fields: CustomDraft;
}

/** The day where one stands, when the business day is not known to be later. */
function dayNow(): string {
  const now = new Date();
  const local = new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
  const business = session.peek()?.today ?? '';
  return navigator.onLine && business ? business : [local, business].sort()[0] || local;
}

function noteOf(filled: Filled): ActivityLogIn {
  const direction = DIRECTIONS.find((one) => one === filled.direction);
  return {
    partner: filled.partner, kind: ACTIVITY_KINDS.find((one) => one === filled.kind) ?? 'information', on: filled.on, note: filled.note,
    ...(filled.cost && { cost: moneyTyped(filled.cost) }),
    ...(filled.minutes && { minutes: Number(filled.minutes) }),
    ...(direction && { direction }),
    ...(filled.next_on && { next_on: filled.next_on }),
    ...(filled.next_step && { next_step: filled.next_step }),
    ...fieldsIn('activity', filled.fields),
  };
}

function Waiting({ onMend }: { onMend: (kept: KeptNote) => void }) {
  const notes = outbox.value;
  if (!notes.length) return null;
  return (
    <section class="card waiting">
      <header class="row spread"><h2>{t('visit.waiting')}</h2><Button onClick={() => void outboxSend()}>{t('visit.try')}</Button></header>
      <p class="faint">{t('visit.waiting.hint')}</p>
      <ul>
        {notes.map((kept) => (
          <li key={kept.key}>
            <div>
              <b>{kept.partner_name || kept.note.partner}</b> <span class="faint">{sentence(`kind.${kept.note.kind}`)} · {day(kept.note.on)}</span>
              <p>{kept.note.note}</p>
              {kept.refused && <p class="bad">{t('visit.refused', { why: refusalText(kept.refused) })}</p>}
            </div>
            <div class="row">
              {kept.refused && <Button onClick={() => onMend(kept)}>{t('visit.mend')}</Button>}
              <Button kind="quiet" onClick={() => outboxDrop(kept.key)}>{t('visit.drop')}</Button>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

export default function VisitPage({ partner }: At<typeof VISIT_PATH>) {
  const found = useRef('');
  const empty: Filled = { partner: partner ?? '', partner_name: '', kind: kindsMine()[0] ?? 'information', on: dayNow(), note: '', cost: '', minutes: '', direction: '', next_on: '', next_step: '', fields: {} };
  const form = useForm<Filled, { name: string; made: Answer<ActivityReply> | null }>({
    // What was begun about another partner is not carried over to this one.
    draft: partner ? `visit ${partner}` : 'visit', empty,
    send: async (filled) => {
      const name = filled.partner_name || found.current || filled.partner;
      return { name, made: await noteSend(noteOf(filled), name, new Date().toISOString()) };
    },
    onDone: ({ name, made }) => tell(made
      ? { text: () => t('visit.sent', { partner: name }), undo: activityBack(made) }
      : { text: () => t('visit.kept', { partner: name }), tone: 'warn' }),
  });
  const { value, set, change, error } = form;
  useEffect(() => {
    if (navigator.onLine) partnersKeep().catch(() => undefined);
  }, []);
  const mend = ({ key, note, partner_name }: KeptNote) => {
    change({
      partner: note.partner, partner_name, kind: note.kind, on: note.on, note: note.note ?? '', cost: String(note.cost ?? ''),
      minutes: String(note.minutes ?? ''), direction: note.direction ?? '', next_on: note.next_on ?? '', next_step: note.next_step ?? '', fields: draftOf(customsOf('activity'), note.fields ?? {}),
    });
    outboxDrop(key);
  };
  return (
    <Page title={t('visit.title')} intro={t('visit.intro')}>
      <div class="visit">
        <div class="card">
          <Form of={form} submit={t('visit.send')}>
            <Lookup label={t('visit.partner')} required value={value.partner} shown={value.partner_name || value.partner} find={findPartnerAnywhere}
              hint={t('visit.partner.hint')} onNamed={(name) => void (found.current = name)} error={error('partner')} focus={!value.partner} name="partner"
              onChoose={(code, choice) => {
                found.current = '';
                change({ partner: code, partner_name: choice?.label ?? '' });
              }} />
            <div class="form-row">
              <Field label={t('visit.kind')} value={value.kind} onInput={set('kind')} options={kindsMine().map((kind) => ({ value: kind, label: t(`kind.${kind}`) }))} />
              <Field type="date" label={t('visit.on')} required value={value.on} onInput={set('on')} error={error('on')} />
            </div>
            <Field type="long" label={t('visit.note')} required value={value.note} onInput={set('note')} error={error('note')} />
            <div class="form-row">
              <Field label={t('visit.next_step')} hint={t('visit.next_step.hint')} value={value.next_step} onInput={set('next_step')} error={error('next_step')} />
              <Field type="date" label={t('visit.next_on')} value={value.next_on} onInput={set('next_on')} error={error('next_on')} />
            </div>
            <CustomsWithin record="activity" draft={value.fields} onChange={set('fields')} error={error} />
            <details class="visit-more" open={Boolean(value.cost || value.minutes || value.direction)}>
              <summary>{t('visit.more')}</summary>
              <div class="form-row">
                <Field type="money" label={t('visit.cost')} value={value.cost} onInput={set('cost')} error={error('cost')} />
                <Field type="quantity" label={t('visit.minutes')} value={value.minutes} onInput={set('minutes')} error={error('minutes')} />
                <Field label={t('visit.direction')} value={value.direction} onInput={set('direction')} error={error('direction')}
                  options={[{ value: '', label: t('visit.direction.none') }, ...DIRECTIONS.map((one) => ({ value: one, label: t(`visit.direction.${one}`) }))]} />
              </div>
            </details>
          </Form>
        </div>
        <Waiting onMend={mend} />
      </div>
    </Page>
  );
}
