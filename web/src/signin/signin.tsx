import { useState } from 'preact/hooks';
import { signIn } from '../api/session';
import { Problem } from '../api/problem';
import { Button } from '../kit/button';
import { Field } from '../kit/field';
import { Brand } from '../kit/icon';
import { Notice, ProblemNotice } from '../kit/notice';
import { Preferences } from '../shell/shell';
import { t } from '../words/words';

export function SignInPage() {
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);

  const submit = (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    signIn(name.trim(), password).catch((error: unknown) => {
      setBusy(false);
      setProblem(error instanceof Problem ? error : new Problem(0, { detail: String(error) }));
    });
  };

  return (
    <main class="signin" id="content">
      <form class="signin-card" onSubmit={submit}>
        <div class="signin-brand"><Brand /><span lang="zh-CN">guanxi 关系</span></div>
        <p class="signin-tagline">{t('app.tagline')}</p>
        <h1>{t('signin.title')}</h1>
        {problem && (problem.status === 401
          ? <Notice tone="bad">{t('signin.wrong')}</Notice>
          : <ProblemNotice problem={problem} />)}
        <Field label={t('signin.name')} name="username" value={name} onInput={setName} autocomplete="username" required />
        <Field label={t('signin.password')} name="password" type="password" value={password} onInput={setPassword} autocomplete="current-password" required />
        <Button kind="primary" submit busy={busy}>{busy ? t('signin.busy') : t('signin.submit')}</Button>
      </form>
      <div class="signin-tools"><Preferences /></div>
    </main>
  );
}
