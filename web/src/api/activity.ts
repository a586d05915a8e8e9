// Which kinds of activity a person may log: the server's rule, known beforehand so that nothing is offered in vain.

import { may, session } from './session';
import type { ActivityLogIn } from './types';

export type ActivityKind = ActivityLogIn['kind'];

export const ACTIVITY_KINDS: readonly ActivityKind[] = ['information', 'market', 'planning', 'review', 'training', 'hospitality', 'collection', 'service'];

/** Collections log collection, and credit that it dined. */
const ONLY: Readonly<Record<string, ActivityKind>> = { collections: 'collection', credit: 'hospitality' };

export function kindsMine(): readonly ActivityKind[] {
  if (!may('ACTIVITY_WRITE')) return [];
  const only = ONLY[session.value?.role ?? ''];
  return only ? [only] : ACTIVITY_KINDS;
}
