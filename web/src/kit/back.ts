// What takes back what is done in several places.

import type { Answer } from '../api/client';
import { may } from '../api/session';
import { activity_reverse, allocation_reverse, release_withdraw, type ActivityReply, type AllocationMade } from '../api/types';
import { t } from '../words/words';
import { inverse, type Inverse } from './undo';

/** Who may release may not always withdraw. */
export function releaseBack(order: string, version: number | null): readonly Inverse[] {
  return may('RELEASE_WITHDRAW') ? [inverse(release_withdraw, { order, reason: t('undo.reason') }, version)] : [];
}

export function activityBack({ out, version }: Answer<ActivityReply>): readonly Inverse[] {
  return [inverse(activity_reverse, { activity: out.id ?? '', reason: t('undo.reason') }, version)];
}

/** Each for itself: what somebody took back meanwhile stays so, and the rest goes back. */
export function allocationsBack(parts: readonly AllocationMade[]): readonly Inverse[] {
  return parts.map((part) => inverse(allocation_reverse, { allocation: part.id ?? '', reason: t('undo.reason') }));
}
