// A development build, with the page of the kit, served beside a program that runs already; rebuilt when asked for after a
// change. What begins with /api goes to the program.
//
//   dev [PORT [PROGRAM-URL]]      8081 and http://127.0.0.1:8080 when absent; port 0 picks a free one

import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { extname, join } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8', '.svg': 'image/svg+xml',
  '.png': 'image/png', '.map': 'application/json', '.webmanifest': 'application/manifest+json',
};
const OUT = 'node_modules/.cache/dev';
const port = Number(process.argv[2] ?? 8081);
const program = new URL(process.argv[3] ?? 'http://127.0.0.1:8080');
let built = 0;

function newest(folder: string): number {
  return Math.max(...readdirSync(folder, { withFileTypes: true }).map((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? newest(path) : statSync(path).mtimeMs;
  }));
}

function rebuild(): void {
  const changed = newest('src');
  if (changed <= built) return;
  execFileSync('npm', ['run', '--silent', 'bundle', '--', '--dev'], { stdio: ['ignore', 'ignore', 'inherit'] });
  built = changed;
}

function pass(from: IncomingMessage, to: ServerResponse): void {
  // The program judges by these whether a request comes from its own pages.
  const headers = { ...from.headers, host: program.host, ...(from.headers.origin && { origin: program.origin }) };
  const onward = request({ host: program.hostname, port: program.port, method: from.method, path: from.url, headers }, (reply) => {
    to.writeHead(reply.statusCode ?? 502, reply.headers);
    reply.pipe(to);
  });
  onward.on('error', (error) => {
    to.writeHead(502).end(error.message);
  });
  from.pipe(onward);
}

const server = createServer((from, to) => {
  const path = new URL(from.url ?? '/', 'http://dev').pathname;
  if (path.startsWith('/api/')) {
    pass(from, to);
    return;
  }
  const isFile = extname(path) !== '' && existsSync(join(OUT, path)) && !path.includes('..');
  try {
    if (!isFile) rebuild();
    const file = join(OUT, isFile ? path : 'index.html');
    to.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream', 'cache-control': 'no-cache' }).end(readFileSync(file));
  } catch (error) {
    to.writeHead(500).end(error instanceof Error ? error.message : 'the build failed');
  }
});
rebuild();
server.listen(port, '127.0.0.1', () => {
  const at = server.address();
  console.log(`listening on http://127.0.0.1:${typeof at === 'object' ? at?.port : port}`);
});
