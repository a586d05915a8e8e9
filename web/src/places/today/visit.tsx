// The next step with a partner, done where today's list tells of it: what it was for, what came of it, and what comes next.

import { kindsMine } from '../../api/activity';
import { Field } from '../../kit/field';
import type { FormState } from '../../kit/form';
import type { Filled } from './act';
import { t } from '../visit/words';

/** Of what a step may be: a call for money has a form of its own, a meal its cost and who was there. */
const SORTS = ['information', 'market', 'planning', 'review', 'training', 'service'] as const;
type Sort = (typeof SORTS)[number];

export function sortsOfVisit(): readonly Sort[] {
  const mine = kindsMine();
  return SORTS.filter((sort) => mine.includes(sort));
}

export function VisitFields({ of: { value, set, error } }: { of: FormState<Filled> }) {
  return (
    <>
      <div class="form-row">
        <Field label={t('visit.kind')} value={value.kind} onInput={set('kind')} error={error('kind')} options={sortsOfVisit().map((kind) => ({ value: kind, label: t(`kind.${kind}`) }))} />
        <Field type="date" label={t('visit.next_on')} value={value.next_on} onInput={set('next_on')} error={error('next_on')} />
      </div>
      <Field label={t('visit.next_step')} hint={t('visit.next_step.hint')} value={value.next_step} onInput={set('next_step')} error={error('next_step')} />
    </>
  );
}
