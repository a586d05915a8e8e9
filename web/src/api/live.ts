// What is on the screen follows what others do: it is read again when the page is looked at again, when the network is
// back, and every minute meanwhile.

import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';

const QUIET_MS = 60_000;
/** Coming back at once is no reason to read everything again. */
const SETTLED_MS = 5_000;

const pulse = signal(0);
let last = Date.now();

function beat(): void {
  if (document.visibilityState !== 'visible' || Date.now() - last < SETTLED_MS) return;
  last = Date.now();
  pulse.value++;
}

addEventListener('focus', beat);
addEventListener('online', beat);
document.addEventListener('visibilitychange', beat);
setInterval(beat, QUIET_MS);

/** Reads again whenever there may be news. */
export function useLive(reload: () => void): void {
  const newest = useRef(reload);
  newest.current = reload;
  useEffect(() => {
    const first = pulse.value;
    return pulse.subscribe((count) => {
      if (count !== first) newest.current();
    });
  }, []);
}
