// The caps that one presses, beside what they do. On a screen that is touched there are none.

import { caps } from './keys';

export function Cap({ of }: { of: string }) {
  return <span class="caps" aria-hidden="true">{caps(of).map((cap) => <kbd key={cap}>{cap}</kbd>)}</span>;
}
