// The browser interface of guanxi: finds out who is there, and shows the place that the address names.

import './kit/tokens.css';
import './kit/kit.css';
import './shell/shell.css';
import './signin/signin.css';
import './accounts/accounts.css';
import './decision/decision.css';
import './held/held.css';
import './aging/aging.css';

import { effect } from '@preact/signals';
import { render } from 'preact';
import { session, sessionRestore } from './api/session';
import { AccountPage } from './accounts/account';
import { AccountsPage } from './accounts/list';
import { AgingPage } from './aging/aging';
import { HeldPage } from './held/held';
import { Link } from './kit/link';
import { Page } from './kit/page';
import { SignInPage } from './signin/signin';
import { ACCOUNTS, path, placeOf } from './shell/route';
import { Shell } from './shell/shell';
import { themeApply } from './shell/theme';
import { lang, t } from './words/words';

function Unknown() {
  return <Page title={t('app.not_found')} intro={t('app.not_found.hint')}><Link to={ACCOUNTS}>{t('app.home')}</Link></Page>;
}

function Here() {
  const place = placeOf(path.value);
  switch (place.name) {
    case 'accounts': return <AccountsPage />;
    case 'account': return <AccountPage key={place.account} account={place.account} section={place.section} />;
    case 'held': return <HeldPage order={place.order} />;
    case 'aging': return <AgingPage />;
    case 'unknown': return <Unknown />;
  }
}

function App() {
  if (session.value === undefined) return null;
  if (session.value === null) return <SignInPage />;
  return <Shell><Here /></Shell>;
}

effect(() => {
  document.documentElement.lang = lang.value === 'zh' ? 'zh-CN' : 'en';
});
themeApply();
void sessionRestore();

const root = document.getElementById('app');
if (root) render(<App />, root);
