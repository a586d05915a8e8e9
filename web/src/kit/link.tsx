// A link inside the application: an ordinary one for the browser's own gestures, without a reload otherwise.

import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { go } from '../shell/route';

interface LinkProps {
  to: string;
  children: ComponentChildren;
  class?: string;
  current?: boolean;
  label?: string;
  /** While it is current, it is scrolled to. */
  intoView?: boolean;
}

export function Link({ to, children, class: className, current, label, intoView }: LinkProps) {
  const link = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    if (intoView && current) link.current?.scrollIntoView({ block: 'nearest' });
  }, [intoView, current]);
  const follow = (event: MouseEvent) => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(to);
  };
  return (
    <a ref={link} href={to} class={className} aria-current={current ? 'page' : undefined} aria-label={label} onClick={follow}>
      {children}
    </a>
  );
}
