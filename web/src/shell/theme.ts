// Light, dark, or what the system says; kept in this browser.

import { effect, signal } from '@preact/signals';
import { stored, storedSet } from '../api/stored';

export type Theme = 'auto' | 'light' | 'dark';
const STORED = 'guanxi.theme';
const NEXT: Readonly<Record<Theme, Theme>> = { auto: 'light', light: 'dark', dark: 'auto' };

function themeFirst(): Theme {
  const chosen = stored(STORED);
  return chosen === 'light' || chosen === 'dark' ? chosen : 'auto';
}

export const theme = signal<Theme>(themeFirst());

export function themeNext(): void {
  theme.value = NEXT[theme.value];
  storedSet(STORED, theme.value === 'auto' ? null : theme.value);
}

/** The stylesheet reads data-theme; absent, the media query decides. */
export function themeApply(): void {
  effect(() => {
    if (theme.value === 'auto') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme.value;
  });
}
