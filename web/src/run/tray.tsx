// What runs, how far each is and what became of it, wherever one is meanwhile.

import { Button } from '../kit/button';
import { Dialog } from '../kit/dialog';
import { Empty } from '../kit/notice';
import { t as say } from '../words/words';
import { runDrop, runs, runStop, type Run } from './runs';
import { RunView } from './view';
import { t } from './words';

/** What a run of rows did can be taken back by another one; that is fetched when it is wanted. */
function takeBack(run: Run): void {
  void import('../list/job').then(({ backRun }) => backRun(run));
}

function One({ run }: { run: Run }) {
  return (
    <li class="card run">
      <h3>{run.title}</h3>
      <RunView run={run} />
      <div class="form-foot">
        {run.state === 'runs' && run.canStop && <Button onClick={() => runStop(run.id)}>{t('run.stop')}</Button>}
        {run.state !== 'runs' && run.canBack && <Button onClick={() => takeBack(run)}>{t('run.back')}</Button>}
        {run.state !== 'runs' && <Button kind="quiet" label={`${t('run.drop')}: ${run.title}`} onClick={() => runDrop(run.id)}>{t('run.drop')}</Button>}
      </div>
    </li>
  );
}

export default function Tray({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title={say('nav.runs')} kind="sheet" onClose={onClose}>
      {runs.value.length ? <ul class="run-list">{runs.value.map((run) => <One key={run.id} run={run} />)}</ul> : <Empty title={t('run.empty')} hint={t('run.empty.hint')} />}
    </Dialog>
  );
}
