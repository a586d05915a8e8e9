// What an order is called. One that came without a number of its own has its id for one, which nobody can say or remember:
// it is called after its day and its amount. Invoices and credit notes are ours, and are called by what stands on them.

import { day, moneyIn } from './format';
import { t } from './words';

/** The server keeps codes and numbers of this shape for ids. */
const ID = /^[A-Z][0-9A-HJKMNP-TV-Z]{13}$/;

/** Its own number; '' where it has none. */
export function ownNumber(number: string | null | undefined): string {
  return !number || ID.test(number) ? '' : number;
}

interface Called {
  number?: string | null;
  /** Not known everywhere. */
  on?: string | null;
  amount: string | null | undefined;
  currency: string | null | undefined;
}

/** Not broken between two lines. */
function sumOf(amount: Called['amount'], currency: Called['currency']): string {
  return moneyIn(amount, currency).replaceAll(' ', '\u00a0');
}

/** As it stands in a sentence behind the word "order". */
export function calledThere({ number, on, amount, currency }: Called): string {
  const sum = sumOf(amount, currency);
  return ownNumber(number) || (on ? t('order.of', { day: day(on), amount: sum }) : t('order.of.amount', { amount: sum }));
}

/** As it stands by itself. */
export function calledAlone({ number, on, amount, currency }: Called): string {
  return ownNumber(number) || t('order.of.alone', { day: day(on), amount: sumOf(amount, currency) });
}
