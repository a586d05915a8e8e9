// The page of a place, fetched when the place is first entered, with its words.

import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Button } from '../kit/button';
import { Skeleton } from '../kit/load';
import { Notice } from '../kit/notice';
import { t } from '../words/words';
import type { Place } from './place';

type Pages = ComponentType<Record<string, string | null>>;

const fetched = new Map<string, Pages>();

/** All of its scripts at once: a browser learns of those that a script imports when it has that script. */
function scriptsAhead(name: string): void {
  const files = document.querySelector<HTMLMetaElement>(`meta[name="scripts-${name}"]`)?.content.split(' ') ?? [];
  for (const href of files) {
    if (!href || document.querySelector(`link[href="${href}"]`)) continue;
    const link = document.createElement('link');
    link.rel = 'modulepreload';
    link.href = href;
    document.head.append(link);
  }
}

async function pageLoad(place: Place): Promise<Pages> {
  scriptsAhead(place.name);
  const page = await place.load();
  fetched.set(place.name, page.default);
  return page.default;
}

/** Fetched ahead, where the pointer or the thumb is about to choose it, and there is a network. */
export function placeAhead(place: Place | undefined): void {
  if (place && navigator.onLine && !fetched.has(place.name)) pageLoad(place).catch(() => undefined);
}

/** A file that is gone was replaced by a newer program, whose first page names the new ones. */
function Failed({ onRetry }: { onRetry: () => void }) {
  return (
    <Notice tone="bad">
      <div><strong>{t('app.place_failed')}</strong><p>{t('app.place_failed.hint')}</p></div>
      <div class="row">
        <Button onClick={onRetry}>{t('app.retry')}</Button>
        <Button onClick={() => location.reload()}>{t('app.reload')}</Button>
      </div>
    </Notice>
  );
}

export function LazyPage({ place, parts }: { place: Place; parts: Record<string, string | null> }) {
  const [failed, setFailed] = useState('');
  const [, setCame] = useState('');
  const name = place.name;
  const Page = fetched.get(name);
  const isHere = Page !== undefined;
  useEffect(() => {
    if (isHere || failed === name) return;
    pageLoad(place).then(() => setCame(name), () => setFailed(name));
  }, [name, isHere, failed]);
  if (Page) return <Page key={name} {...parts} />;
  if (failed === name) return <Failed onRetry={() => setFailed('')} />;
  return <Skeleton rows={6} />;
}
