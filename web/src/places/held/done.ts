import type { Tone } from '../../kit/notice';
import type { Inverse } from '../../kit/undo';

/** What came of an action on an order: told above the queue, in the language chosen by then. */
export interface Done {
  tone: Tone;
  text: () => string;
  /** The order needs nothing more from this user, so its case is closed. */
  leaves: boolean;
  undo?: readonly Inverse[];
}
