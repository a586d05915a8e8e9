// One run: how far it is, and what became of each row.

import { Problem } from '../api/problem';
import { Button } from '../kit/button';
import { refusedSave } from '../kit/download';
import { Notice, problemText } from '../kit/notice';
import { whole } from '../words/format';
import type { Result, Run } from './runs';
import { t } from './words';

const RESULTS_SHOWN = 200;

export interface Exported {
  count: number;
  file: string;
}

export interface Imported {
  read: number;
  done: number;
  skipped: number;
  refused: number;
  name: string;
  /** The refused rows. */
  file: string;
}

/** Records, of an import that was taken back. */
export interface Undone {
  undone: number;
  /** Were taken back before. */
  before: number;
  left: number;
}

export interface Closed {
  days: number;
}

function count(run: Run, outcome: Result['outcome']): number {
  return run.results.filter((one) => one.outcome === outcome).length;
}

/** What it came to; null: nothing that is said. */
function told(run: Run): string | null {
  const { out } = run;
  if (run.kind === 'rows') return t('run.rows', { done: count(run, 'done'), waits: count(run, 'waits'), failed: count(run, 'refused'), left: count(run, 'left') });
  if (run.state !== 'over' || out === null) return null;
  if (run.kind === 'export') return t('run.export', { count: (out as Exported).count, file: (out as Exported).file });
  if (run.kind === 'undo') return t('run.undo', { ...(out as Undone) });
  if (run.kind === 'close') return t('run.close', { count: (out as Closed).days });
  const { read, done, skipped, refused } = out as Imported;
  return t('run.import', { read, done, skipped, refused });
}

function isWell(run: Run): boolean {
  return run.state === 'over' && count(run, 'refused') === 0 && !(run.kind === 'import' && (run.out as Imported | null)?.refused);
}

function Results({ run }: { run: Run }) {
  // What did not go well comes first.
  const rows = run.results.filter((one) => one.outcome !== 'left' || run.state !== 'runs').sort((a, b) => Number(b.outcome === 'refused') - Number(a.outcome === 'refused'));
  return (
    <div class="run-results" tabIndex={0} role="group" aria-label={t('run.results')}>
      <table class="run-table">
        <thead><tr><th scope="col">{t('run.row')}</th><th scope="col">{t('run.result')}</th></tr></thead>
        <tbody>
          {rows.slice(0, RESULTS_SHOWN).map((one, i) => (
            <tr key={i}><td>{one.name}</td><td class={one.outcome === 'refused' ? 'bad' : undefined}>{one.why || t(`run.outcome.${one.outcome}`)}</td></tr>
          ))}
        </tbody>
      </table>
      {rows.length > RESULTS_SHOWN && <p class="faint">{t('run.more', { count: rows.length - RESULTS_SHOWN })}</p>}
    </div>
  );
}

export function RunView({ run }: { run: Run }) {
  const { done, total, state, title } = run;
  const said = told(run);
  const far = total === null ? t('run.busy') : t('run.progress', { done: whole(done), all: whole(total) });
  const bar = { max: Math.max(total ?? 1, 1), ...(total !== null && { value: state === 'over' ? Math.max(total, 1) : done }) };
  return (
    <>
      {(state === 'runs' || run.results.length > 0) && <progress class="run-bar" aria-label={`${title}: ${far}`} {...bar} />}
      {state === 'runs' && <p role="status">{far}</p>}
      {state !== 'runs' && (
        <Notice tone={isWell(run) ? 'good' : 'warn'}>
          <div>
            {state === 'stopped' && <p>{t('run.state.stopped')}</p>}
            {state === 'broken' && <p>{t('run.state.broken')}</p>}
            {run.problem && <p>{t('run.state.failed', { why: problemText(new Problem(0, run.problem)) })}</p>}
            {said && <p>{said}</p>}
          </div>
        </Notice>
      )}
      {run.kind === 'import' && state === 'over' && (run.out as Imported).refused > 0 && (
        <div><Button onClick={() => refusedSave((run.out as Imported).name, (run.out as Imported).file)}>{t('run.import.save')}</Button></div>
      )}
      {run.results.length > 0 && <Results run={run} />}
    </>
  );
}
