// Light, dark, or what the system says, and how closely things stand; kept in this browser.

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

const STORED_DENSE = 'guanxi.dense';

/** Rows close together, for who looks at many. */
export const dense = signal(stored(STORED_DENSE) === '1');

export function denseToggle(): void {
  dense.value = !dense.value;
  storedSet(STORED_DENSE, dense.value ? '1' : null);
}

/** The stylesheet reads data-theme and data-dense; without the first, the media query decides. */
export function appearanceApply(): void {
  const { dataset } = document.documentElement;
  effect(() => {
    if (theme.value === 'auto') delete dataset.theme;
    else dataset.theme = theme.value;
  });
  effect(() => {
    if (dense.value) dataset.dense = '';
    else delete dataset.dense;
  });
}
