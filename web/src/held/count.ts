// How many orders wait in the queue, for the badge beside its name; null until someone has looked.

import { signal } from '@preact/signals';

export const heldCount = signal<number | null>(null);
