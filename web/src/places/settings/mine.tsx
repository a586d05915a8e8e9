// How one wants things written, kept with the user on the server; and one's own password.

import { useState } from 'preact/hooks';
import { call } from '../../api/client';
import { session, today } from '../../api/session';
import { password_change, preference_set, type Preference, type PreferenceGiven } from '../../api/types';
import { Button } from '../../kit/button';
import { Field } from '../../kit/field';
import { fieldRefusal, problemText, ProblemNotice } from '../../kit/notice';
import { Page } from '../../kit/page';
import { tell } from '../../kit/toast';
import { problemFrom, type Problem } from '../../api/problem';
import { denseToggle, dense, theme, themeNext } from '../../shell/theme';
import { day, money } from '../../words/format';
import { preferred, prefer } from '../../words/prefer';
import { t } from './words';

const EXAMPLE = '1234567.50';

function given(value: Preference): PreferenceGiven {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== null));
}

/** Taken at once, so that one sees what one chose; put back when the server does not take it. */
function change(next: Partial<Preference>): void {
  const before = preferred.peek();
  const value = { ...before, ...next };
  prefer(value);
  call(preference_set, given(value)).then(
    () => tell({ text: () => t('mine.kept') }),
    (error: unknown) => {
      prefer(before);
      tell({ text: () => problemText(problemFrom(error)), tone: 'bad' });
    },
  );
}

function Written() {
  const { language, numbers, days } = preferred.value;
  return (
    <section class="card settings-part">
      <h2>{t('mine.written')}</h2>
      <div class="form-row">
        <Field label={t('mine.language')} value={language ?? ''} onInput={(value) => change({ language: value === 'en' || value === 'zh' ? value : null })}
          options={[{ value: '', label: t('mine.language.browser') }, { value: 'en', label: 'English' }, { value: 'zh', label: '中文' }]} />
        <Field label={t('mine.numbers')} value={numbers ?? 'comma'} onInput={(value) => change({ numbers: value as Preference['numbers'] })}
          options={[{ value: 'comma', label: '1,234.50' }, { value: 'point', label: '1.234,50' }, { value: 'blank', label: '1 234.50' }, { value: 'plain', label: '1234.50' }]} />
        <Field label={t('mine.days')} value={days ?? 'words'} onInput={(value) => change({ days: value as Preference['days'] })}
          options={[{ value: 'words', label: t('mine.days.words') }, { value: 'iso', label: '2025-06-09' }]} />
      </div>
      <p class="faint">{t('mine.example', { amount: money(EXAMPLE), day: day(today()) })}</p>
    </section>
  );
}

function Screen() {
  return (
    <section class="card settings-part">
      <h2>{t('mine.screen')}</h2>
      <div class="row">
        <Button onClick={themeNext}>{t('nav.theme.label', { mode: t(`nav.theme.${theme.value}`) })}</Button>
        <Button onClick={denseToggle} pressed={dense.value}>{t('nav.dense')}</Button>
      </div>
      <p class="faint">{t('mine.screen.hint')}</p>
    </section>
  );
}

/** Nothing of it is kept in the browser, as other forms are. */
function Password() {
  const [old, setOld] = useState('');
  const [fresh, setFresh] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const submit = (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    call(password_change, { old_password: old, password: fresh }).then(() => {
      setOld('');
      setFresh('');
      tell({ text: () => t('mine.password.done') });
    }, (error: unknown) => setProblem(problemFrom(error))).finally(() => setBusy(false));
  };
  return (
    <section class="card settings-part">
      <h2>{t('mine.password')}</h2>
      <form class="form" onSubmit={submit}>
        {problem && <ProblemNotice problem={problem} />}
        <input type="hidden" name="username" autocomplete="username" value={session.value?.name ?? ''} />
        <div class="form-row">
          <Field label={t('mine.password.old')} type="password" autocomplete="current-password" value={old} onInput={setOld} error={problem ? fieldRefusal(problem, 'old_password') : undefined} required />
          <Field label={t('mine.password.new')} type="password" autocomplete="new-password" value={fresh} onInput={setFresh} error={problem ? fieldRefusal(problem, 'password') : undefined} hint={t('mine.password.hint')} required />
        </div>
        <div class="form-foot"><Button submit busy={busy}>{t('mine.password.change')}</Button></div>
      </form>
    </section>
  );
}

export function Mine() {
  return (
    <Page title={t('mine.title')} intro={t('mine.intro')}>
      <div class="settings">
        <Written />
        <Screen />
        <Password />
      </div>
    </Page>
  );
}
