// An import being taken back, part by part: where it is stands in its data, so that it goes on after a reload.

import { importUndo } from '../../api/imports';
import { Problem } from '../../api/problem';
import { problemText } from '../../kit/notice';
import { madeName } from './made';
import { patiently, type Work } from '../../run/runs';
import type { Undone } from '../../run/view';

export interface UndoAsked {
  run: string;
  reason: string;
  /** What comes after it is left to do; null: all. */
  cursor: string | null;
  counts: Undone;
}

const PART_ROWS = 200;
/** Of what went well a few are shown; of what did not, as many as anybody reads. */
const SHOWN_WELL = 50;
const SHOWN_LEFT = 2_000;

export async function work({ data, results, abort, progress }: Work): Promise<Undone> {
  const asked = data as UndoAsked;
  const { counts } = asked;
  for (;;) {
    const { rows, next } = await patiently(() => importUndo(asked.run, { limit: PART_ROWS, cursor: asked.cursor, reason: asked.reason, abort }), abort);
    for (const row of rows) {
      counts[row.outcome]++;
      const name = madeName(row);
      if (row.outcome === 'undone' && counts.undone <= SHOWN_WELL) results.push({ name, outcome: 'done' });
      if (row.outcome === 'left' && counts.left <= SHOWN_LEFT) results.push({ name, outcome: 'refused', why: problemText(new Problem(409, { code: row.code ?? '', detail: row.detail ?? '' })) });
    }
    progress(counts.undone + counts.before + counts.left);
    if (next === null) return counts;
    asked.cursor = next;
  }
}
