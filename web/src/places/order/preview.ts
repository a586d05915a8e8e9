// What would be decided about the order as it is typed. It is asked a moment after the last key; the question before is
// taken back, and its answer stays in sight, marked as old, until the new one comes.

import { useEffect, useState } from 'preact/hooks';
import { call, isAborted } from '../../api/client';
import { problemFrom, type Problem } from '../../api/problem';
import { order_preview, type PreviewOut } from '../../api/types';
import { judged, type OrderDraft } from './draft';

const PAUSE_MS = 220;

export interface Preview {
  out: PreviewOut | null;
  problem: Problem | null;
  /** Which lines of the draft were sent. */
  at: readonly number[];
  isOld: boolean;
}

const NONE: Preview = { out: null, problem: null, at: [], isOld: false };

export function usePreview(draft: OrderDraft): Preview {
  const question = judged(draft);
  const key = question ? JSON.stringify(question) : '';
  const [preview, setPreview] = useState<Preview>(NONE);
  useEffect(() => {
    if (!question) {
      setPreview(NONE);
      return;
    }
    const abort = new AbortController();
    setPreview((was) => ({ ...was, isOld: true }));
    const timer = setTimeout(() => {
      call(order_preview, question.input, { abort: abort.signal }).then(
        (out) => setPreview({ out, problem: null, at: question.at, isOld: false }),
        (error: unknown) => isAborted(error) || setPreview({ out: null, problem: problemFrom(error), at: question.at, isOld: false }),
      );
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [key]);
  return preview;
}
