// The browser interface of guanxi: finds out who is there, and shows the place that the address names.

import { effect } from '@preact/signals';
import { render } from 'preact';
import { confirmed, lapsed, session, sessionLast, sessionRestore } from './api/session';
import { outboxStart } from './api/outbox';
import { Toasts } from './kit/toast';
import { runsLeave, runsRestore } from './run/runs';
import { LazyPage, placeAhead } from './shell/lazy';
import { homeOf, placeAt } from './shell/places';
import { path } from './shell/route';
import { Shell } from './shell/shell';
import { appearanceApply } from './shell/theme';
import { workerStart } from './worker/start';
import { Unknown } from './shell/unknown';
import { SignInAgain, SignInPage } from './signin/signin';
import { lang } from './words/words';

function Here() {
  const found = placeAt(path.value);
  return found ? <LazyPage place={found.place} parts={found.parts} /> : <Unknown />;
}

function App() {
  if (session.value === undefined) return null;
  if (session.value === null) return <SignInPage />;
  return (
    <>
      <Shell><Here /></Shell>
      <Toasts />
      {lapsed.value && <SignInAgain name={session.value.name ?? ''} />}
    </>
  );
}

// What runs is of whoever began it: it goes on when that person is back.
effect(() => {
  if (session.value && confirmed.value) runsRestore();
  else runsLeave();
});
effect(() => {
  document.documentElement.lang = lang.value === 'zh' ? 'zh-CN' : 'en';
});
appearanceApply();
outboxStart();
// Whoever was signed in before most likely still is: what the address names is fetched while the server is asked.
const last = sessionLast();
if (last) placeAhead(placeAt(path.value === '/' ? homeOf(last) : path.value)?.place);
void sessionRestore();
workerStart();

const root = document.getElementById('app');
if (root) render(<App />, root);
