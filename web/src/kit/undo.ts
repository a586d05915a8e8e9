// How something is taken back: what did it says by which call, with the version that it left, so that nothing is taken
// along that somebody did since. Sent twice, it is done once.

import { call, repeatKey } from '../api/client';
import type { Operation } from '../api/operation';
import { problemFrom, type Problem } from '../api/problem';
import { t } from '../words/words';
import { problemText, type Tone } from './notice';

export type Inverse = () => Promise<unknown>;

/** Without a version it is done whatever came since, where the record has none to name. */
export function inverse<In extends object, Out>(op: Operation<In, Out>, input: In, version?: number | null): Inverse {
  const key = repeatKey();
  return () => call(op, input, { key, match: version });
}

export interface Undone {
  text: () => string;
  tone: Tone;
}

function waits(reply: unknown): boolean {
  return typeof reply === 'object' && reply !== null && 'status' in reply && reply.status === 'pending';
}

/** Why it stays as it is. */
function whyNot(problem: Problem): string {
  if (problem.code === 'ERR_VERSION_STALE') return t('undo.stale');
  return t('undo.not', { why: problemText(problem) });
}

/** The last thing done is taken back first. What cannot be stays, and the rest goes on. */
export async function undoAll(inverses: readonly Inverse[]): Promise<Undone> {
  const problems: Problem[] = [];
  let isWaiting = false;
  for (const take of [...inverses].reverse()) {
    try {
      isWaiting = waits(await take()) || isWaiting;
    } catch (error) {
      problems.push(problemFrom(error));
    }
  }
  const [first] = problems;
  if (!first) return isWaiting ? { text: () => t('undo.waits'), tone: 'warn' } : { text: () => t('undo.done'), tone: 'good' };
  if (inverses.length === 1) return { text: () => whyNot(first), tone: 'bad' };
  return { text: () => t('undo.some', { done: inverses.length - problems.length, left: problems.length, why: whyNot(first) }), tone: 'bad' };
}
