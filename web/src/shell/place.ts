// What a place declares of itself, in the place.ts of its folder: where it is, what it is called, and how its page is
// loaded. The frame, the palette and the help sheet read these; nothing about a place is written a second time.

import type { ReadonlySignal } from '@preact/signals';
import type { ComponentType } from 'preact';
import type { Session } from '../api/types';
import type { IconName } from '../kit/icon';
import type { Both } from '../words/words';

/** `/held/:order?` has an `order`, which may be missing. */
type Part<S extends string> = S extends `:${infer Name}?` ? Record<Name, string | null>
  : S extends `:${infer Name}` ? Record<Name, string> : unknown;
type Parts<S extends string> = S extends `${infer Head}/${infer Rest}` ? Part<Head> & Parts<Rest> : Part<S>;

/** What the page at a path is given. */
export type At<Path extends string> = { [K in keyof Parts<Path>]: Parts<Path>[K] };

type Filled<Path extends string> = { [K in keyof At<Path>]?: string | null };

export interface PlaceOf<Path extends string> {
  /** That of its folder; its scripts are found by it. */
  name: string;
  path: Path;
  title: Both;
  icon?: IconName;
  /** Where it stands in the frame's list of places, ascending; absent: not there. */
  nav?: number;
  /** At the thumb on a phone, as long as there is room: the first five that somebody has. */
  thumb?: boolean;
  /** The key after `g` that leads here. */
  key?: string;
  /** A permission without which it is not offered. */
  needs?: string;
  /** What its address may name behind the place itself, each found by the palette as well. */
  sections?: Readonly<Record<string, Both & { needs?: string }>>;
  /** Stands beside its name. */
  count?: ReadonlySignal<string | null>;
  load: () => Promise<{ default: ComponentType<At<Path>> }>;
}

/** A place as the list holds it: what its page takes is between its path and its page. */
export interface Place extends Omit<PlaceOf<string>, 'load'> {
  load: () => Promise<{ default: ComponentType<Record<string, string | null>> }>;
}

export function place<const Path extends string>(declared: PlaceOf<Path>): PlaceOf<Path> & Place {
  // The parts of the address that match() finds are those that the path names.
  return declared as unknown as PlaceOf<Path> & Place;
}

export function mayEnter(one: Place, who: Session): boolean {
  return !one.needs || who.permissions.includes(one.needs);
}

/** The names of the sections that somebody may enter, in their order. */
export function sectionsOffered<Name extends string>(sections: Readonly<Record<Name, Both & { needs?: string }>>, may: (permission: string) => boolean): Name[] {
  return (Object.keys(sections) as Name[]).filter((name) => !sections[name].needs || may(sections[name].needs ?? ''));
}

/** The address of a path with its parts filled in. */
export function address<Path extends string>(pattern: Path, filled: Filled<Path>): string {
  const values = filled as Readonly<Record<string, string | null | undefined>>;
  const parts = pattern.split('/').map((part) => {
    if (!part.startsWith(':')) return part;
    const value = values[part.slice(1).replace('?', '')];
    return value ? encodeURIComponent(value) : null;
  });
  const end = parts.indexOf(null);
  return (end < 0 ? parts : parts.slice(0, end)).join('/') || '/';
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The parts of an address that a path names; null when it is not of that path. */
export function match(pattern: string, pathname: string): Record<string, string | null> | null {
  const wanted = pattern.split('/').filter(Boolean);
  const given = pathname.split('/').filter(Boolean).map(decoded);
  if (given.length > wanted.length) return null;
  const found: Record<string, string | null> = {};
  for (const [i, part] of wanted.entries()) {
    const value = given[i] ?? null;
    if (part.startsWith(':')) {
      if (value === null && !part.endsWith('?')) return null;
      found[part.slice(1).replace('?', '')] = value;
    } else if (value !== part) {
      return null;
    }
  }
  return found;
}
