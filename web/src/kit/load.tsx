// What a place reads from the server: asked again when its key changes, shown by one component in all of its
// states (waiting, failed, here). An answer that comes after the next question was asked is dropped.

import type { ComponentChildren } from 'preact';
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { signIns } from '../api/client';
import type { Page } from '../api/operation';
import { useLive } from '../api/live';
import { problemFrom, type Problem } from '../api/problem';
import { ProblemNotice } from './notice';
import { Button } from './button';
import { Link } from './link';
import { t } from '../words/words';

export interface Loaded<T> {
  data: T | null;
  problem: Problem | null;
  reload: () => void;
}

export function useLoaded<T>(key: string, read: () => Promise<T>): Loaded<T> {
  const [state, setState] = useState<{ key: string; data: T | null; problem: Problem | null }>({ key, data: null, problem: null });
  const asked = useRef(0);
  const load = useCallback(() => {
    const turn = ++asked.current;
    read().then(
      (data) => turn === asked.current && setState({ key, data, problem: null }),
      (error: unknown) => turn === asked.current && setState((was) => ({ key, data: was.key === key ? was.data : null, problem: problemFrom(error) })),
    );
  }, [key]);
  useEffect(() => {
    load();
    return () => void ++asked.current;
  }, [load]);
  // What failed because nobody was signed in any more is read again when somebody is.
  const failed = useRef(false);
  failed.current = state.problem !== null;
  const turn = signIns.value;
  useEffect(() => {
    if (failed.current) load();
  }, [turn]);
  const fresh = state.key === key;
  return { data: fresh ? state.data : null, problem: fresh ? state.problem : null, reload: load };
}

/** As useLoaded(), and read again when there may be news, of one account where it is named. */
export function useLiveLoaded<T>(key: string, read: () => Promise<T>, account?: string): Loaded<T> {
  const loaded = useLoaded(key, read);
  useLive(loaded.reload, account);
  return loaded;
}

export interface LoadedPages<T> extends Loaded<T[]> {
  more: (() => void) | null;
}

type ReadPage<T> = (cursor: string | undefined) => Promise<Page<T>>;

/** As many pages as were on the screen, in one. */
async function pagesRead<T>(read: ReadPage<T>, count: number): Promise<Page<T>> {
  const first = await read(undefined);
  const items = [...first.items];
  let next = first.next;
  for (let i = 1; i < count && next !== null; i++) {
    const page = await read(next);
    items.push(...page.items);
    next = page.next;
  }
  return { ...first, items, next };
}

/** A list read page by page; `more` fetches the next one and is null at the end. */
export function usePages<T>(key: string, read: ReadPage<T>): LoadedPages<T> {
  const shown = useRef({ key, pages: 1 });
  if (shown.current.key !== key) shown.current = { key, pages: 1 };
  const first = useLoaded(key, () => pagesRead(read, shown.current.pages));
  const [rest, setRest] = useState<{ of: Page<T> | null; items: T[]; next: string | null; problem: Problem | null }>(
    { of: null, items: [], next: null, problem: null });
  const current = rest.of === first.data ? rest : { of: first.data, items: [], next: first.data?.next ?? null, problem: null };
  const next = current.next;
  const more = next === null ? null : () => {
    read(next).then(
      (page) => {
        shown.current.pages++;
        setRest({ of: first.data, items: [...current.items, ...page.items], next: page.next, problem: null });
      },
      (error: unknown) => setRest({ ...current, problem: problemFrom(error) }),
    );
  };
  const data = first.data ? [...first.data.items, ...current.items] : null;
  return { data, problem: first.problem ?? current.problem, reload: first.reload, more };
}

/** As usePages(), and read again when there may be news, of one account where it is named. */
export function useLivePages<T>(key: string, read: ReadPage<T>, account?: string): LoadedPages<T> {
  const pages = usePages(key, read);
  useLive(pages.reload, account);
  return pages;
}

interface LoadProps<T> {
  of: Loaded<T>;
  rows?: number;
  children: (data: T) => ComponentChildren;
}

export function Load<T>({ of, rows = 5, children }: LoadProps<T>) {
  if (of.data !== null) {
    return (
      <>
        {of.problem && <ProblemNotice problem={of.problem} />}
        {children(of.data)}
      </>
    );
  }
  if (of.problem) {
    // What is not there does not come by asking again.
    const way = of.problem.status === 404 ? <Link to="/">{t('app.home')}</Link> : <Button onClick={of.reload}>{t('app.retry')}</Button>;
    return <ProblemNotice problem={of.problem}>{way}</ProblemNotice>;
  }
  return <Skeleton rows={rows} />;
}

/** Stands where something will be. */
export function Skeleton({ rows }: { rows: number }) {
  return (
    <div class="skeleton" role="status" aria-label={t('app.loading')}>
      {Array.from({ length: rows }, (_, i) => <span key={i} class="skeleton-row" />)}
    </div>
  );
}

export function More({ of }: { of: { more: (() => void) | null } }) {
  if (!of.more) return null;
  return (
    <>
      <div class="more"><Button onClick={of.more}>{t('app.more')}</Button></div>
      <p class="print-only">{t('print.more')}</p>
    </>
  );
}
