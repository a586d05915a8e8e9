// The sections of a place, each with an address of its own. On a phone the row is wider than the screen, so the one that is
// open is brought into sight.

import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Link } from './link';

export interface SectionLink {
  name: string;
  to: string;
  label: string;
}

/** Of links in a row that is longer than a phone is wide: the one that is open is in sight. */
export function useOpenInSight(current: string | null): RefObject<HTMLElement | null> {
  const nav = useRef<HTMLElement>(null);
  // After painting: measuring before has the browser lay out a page that is still being built.
  useEffect(() => {
    const open = nav.current?.querySelector<HTMLElement>('[aria-current]');
    // Not scrollIntoView(), which would move the page as well.
    if (nav.current && open) nav.current.scrollLeft = open.offsetLeft - nav.current.offsetLeft - (nav.current.clientWidth - open.offsetWidth) / 2;
  }, [current]);
  return nav;
}

export function Sections({ label, sections, current }: { label: string; sections: readonly SectionLink[]; current: string }) {
  const nav = useOpenInSight(current);
  return (
    <nav class="tabs sections" aria-label={label} ref={nav}>
      {sections.map((one) => <Link key={one.name} to={one.to} class="tab" current={one.name === current}>{one.label}</Link>)}
    </nav>
  );
}
