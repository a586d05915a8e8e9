// What can be done from anywhere, by the palette: the places one may enter, and what pages put here while they are open.

import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { may, session, signOut } from '../api/session';
import type { IconName } from '../kit/icon';
import { undoLast } from '../kit/toast';
import { both, lang, langSet, t } from '../words/words';
import { mayEnter, type Place } from './place';
import { overOpen } from './over';
import { home, places } from './places';
import { printPage } from './print';
import { go } from './route';
import { denseToggle, themeNext } from './theme';

export interface Action {
  label: string;
  run: () => void;
  icon?: IconName;
  /** Shown as caps: the key that does it without the palette. */
  key?: string | undefined;
}

const opened = signal<readonly (() => readonly Action[])[]>([]);

/** What this page can do, for as long as it is open. */
export function useActions(actions: readonly Action[]): void {
  const newest = useRef(actions);
  newest.current = actions;
  useEffect(() => {
    const mine = () => newest.current;
    opened.value = [...opened.peek(), mine];
    return () => {
      opened.value = opened.peek().filter((one) => one !== mine);
    };
  }, []);
}

function placeAction(one: Place): Action[] {
  const base = one.path.split('/:')[0];
  const icon = one.icon ?? 'next';
  return [
    { label: both(one.title), icon, key: one.key && `g ${one.key}`, run: () => go(base || home()) },
    ...Object.entries(one.sections ?? {}).filter(([, { needs }]) => !needs || may(needs)).map(([name, title]) => ({ label: both(title), icon, run: () => go(`${base}/${name}`) })),
  ];
}

function placeActions(): Action[] {
  const who = session.value;
  if (!who) return [];
  return places.filter((one) => !one.path.includes('/:') || one.nav !== undefined)
    .filter((one) => mayEnter(one, who))
    .flatMap(placeAction);
}

export function actionsKnown(): Action[] {
  return [
    ...opened.value.flatMap((of) => of()),
    ...placeActions(),
    { label: t('toast.undo'), icon: 'back', key: 'z', run: undoLast },
    { label: t('nav.runs'), icon: 'runs', run: () => overOpen('runs') },
    { label: t('nav.language'), icon: 'lang', run: () => langSet(lang.value === 'en' ? 'zh' : 'en') },
    { label: t('action.theme'), icon: 'theme', run: themeNext },
    { label: t('nav.dense'), icon: 'dense', run: denseToggle },
    { label: t('action.print'), icon: 'print', key: 'mod+p', run: printPage },
    { label: t('nav.sign_out'), icon: 'out', run: () => void signOut() },
  ];
}
