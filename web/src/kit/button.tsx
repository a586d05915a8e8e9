import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

interface ButtonProps {
  children: ComponentChildren;
  onClick?: () => void;
  kind?: 'primary' | 'plain' | 'quiet' | 'danger';
  submit?: boolean;
  busy?: boolean;
  pressed?: boolean;
  expanded?: boolean;
  label?: string;
  /** Takes the focus when it appears, as what one would do next. */
  focus?: boolean;
}

export function Button({ children, onClick, kind = 'plain', submit, busy, pressed, expanded, label, focus }: ButtonProps) {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (focus) button.current?.focus();
  }, []);
  return (
    <button
      ref={button}
      type={submit ? 'submit' : 'button'}
      class={`button button-${kind}`}
      disabled={busy}
      aria-pressed={pressed}
      aria-expanded={expanded}
      aria-label={label}
      onClick={onClick}
    >
      {children}
    </button>
  );
}
