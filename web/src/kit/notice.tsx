// Something to tell: what was done, what went wrong, or that there is nothing here and what to do about it.

import type { ComponentChildren } from 'preact';
import type { Problem } from '../api/problem';
import { saidText } from '../words/said';
import { lang, t, word } from '../words/words';

export type Tone = 'good' | 'warn' | 'bad' | 'plain';

export function Notice({ tone, children }: { tone: Tone; children: ComponentChildren }) {
  return <div class={`notice notice-${tone}`} role={tone === 'bad' ? 'alert' : 'status'}>{children}</div>;
}

/** The sentence of the catalogue for the code; the server's own, more exact one beside it where it reads in this language. */
export function problemText(problem: Problem): string {
  const known = word('problem', problem.code);
  const worded = known !== problem.code;
  // It names an operation and a permission, which are words of the API.
  if (worded && problem.code === 'ERR_FORBIDDEN' && problem.detail.includes('needs the right "')) return known;
  if (!worded) return problem.detail || problem.code;
  if (problem.detail && problem.code.startsWith('ERR_FIELD')) return saidText(problem.detail);
  if (problem.detail && lang.value === 'en') return problem.detail;
  return known;
}

export function ProblemNotice({ problem, children }: { problem: Problem; children?: ComponentChildren }) {
  const known = word('problem', problem.code);
  const text = problemText(problem);
  return (
    <Notice tone="bad">
      <div>
        <strong>{known === problem.code ? t('problem.title') : known}</strong>
        {text !== known && <p>{text}</p>}
      </div>
      {children}
    </Notice>
  );
}

export function Empty({ title, hint, children }: { title: string; hint: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <p class="empty-title">{title}</p>
      <p class="empty-hint">{hint}</p>
      {children && <div class="empty-act">{children}</div>}
    </div>
  );
}
