// The frame around every place: where one can go, who one is, language and appearance.

import type { ComponentChildren } from 'preact';
import { reached } from '../api/client';
import { session, signOut } from '../api/session';
import { Brand, Icon } from '../kit/icon';
import { caps, useKeys, type KeyUse } from '../kit/keys';
import { Link } from '../kit/link';
import { Menu, type MenuItem } from '../kit/menu';
import { runs } from '../run/runs';
import { both, lang, langSet, t, word } from '../words/words';
import { placeAhead } from './lazy';
import { Over, overOpen } from './over';
import { mayEnter, type Place } from './place';
import { home, placeAt, places } from './places';
import { printPage, Printed } from './print';
import { go, path } from './route';
import { dense, denseToggle, theme, themeNext } from './theme';

function placesShown(): Place[] {
  const who = session.value;
  return places.filter((one) => who && one.nav !== undefined && mayEnter(one, who)).sort((a, b) => (a.nav ?? 0) - (b.nav ?? 0));
}

/** Of those that would stand at the thumb on a phone, as many as have room. */
const THUMBS = 5;

function atThumb(): Place[] {
  return placesShown().filter((one) => one.thumb).slice(0, THUMBS);
}

function rootOf(place: Place): string {
  return place.path.split('/:')[0] || home();
}

function NavEntry({ place, isAtThumb }: { place: Place; isAtThumb: boolean }) {
  const to = rootOf(place);
  const here = path.value === to || path.value.startsWith(`${to}/`) || placeAt(path.value)?.place === place;
  const count = place.count?.value;
  return (
    <li class={isAtThumb ? 'nav-thumb' : undefined} onPointerEnter={() => placeAhead(place)}>
      <Link to={to} class="nav-link" current={here}>
        {place.icon && <Icon name={place.icon} />}
        <span>{both(place.title)}</span>
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
        <span>{t('nav.theme.label', { mode })}</span>
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

/** On a phone: the places that are not at the thumb, and what stands at the foot of a desk's rail. */
function MoreMenu() {
  const thumbs = atThumb();
  const items: MenuItem[] = [
    ...placesShown().filter((one) => !thumbs.includes(one)).map((one): MenuItem => ({ label: both(one.title), ...(one.icon && { icon: one.icon }), run: () => go(rootOf(one)) })),
    { label: t('nav.language'), icon: 'lang', run: () => langSet(lang.value === 'en' ? 'zh' : 'en') },
    { label: t('nav.theme.label', { mode: t(`nav.theme.${theme.value}`) }), icon: 'theme', run: themeNext },
    { label: t('action.print'), icon: 'print', run: printPage },
    { label: t('nav.sign_out'), icon: 'out', run: () => void signOut() },
  ];
  return <div class="nav-more"><Menu label={t('nav.more')} items={items} class="tool"><Icon name="more" /></Menu></div>;
}

function Find() {
  return (
    <button type="button" class="tool find" aria-keyshortcuts="Control+K" onClick={() => overOpen('palette')}>
      <Icon name="search" />
      <span>{t('nav.find')}</span>
      <kbd aria-hidden="true">{caps('mod+k').join(' ')}</kbd>
    </button>
  );
}

/** What runs by itself meanwhile, and what became of it; nothing when there is nothing. */
function Runs() {
  const all = runs.value;
  if (!all.length) return null;
  const busy = all.filter((one) => one.state === 'runs').length;
  const label = busy ? t('nav.runs.busy', { count: busy }) : t('nav.runs.over');
  return (
    <button type="button" class={`tool runs${busy ? ' runs-busy' : ''}`} aria-label={`${t('nav.runs')}: ${label}`} onClick={() => overOpen('runs')}>
      <Icon name={busy ? 'runs' : 'check'} />
      <span>{label}</span>
    </button>
  );
}

function Foot() {
  return (
    <div class="rail-foot">
      <Who />
      <Preferences />
      <button type="button" class="tool" aria-pressed={dense.value} onClick={denseToggle}><Icon name="dense" /><span>{t('nav.dense')}</span></button>
      <button type="button" class="tool" onClick={() => overOpen('help')}><Icon name="keys" /><span>{t('nav.keys')}</span><kbd aria-hidden="true">?</kbd></button>
      <button type="button" class="tool" aria-label={t('nav.sign_out')} onClick={() => void signOut()}>
        <Icon name="out" />
        <span>{t('nav.sign_out')}</span>
      </button>
    </div>
  );
}

export function Shell({ children }: { children: ComponentChildren }) {
  useKeys(t('keys.everywhere'), [
    { keys: ['mod+k', '/'], does: t('nav.find'), run: () => overOpen('palette') },
    { keys: ['?'], does: t('nav.keys'), run: () => overOpen('help') },
    { keys: ['mod+p'], does: t('action.print'), run: printPage },
    ...placesShown().flatMap((one): KeyUse[] => one.key ? [{ keys: [`g ${one.key}`], does: both(one.title), run: () => go(rootOf(one)) }] : []),
  ]);
  const thumbs = atThumb();
  return (
    <div class="shell">
      <a class="skip" href="#content">{t('app.skip')}</a>
      <header class="rail">
        <Link to={home()} class="brand"><Brand /><span>{t('app.name')}</span></Link>
        <Find />
        <Runs />
        <nav aria-label={t('nav.main')}><ul>{placesShown().map((one) => <NavEntry key={one.name} place={one} isAtThumb={thumbs.includes(one)} />)}</ul></nav>
        <MoreMenu />
        <Foot />
      </header>
      <main id="content" tabIndex={-1}>
        <Printed />
        {!reached.value && <p class="away" role="status">{t('app.away')}</p>}
        {children}
      </main>
      <Over />
    </div>
  );
}
