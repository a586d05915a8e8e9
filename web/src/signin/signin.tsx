import { useState } from 'preact/hooks';
import { signIn, signOut } from '../api/session';
import { problemFrom, type Problem } from '../api/problem';
import { Button } from '../kit/button';
import { Dialog } from '../kit/dialog';
import { Field } from '../kit/field';
import { Brand } from '../kit/icon';
import { Notice, ProblemNotice } from '../kit/notice';
import { Preferences } from '../shell/shell';
import { t } from './words';

function SignInForm({ known }: { known?: string }) {
  const [name, setName] = useState(known ?? '');
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);

  const submit = (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    signIn(name.trim(), password).catch((error: unknown) => {
      setBusy(false);
      setProblem(problemFrom(error));
    });
  };
  return (
    <form class="signin-form" onSubmit={submit}>
      {problem && (problem.status === 401
        ? <Notice tone="bad">{t('signin.wrong')}</Notice>
        : <ProblemNotice problem={problem} />)}
      <Field label={t('signin.name')} name="username" value={name} onInput={setName} autocomplete="username" required />
      <Field label={t('signin.password')} name="password" type="password" value={password} onInput={setPassword} autocomplete="current-password" required
        focus={known !== undefined} />
      <Button kind="primary" submit busy={busy}>{busy ? t('signin.busy') : t('signin.submit')}</Button>
    </form>
  );
}

export function SignInPage() {
  return (
    <main class="signin" id="content">
      <div class="signin-card">
        <div class="signin-brand"><Brand /><span lang="zh-CN">guanxi 关系</span></div>
        <p class="signin-tagline">{t('app.tagline')}</p>
        <h1>{t('signin.title')}</h1>
        <SignInForm />
      </div>
      <div class="signin-tools"><Preferences /></div>
    </main>
  );
}

/** Over the page that was at work when the session ended; it hides the page and loses nothing of it. */
export function SignInAgain({ name }: { name: string }) {
  return (
    <div class="signin-again">
      <Dialog title={t('signin.title')}>
        <p class="faint">{t('signin.lapsed')}</p>
        <SignInForm known={name} />
        <button type="button" class="text-button signin-leave" onClick={() => void signOut().catch(() => undefined)}>{t('signin.leave')}</button>
      </Dialog>
    </div>
  );
}
