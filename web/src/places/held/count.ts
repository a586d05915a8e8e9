// How many orders wait in the queue, for the badge beside its name; null until someone has looked,
// with a plus when there are more than were read.

import { signal } from '@preact/signals';

export const heldCount = signal<string | null>(null);
