// How much waits for this person, for the badge beside the name of the place; null until it was looked at.

import { signal } from '@preact/signals';

export const todayCount = signal<string | null>(null);
