/** Where workers are switched off the interface is the same, but for opening without a network. */
export function workerStart(): void {
  if (!('serviceWorker' in navigator)) return;
  addEventListener('load', () => {
    navigator.serviceWorker.register('/sw.js').catch(() => undefined);
  });
}
