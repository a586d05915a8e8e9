// A button that opens a short list of things to do or to choose.

import type { ComponentChildren } from 'preact';
import { useEffect, useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Icon, type IconName } from './icon';

export interface MenuItem {
  label: string;
  run: () => void;
  icon?: IconName;
  /** Present: one of several to choose from. */
  chosen?: boolean;
  danger?: boolean;
  disabled?: boolean;
}

interface MenuProps {
  label: string;
  items: readonly MenuItem[];
  /** Instead of three dots. */
  children?: ComponentChildren;
  class?: string;
}

function Items({ items, id, onClose }: { items: readonly MenuItem[]; id: string; onClose: () => void }) {
  const list = useRef<HTMLUListElement>(null);
  const buttons = () => [...list.current?.querySelectorAll<HTMLElement>('button:not(:disabled)') ?? []];
  useLayoutEffect(() => {
    // It opens to the left of its button, unless the screen ends there.
    if (list.current && list.current.getBoundingClientRect().left < 0) list.current.classList.add('menu-right');
    buttons()[0]?.focus();
  }, []);
  const step = (by: number) => {
    const all = buttons();
    const at = all.findIndex((one) => one === document.activeElement);
    all[(at + by + all.length) % all.length]?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') step(1);
    else if (event.key === 'ArrowUp') step(-1);
    else if (event.key === 'Home') buttons()[0]?.focus();
    else if (event.key === 'End') buttons().at(-1)?.focus();
    else if (event.key === 'Escape' || event.key === 'Tab') onClose();
    else return;
    if (event.key !== 'Tab') event.preventDefault();
    event.stopPropagation();
  };
  return (
    <ul ref={list} class="menu-items" role="menu" id={id} onKeyDown={onKeyDown}>
      {items.map((item) => (
        <li key={item.label} role="none">
          <button
            type="button" role={item.chosen === undefined ? 'menuitem' : 'menuitemradio'} aria-checked={item.chosen} tabIndex={-1}
            class={`menu-item${item.danger ? ' menu-danger' : ''}`} disabled={item.disabled}
            onClick={() => {
              onClose();
              item.run();
            }}
          >
            {item.icon && <Icon name={item.icon} />}
            <span>{item.label}</span>
            {item.chosen && <Icon name="check" />}
          </button>
        </li>
      ))}
    </ul>
  );
}

export function Menu({ label, items, children, class: className = 'icon-button' }: MenuProps) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!open) return;
    const away = (event: Event) => {
      if (!root.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener('pointerdown', away);
    return () => document.removeEventListener('pointerdown', away);
  }, [open]);
  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  return (
    <div class="menu" ref={root}>
      <button ref={button} type="button" class={className} aria-haspopup="menu" aria-expanded={open} aria-controls={open ? id : undefined}
        aria-label={label} onClick={() => setOpen(!open)}>
        {children ?? <Icon name="more" />}
      </button>
      {open && <Items items={items} id={id} onClose={close} />}
    </div>
  );
}
