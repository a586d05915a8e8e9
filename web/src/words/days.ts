// Days apart and days on, on dates as the server writes them.

const DAY_MS = 86_400_000;

function noon(date: string): number {
  return Date.parse(`${date}T12:00:00Z`);
}

/** How many days `to` lies after `from`; negative before it. */
export function daysBetween(from: string, to: string): number {
  return Math.round((noon(to) - noon(from)) / DAY_MS);
}

export function dayPlus(date: string, days: number): string {
  return new Date(noon(date) + days * DAY_MS).toISOString().slice(0, 10);
}

/** How far ahead a promise to pay is proposed; whoever takes it says another day if one was agreed. */
export const PROMISE_DAYS = 7;

/** "2025-06-09" to "2025-06". */
export function monthOf(date: string): string {
  return date.slice(0, 7);
}

export function monthAfter(month: string): string {
  return monthOf(dayPlus(`${month}-28`, 7));
}
