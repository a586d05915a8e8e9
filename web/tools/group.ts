// Which modules are fetched as one file. Left to itself the bundler makes a chunk of every set of entries that share a module:
// half a hundred files of half a KiB, each of which costs the page a request and a turn of its thread. A first pass finds
// who needs what; a second has every entry that needs one module of a group name all of it, so that they have the same
// entries and become one chunk. Groups that mostly the same places need are joined, for a request costs more than some
// script that is not called.

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { build, type BuildOptions, type Metafile, type Plugin } from 'esbuild';

type Outputs = Metafile['outputs'];

const PLACE = /^src\/places\/([^/]+)\/page\.tsx$/;
/** Comes with the frame, all that it needs included: what is so small, and what so many places need and is not much larger. */
const TINY = 1024;
const SMALL = 6 * 1024;
const MANY = 4;
/** As many bytes of script as a request is worth: with the processor slowed four times it holds the page's thread for 10 ms. */
const REQUEST_BYTES = 12 * 1024;

/** The place whose page an entry is. */
export function placeOf(entry: string | undefined): string | undefined {
  return PLACE.exec(entry ?? '')?.[1];
}

/** The output and all that it imports. */
export function shared(entry: string, outputs: Outputs, seen = new Set<string>()): Set<string> {
  if (seen.has(entry)) return seen;
  seen.add(entry);
  for (const one of outputs[entry]?.imports ?? []) if (one.kind === 'import-statement') shared(one.path, outputs, seen);
  return seen;
}

interface Group {
  modules: string[];
  entries: Set<string>;
  /** Those of the frame have none. */
  places: Set<string>;
  bytes: number;
}

function addAll<One>(to: Set<One>, from: Iterable<One>): void {
  for (const one of from) to.add(one);
}

/** What is won when two groups come as one: a request wherever both are needed, less what comes where it is not. */
function gain(a: Group, b: Group): number {
  const both = [...a.places].filter((place) => b.places.has(place)).length;
  return both * REQUEST_BYTES - (a.places.size - both) * b.bytes - (b.places.size - both) * a.bytes;
}

function joined(groups: Group[]): Group[] {
  const pairs = groups.flatMap((a, i) => groups.slice(i + 1).map((b) => ({ a, b, won: gain(a, b) })));
  const best = pairs.sort((one, other) => other.won - one.won)[0];
  if (!best || best.won <= 0) return groups;
  const { a, b } = best;
  a.modules.push(...b.modules);
  addAll(a.entries, b.entries);
  addAll(a.places, b.places);
  a.bytes += b.bytes;
  return joined(groups.filter((group) => group !== b));
}

/** The groups: the frame, and what the same places share. */
function groupsOf(outputs: Outputs, app: string): Group[] {
  const appFile = Object.keys(outputs).find((file) => outputs[file]?.entryPoint === app) ?? '';
  const first = shared(appFile, outputs);
  const beyond = (file: string) => [...shared(file, outputs)].filter((one) => !first.has(one));
  const reached = new Map(Object.entries(outputs).flatMap(([file, { entryPoint }]) => (
    file.endsWith('.js') && entryPoint ? [[entryPoint, shared(file, outputs)] as const] : [])));
  const groups = new Map<string, Group>();
  for (const [file, { entryPoint, inputs }] of Object.entries(outputs)) {
    if (entryPoint || !file.endsWith('.js')) continue;
    const entries = [...reached].filter(([, files]) => files.has(file)).map(([entry]) => entry);
    const places = entries.filter(placeOf);
    if (!places.length) continue;
    const weight = beyond(file).reduce((sum, one) => sum + (outputs[one]?.bytes ?? 0), 0);
    const isFrame = weight < TINY || weight < SMALL && places.length >= MANY;
    const name = isFrame ? '' : places.sort().join();
    const group = groups.get(name) ?? { modules: [], entries: new Set(isFrame ? reached.keys() : []), places: new Set(isFrame ? [] : places), bytes: 0 };
    // Those of libraries come with what uses them.
    group.modules.push(...Object.keys(inputs).filter((one) => one.startsWith('src/')));
    addAll(group.entries, entries);
    group.bytes += outputs[file]?.bytes ?? 0;
    groups.set(name, group);
  }
  return joined([...groups.values()]);
}

/** For a second pass with the same options. */
export async function grouped(options: BuildOptions, app: string): Promise<Plugin> {
  const { metafile } = await build({ ...options, metafile: true, write: false });
  const groups = groupsOf(metafile?.outputs ?? {}, app);
  const entries = new Set(groups.flatMap((group) => [...group.entries]));
  const brought = new Map([...entries].map((entry) => (
    [resolve(entry), groups.filter((group) => group.entries.has(entry)).flatMap((group) => group.modules)])));
  return {
    name: 'grouped',
    setup(pass) {
      pass.onLoad({ filter: /\.tsx?$/ }, ({ path }) => {
        const names = brought.get(path);
        if (!names) return undefined;
        const more = names.map((name) => resolve(name)).filter((name) => name !== path);
        return {
          contents: `${readFileSync(path, 'utf8')}\n${more.map((name) => `import ${JSON.stringify(name)};`).join('')}`,
          loader: path.endsWith('x') ? 'tsx' : 'ts',
        };
      });
    },
  };
}
