// Keeps the frame of the interface and the page for visit notes, so that both open without a network. Nothing of the
// records is kept: what the server answers under /api passes by untouched.

/** Written in by tools/build.ts. */
declare const SHELL_FILES: readonly string[];
declare const SHELL_VERSION: string;

const scope = self as unknown as ServiceWorkerGlobalScope;
const CACHE = `shell ${SHELL_VERSION}`;
/** A name with the hash of its content never changes its meaning. */
const BY_CONTENT = /^\/[\w.-]+-[A-Z0-9]{8}\.(js|css)$/;

async function keepShell(): Promise<void> {
  const cache = await caches.open(CACHE);
  await cache.addAll([...SHELL_FILES]);
  await scope.skipWaiting();
}

async function dropOlder(): Promise<void> {
  for (const name of await caches.keys()) if (name !== CACHE) await caches.delete(name);
  await scope.clients.claim();
}

/** The newest while there is a network, else the one that was kept. */
async function newest(request: Request, kept: string): Promise<Response> {
  try {
    return await fetch(request);
  } catch {
    return await caches.match(kept) ?? Response.error();
  }
}

async function asset(request: Request): Promise<Response> {
  const kept = await caches.match(request);
  if (kept) return kept;
  const reply = await fetch(request);
  if (reply.ok) await (await caches.open(CACHE)).put(request, reply.clone());
  return reply;
}

scope.addEventListener('install', (event) => event.waitUntil(keepShell()));
scope.addEventListener('activate', (event) => event.waitUntil(dropOlder()));
scope.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== scope.location.origin || url.pathname.startsWith('/api/')) return;
  if (BY_CONTENT.test(url.pathname)) event.respondWith(asset(request));
  else if (request.mode === 'navigate') event.respondWith(newest(request, '/'));
  else if (SHELL_FILES.includes(url.pathname)) event.respondWith(newest(request, url.pathname));
});
