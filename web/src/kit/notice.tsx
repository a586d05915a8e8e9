// Something to tell: what was done, what went wrong, or that there is nothing here and what to do about it.

import type { ComponentChildren } from 'preact';
import type { Problem } from '../api/problem';
import { refusalKnown, refusalText } from '../words/refusal';
import { t, word } from '../words/words';

export type Tone = 'good' | 'warn' | 'bad' | 'plain';

export function Notice({ tone, children }: { tone: Tone; children: ComponentChildren }) {
  return <div class={`notice notice-${tone}`} role={tone === 'bad' ? 'alert' : 'status'}>{children}</div>;
}

/** The more exact sentence of the server where it reads in this language, else that of the catalogue for the code. */
export function problemText(problem: Problem): string {
  const known = word('problem', problem.code);
  const worded = known !== problem.code;
  // It names an operation and a permission, which are words of the API.
  if (worded && problem.code === 'ERR_FORBIDDEN' && problem.detail.includes('needs the right "')) return known;
  const [field] = [...problem.fields].find(([, said]) => said === problem.detail) ?? [];
  return refusalKnown(problem.detail, field) ?? (worded ? known : t('problem.title'));
}

/** What is wrong with a field, by the dotted name that the server gives it. */
export function fieldRefusal(problem: Problem, field: string): string | undefined {
  const sentence = problem.fields.get(field);
  return sentence === undefined ? undefined : refusalText(sentence, problem.code, field);
}

export function ProblemNotice({ problem, children }: { problem: Problem; children?: ComponentChildren }) {
  const coded = word('problem', problem.code);
  const title = coded === problem.code ? t('problem.title') : coded;
  const text = problemText(problem);
  return (
    <Notice tone="bad">
      <div>
        <strong>{title}</strong>
        {text !== title && <p>{text}</p>}
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
