import type { ComponentChildren } from 'preact';

interface ButtonProps {
  children: ComponentChildren;
  onClick?: () => void;
  kind?: 'primary' | 'plain' | 'quiet' | 'danger';
  submit?: boolean;
  busy?: boolean;
  pressed?: boolean;
  expanded?: boolean;
  label?: string;
}

export function Button({ children, onClick, kind = 'plain', submit, busy, pressed, expanded, label }: ButtonProps) {
  return (
    <button
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
