// The head of a place. Its title takes the focus when the place is entered, so that the keyboard and a screen
// reader begin where the eye does.

import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

interface PageProps {
  title: string;
  intro?: ComponentChildren;
  aside?: ComponentChildren;
  children: ComponentChildren;
}

let entered = false;

export function Page({ title, intro, aside, children }: PageProps) {
  const head = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · guanxi`;
  }, [title]);
  useEffect(() => {
    // Not on the first page of a visit: there the browser starts at the top by itself. Nor away from a field of the
    // page that has the focus already.
    const isTaken = document.activeElement?.closest('main');
    if (entered && !isTaken) head.current?.focus({ preventScroll: true });
    entered = true;
  }, []);
  return (
    <>
      <header class="page-head">
        <div>
          <h1 ref={head} tabIndex={-1}>{title}</h1>
          {intro && <div class="page-intro">{intro}</div>}
        </div>
        {aside && <div class="page-aside">{aside}</div>}
      </header>
      {children}
    </>
  );
}
