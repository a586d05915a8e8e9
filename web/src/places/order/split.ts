// An order in two: what passes now, and the rest for an order of its own.

import { money, moneyTyped } from '../../words/format';
import { isBlank, type Line, type OrderDraft } from './draft';

/** Quantities have three decimals, amounts as many at most. */
const DECIMALS = 3;
const ONE = 10n ** BigInt(DECIMALS);

function units(text: string): bigint {
  const [whole = '0', rest = ''] = text.split('.');
  return BigInt(whole + rest.slice(0, DECIMALS).padEnd(DECIMALS, '0'));
}

function shown(quantity: bigint): string {
  const rest = (quantity % ONE).toString().padStart(DECIMALS, '0').replace(/0+$/, '');
  return money(`${quantity / ONE}${rest && `.${rest}`}`);
}

/** Of every line the share that is allowed of the whole, whole pieces where it has whole ones; null: there is no such part. */
export function splitOf({ lines }: OrderDraft, allowed: string, total: string): { now: Line[]; rest: Line[] } | null {
  const begun = lines.filter((line) => !isBlank(line));
  if (!begun.every(({ quantity }) => /^\d+(\.\d{1,3})?$/.test(moneyTyped(quantity)))) return null;
  if (units(total) <= units(allowed)) return null;
  const parts = begun.map((line) => {
    const all = units(moneyTyped(line.quantity));
    const share = all * units(allowed) / units(total);
    const now = all % ONE === 0n ? share - share % ONE : share;
    return { line, now, rest: all - now };
  });
  const of = (which: 'now' | 'rest') => parts.filter((part) => part[which] > 0n).map((part): Line => ({ ...part.line, quantity: shown(part[which]) }));
  const now = of('now');
  return now.length ? { now, rest: of('rest') } : null;
}

/** What was split off, back in the lines that it came from. */
export function joined({ lines, rest }: OrderDraft): Line[] {
  const all = lines.filter((line) => !isBlank(line));
  for (const part of rest) {
    const at = all.findIndex((line) => line.product === part.product && line.price === part.price);
    const line = all[at];
    if (line && /^\d+(\.\d+)?$/.test(moneyTyped(line.quantity))) all[at] = { ...line, quantity: shown(units(moneyTyped(line.quantity)) + units(moneyTyped(part.quantity))) };
    else all.push(part);
  }
  return all;
}
