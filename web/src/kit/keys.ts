// The keys that do something, told to the help sheet by the same declaration. A key is a letter, a name such as "Enter",
// two letters one after the other ("g h"), or one with the command key ("mod+k"). While something is typed only the last
// kind is heard; while a dialog is open, only the keys that the dialog declares.

import { signal } from '@preact/signals';
import { createContext } from 'preact';
import { useContext, useEffect, useRef } from 'preact/hooks';

export interface KeyUse {
  /** The first is shown; any of them does it. */
  keys: readonly string[];
  does: string;
  run: () => void;
}

interface Declared {
  layer: number;
  group: string;
  uses: () => readonly KeyUse[];
}

const SECOND_MS = 1200;
const declared = signal<readonly Declared[]>([]);

/** How deep in dialogs a component is; 0 on the page. */
export const Layer = createContext(0);
export const layerTop = signal(0);

/** For as long as the component is there. */
export function useKeys(group: string, uses: readonly KeyUse[]): void {
  const layer = useContext(Layer);
  const newest = useRef(uses);
  newest.current = uses;
  useEffect(() => {
    const mine: Declared = { layer, group, uses: () => newest.current };
    declared.value = [...declared.peek(), mine];
    return () => {
      declared.value = declared.peek().filter((one) => one !== mine);
    };
  }, [group, layer]);
}

/** What the help sheet shows, by group. */
export function keysKnown(): Map<string, KeyUse[]> {
  const known = new Map<string, KeyUse[]>();
  for (const { layer, group, uses } of declared.value) {
    if (layer === 0) known.set(group, [...known.get(group) ?? [], ...uses()]);
  }
  return known;
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !['checkbox', 'radio', 'button', 'submit'].includes(target.type);
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || target.isContentEditable;
}

/** What the key alone does where the focus is: a button is pressed, a link is followed, whatever the page would do with it. */
function isControl(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('a[href], button, summary, [role="button"]') !== null;
}

let first: { key: string; at: number } | null = null;

function pressed(event: KeyboardEvent): string[] {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  // What is typed is taken back by the browser.
  if (event.metaKey || event.ctrlKey) return event.altKey || (key === 'z' && isTyping(event.target)) ? [] : [`mod+${key}`];
  if (event.altKey || isTyping(event.target) || (key === 'Enter' && isControl(event.target))) return [];
  const before = first && event.timeStamp - first.at < SECOND_MS ? first.key : null;
  first = { key, at: event.timeStamp };
  return before ? [`${before} ${key}`, key] : [key];
}

function hear(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing || event.repeat) return;
  const here = declared.peek().filter((one) => one.layer === layerTop.peek());
  for (const key of pressed(event)) {
    // The innermost is declared last, and is asked first.
    for (const one of [...here].reverse()) {
      const use = one.uses().find((candidate) => candidate.keys.includes(key));
      if (!use) continue;
      event.preventDefault();
      first = null;
      use.run();
      return;
    }
  }
}

document.addEventListener('keydown', hear);

const isApple = /Mac|iPhone|iPad/.test(navigator.platform);
const NAMES: Readonly<Record<string, string>> = { ArrowUp: '↑', ArrowDown: '↓', ArrowLeft: '←', ArrowRight: '→', Enter: '↵', Escape: 'Esc', mod: isApple ? '⌘' : 'Ctrl' };

/** "mod+k" as the caps that one presses. */
export function caps(key: string): string[] {
  return key.split(/[+ ]/).map((cap) => NAMES[cap] ?? (cap.length === 1 ? cap.toUpperCase() : cap));
}
