// A page on paper: whatever a place shows, without the frame, below a line that says whose it is. A place that has more
// than it draws prepares what is printed.

import { useEffect, useReducer, useRef } from 'preact/hooks';
import { session, today } from '../api/session';
import { day, moment } from '../words/format';
import { t } from '../words/words';

let prepared: (() => void) | null = null;

/** For as long as the component is there, it is asked to print, and calls print() itself. */
export function usePrint(prepare: () => void): void {
  const newest = useRef(prepare);
  newest.current = prepare;
  useEffect(() => {
    const mine = () => newest.current();
    prepared = mine;
    return () => {
      if (prepared === mine) prepared = null;
    };
  }, []);
}

/** Once menus and the palette are closed. */
export function printPage(): void {
  setTimeout(() => (prepared ?? print)());
}

/** What is folded on the screen stands open on paper. */
const unfolded = new Set<HTMLDetailsElement>();

function unfold(): void {
  for (const one of document.querySelectorAll<HTMLDetailsElement>('main details:not([open])')) {
    one.open = true;
    unfolded.add(one);
  }
}

function fold(): void {
  for (const one of unfolded) one.open = false;
  unfolded.clear();
}

/** Drawn again when it is printed, for the time. */
export function Printed() {
  const [, draw] = useReducer((n: number) => n + 1, 0);
  useEffect(() => {
    const before = () => {
      unfold();
      draw(undefined as never);
    };
    addEventListener('beforeprint', before);
    addEventListener('afterprint', fold);
    return () => {
      removeEventListener('beforeprint', before);
      removeEventListener('afterprint', fold);
    };
  }, []);
  return (
    <p class="printed">
      <span>{t('app.name')} · {day(today())}</span>
      <span>{t('print.by', { name: session.value?.name ?? '', at: moment(new Date().toISOString()) })}</span>
    </p>
  );
}
