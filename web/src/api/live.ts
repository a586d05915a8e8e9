// What is on the screen follows what others do: the server tells of it as it happens. Where its events do not come, and
// for what no event tells (a new day), it is read again when the page is looked at again, when the network is back, and
// every minute meanwhile.

import { useEffect, useRef } from 'preact/hooks';
import { news_get, type NewsOut } from './types';

const QUIET_MS = 60_000;
/** Coming back at once is no reason to read everything again. */
const SETTLED_MS = 5_000;
/** A busy firm writes all the time; a page is read again no more often. */
const GAP_MS = 2_000;
/** After events failed to come. */
const AGAIN_MS = 10_000;

type Listener = (accounts: readonly string[] | null) => void;

const listeners = new Set<Listener>();
let last = Date.now();
let source: EventSource | null = null;
let again = 0;

/** `accounts`: those that something was done to, none when it was done to none; null: nobody knows. */
function tell(accounts: readonly string[] | null): void {
  for (const listener of [...listeners]) listener(accounts);
}

function beat(): void {
  if (document.visibilityState !== 'visible' || Date.now() - last < SETTLED_MS) return;
  last = Date.now();
  tell(null);
}

/** Also before one signs out: the browser would ask again, as nobody. */
export function liveClose(): void {
  clearTimeout(again);
  source?.close();
  source = null;
}

/** Only for what somebody looks at: a browser has few connections to one server, and each page that hangs takes one. */
function open(): void {
  clearTimeout(again);
  if (source || !listeners.size || document.visibilityState !== 'visible' || !navigator.onLine) return;
  const opened = new EventSource(`/api/v1${news_get.path}`);
  let isOpen = false;
  source = opened;
  opened.onopen = () => (isOpen = true);
  opened.onmessage = (event: MessageEvent<string>) => {
    const news = JSON.parse(event.data) as NewsOut;
    if (news.changed.length) tell(news.accounts);
  };
  // Each event is an answer of its own, whose end is told as an error as well; behind it the browser asks for the next.
  opened.onerror = () => {
    if (isOpen && opened.readyState !== EventSource.CLOSED) {
      isOpen = false;
      return;
    }
    liveClose();
    again = window.setTimeout(() => {
      open();
      // Nobody tells again what was done while nobody listened.
      tell(null);
    }, AGAIN_MS);
  };
}

function look(): void {
  if (document.visibilityState === 'visible') open();
  else liveClose();
  beat();
}

addEventListener('focus', beat);
addEventListener('online', look);
addEventListener('offline', liveClose);
document.addEventListener('visibilitychange', look);
setInterval(beat, QUIET_MS);

/** Reads again when there is news; with an account, when there is news of it. */
export function useLive(reload: () => void, account?: string): void {
  const newest = useRef({ reload, account });
  newest.current = { reload, account };
  useEffect(() => {
    let timer = 0;
    let read = 0;
    const listener: Listener = (accounts) => {
      const about = newest.current.account;
      if (timer || (accounts?.length && about !== undefined && !accounts.includes(about))) return;
      timer = window.setTimeout(() => {
        timer = 0;
        read = Date.now();
        newest.current.reload();
      }, Math.max(0, read + GAP_MS - Date.now()));
    };
    listeners.add(listener);
    open();
    return () => {
      listeners.delete(listener);
      clearTimeout(timer);
      if (!listeners.size) liveClose();
    };
  }, []);
}
