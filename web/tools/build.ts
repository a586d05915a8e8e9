// Builds the interface into dist/ (with --dev elsewhere, out of the program's way): the frame and what it needs at once, and
// for each place its scripts, which are fetched when the place is entered. There is one sheet, to which a place adds
// places/NAME/NAME.css: a sheet of its own would cost the browser a request and a second look at all styles, and those of all
// places are 6 KiB. Files are named by their content, so that a browser may keep them; only index.html and the worker, which
// name the others, keep their names. A budget that is passed fails the build.
//
//   build [--dev]      with --dev: readable, with maps, and with the page of the kit

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build, type BuildOptions, type Metafile, type Plugin } from 'esbuild';
import { grouped, placeOf, shared } from './group';

const FIRST_LOAD_KIB = 120;
const CHUNK_KIB = 60;
/** Drawn with a library of its own, which only pages with charts fetch. */
const CHART_KIB = 220;
const AS_IS: readonly string[] = ['icon.svg', 'icon-192.png', 'icon-512.png', 'manifest.webmanifest'];
const APP = 'src/app.tsx';
const SHEET = 'src/app.css';
const isDev = process.argv.includes('--dev');
const OUT = isDev ? 'node_modules/.cache/dev' : 'dist';

type Outputs = Metafile['outputs'];

function zipped(files: Iterable<string>): number {
  let sum = 0;
  for (const file of files) sum += gzipSync(readFileSync(file)).length;
  return sum / 1024;
}

function served(file: string): string {
  return `/${basename(file)}`;
}

interface Built {
  outputs: Outputs;
  app: string;
  sheet: string;
}

/** Adds the sheets of the places to that of the frame. */
const dressed: Plugin = {
  name: 'dressed',
  setup(pass) {
    const places = readdirSync('src/places').filter((name) => (isDev || name !== 'kit') && existsSync(`src/places/${name}/${name}.css`));
    pass.onLoad({ filter: /[/]src[/]app[.]css$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8') + places.map((name) => `@import "./places/${name}/${name}.css";\n`).join(''),
      loader: 'css',
    }));
  },
};

async function bundle(): Promise<Built> {
  const options: BuildOptions = {
    entryPoints: [APP, { in: SHEET, out: 'sheet' }],
    bundle: true,
    splitting: true,
    format: 'esm',
    target: 'es2022',
    outdir: OUT,
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    minify: !isDev,
    sourcemap: isDev,
    define: { DEV: String(isDev) },
    logLevel: 'warning',
  };
  const plugins = [dressed, await grouped(options, APP)];
  const { outputs } = (await build({ ...options, plugins, metafile: true })).metafile;
  const of = (source: string) => {
    const file = Object.keys(outputs).find((one) => outputs[one]?.entryPoint === source);
    if (!file) throw new Error(`nothing was made of ${source}`);
    return file;
  };
  return { outputs, app: of(APP), sheet: of(SHEET) };
}

/** Throws, with the sizes, when a part is heavier than it may be. */
function weigh({ outputs, app, sheet }: Built): void {
  const first = shared(app, outputs);
  const firstLoad = zipped([...first, sheet, `${OUT}/index.html`]);
  const heavy: string[] = [];
  if (firstLoad > FIRST_LOAD_KIB) heavy.push(`the first load is ${firstLoad.toFixed(1)} KiB; it may be ${FIRST_LOAD_KIB}`);
  for (const [file, { entryPoint }] of Object.entries(outputs)) {
    if (!entryPoint || !file.endsWith('.js') || file === app) continue;
    const size = zipped([...shared(file, outputs)].filter((one) => !first.has(one)));
    const most = entryPoint.startsWith('src/chart/') ? CHART_KIB : CHUNK_KIB;
    if (size > most) heavy.push(`${entryPoint} is ${size.toFixed(1)} KiB; it may be ${most}`);
    if (isDev) console.log(`${size.toFixed(1).padStart(6)} KiB  ${entryPoint}`);
  }
  if (isDev) console.log(`${firstLoad.toFixed(1).padStart(6)} KiB  first load`);
  else if (heavy.length) throw new Error(`heavier than the budget:\n  ${heavy.join('\n  ')}`);
}

function page({ outputs, app, sheet }: Built): string {
  const first = shared(app, outputs);
  const scripts = Object.entries(outputs).flatMap(([file, { entryPoint }]) => {
    const name = placeOf(entryPoint);
    const own = name ? [...shared(file, outputs)].filter((one) => !first.has(one)) : [];
    return name ? [`    <meta name="scripts-${name}" content="${own.map(served).join(' ')}">\n`] : [];
  });
  const ahead = [...first].filter((file) => file !== app).map((file) => `    <link rel="modulepreload" href="${served(file)}">\n`);
  return readFileSync('index.html', 'utf8')
    .replace('/app.css', served(sheet))
    .replace('/app.js', served(app))
    .replace('  </head>', `${ahead.join('')}${scripts.join('')}  </head>`);
}

/** The worker keeps the frame of the interface and the page that works without a network; what it keeps has a name that
 * changes with it. */
async function worker({ outputs, app, sheet }: Built): Promise<void> {
  const visit = Object.keys(outputs).find((file) => outputs[file]?.entryPoint === 'src/places/visit/page.tsx');
  if (!visit) throw new Error('the page for visit notes is missing');
  const scripts = new Set([...shared(app, outputs), ...shared(visit, outputs)]);
  const files = ['/', ...[...scripts, sheet].map(served), '/icon.svg', '/manifest.webmanifest'];
  const version = createHash('sha256').update(readFileSync(`${OUT}/index.html`)).digest('hex').slice(0, 12);
  await build({
    entryPoints: ['src/worker/sw.ts'],
    bundle: true,
    format: 'iife',
    target: 'es2022',
    outdir: OUT,
    minify: !isDev,
    define: { SHELL_FILES: JSON.stringify(files), SHELL_VERSION: JSON.stringify(version) },
    logLevel: 'warning',
  });
}

async function main(): Promise<void> {
  rmSync(OUT, { recursive: true, force: true });
  mkdirSync(OUT, { recursive: true });
  const built = await bundle();
  writeFileSync(`${OUT}/index.html`, page(built));
  for (const file of AS_IS) writeFileSync(`${OUT}/${file}`, readFileSync(file));
  await worker(built);
  weigh(built);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
