// The frame around every place: where one can go, who one is, language and appearance.

import type { ComponentChildren } from 'preact';
import { session, signOut } from '../api/session';
import { Brand, Icon, type IconName } from '../kit/icon';
import { Link } from '../kit/link';
import { lang, langSet, t, word } from '../words/words';
import { heldCount } from '../held/count';
import { ACCOUNTS, AGING, HELD, path } from './route';
import { theme, themeNext } from './theme';

interface Entry {
  to: string;
  icon: IconName;
  label: string;
  count?: string | null;
}

function NavEntry({ to, icon, label, count }: Entry) {
  const here = path.value === to || path.value.startsWith(`${to}/`) || (to === ACCOUNTS && path.value === '/');
  return (
    <li>
      <Link to={to} class="nav-link" current={here}>
        <Icon name={icon} />
        <span>{label}</span>
        {count && count !== '0' ? <span class="nav-count">{count}</span> : null}
      </Link>
    </li>
  );
}

export function Preferences() {
  const mode = t(`nav.theme.${theme.value}`);
  return (
    <>
      <button type="button" class="tool" aria-label={t('nav.language.label')} onClick={() => langSet(lang.value === 'en' ? 'zh' : 'en')}>
        <Icon name="lang" />
        <span lang={lang.value === 'en' ? 'zh-CN' : 'en'}>{t('nav.language')}</span>
      </button>
      <button type="button" class="tool" aria-label={t('nav.theme.label', { mode })} onClick={themeNext}>
        <Icon name="theme" />
        <span>{mode}</span>
      </button>
    </>
  );
}

function Who() {
  const who = session.value;
  if (!who) return null;
  return (
    <div class="who">
      <span class="who-name">{who.name}</span>
      <span class="who-role">{word('role', who.role)}</span>
    </div>
  );
}

export function Shell({ children }: { children: ComponentChildren }) {
  return (
    <div class="shell">
      <a class="skip" href="#content">{t('app.skip')}</a>
      <header class="rail">
        <Link to={ACCOUNTS} class="brand"><Brand /><span>{t('app.name')}</span></Link>
        <nav aria-label={t('nav.main')}>
          <ul>
            <NavEntry to={ACCOUNTS} icon="accounts" label={t('nav.accounts')} />
            <NavEntry to={HELD} icon="held" label={t('nav.held')} count={heldCount.value} />
            <NavEntry to={AGING} icon="aging" label={t('nav.aging')} />
          </ul>
        </nav>
        <div class="rail-foot">
          <Who />
          <Preferences />
          <button type="button" class="tool" aria-label={t('nav.sign_out')} onClick={() => void signOut()}>
            <Icon name="out" />
            <span>{t('nav.sign_out')}</span>
          </button>
        </div>
      </header>
      <main id="content" tabIndex={-1}>{children}</main>
    </div>
  );
}
