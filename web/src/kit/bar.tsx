// Exposure against its limit. The scale runs to whichever is larger, so a bar that passes its limit shows by how much.

import { isBound, less, limitText, money, percent, size, type Maybe } from '../words/format';
import { t } from '../words/words';

interface BarProps {
  exposure: Maybe;
  limit: Maybe;
}

const WATCH_PERCENT = 90;

export function barText({ exposure, limit }: BarProps): string {
  if (!limit) return t('bar.no_limit', { exposure: money(exposure) });
  if (limit === 'unlimited') return t('bar.unlimited', { exposure: money(exposure) });
  const values = { exposure: money(exposure), limit: limitText(limit) };
  if (size(exposure) > size(limit)) return t('bar.over', { ...values, over: money(less(exposure, limit)) });
  return t('bar.within', { ...values, percent: percent(size(exposure), size(limit)) });
}

export function ExposureBar({ exposure, limit }: BarProps) {
  const used = Math.max(0, size(exposure));
  const isBounded = isBound(limit);
  const ceiling = isBounded ? size(limit) : 0;
  const scale = Math.max(used, ceiling, 1);
  const over = isBounded ? Math.max(0, used - ceiling) : 0;
  const share = percent(used, ceiling);
  const tone = isBounded ? (share > WATCH_PERCENT ? 'watch' : 'calm') : 'unset';
  if (limit === 'unlimited') return <div class="bar bar-open" role="img" aria-label={barText({ exposure, limit })} />;
  return (
    <div class="bar" role="img" aria-label={barText({ exposure, limit })}>
      <span class={`bar-part bar-${tone}`} style={{ width: `${percent(used - over, scale)}%` }} />
      {over > 0 && <span class="bar-part bar-over" style={{ width: `${percent(over, scale)}%` }} />}
    </div>
  );
}

export interface Part {
  name: string;
  amount: Maybe;
}

/** The parts of a whole side by side; `mark` draws a line at an amount, such as the limit. */
export function StackedBar({ parts, mark, label }: { parts: readonly Part[]; mark?: Maybe; label: string }) {
  const sum = parts.reduce((total, part) => total + Math.max(0, size(part.amount)), 0);
  const at = isBound(mark) ? size(mark) : 0;
  const scale = Math.max(sum, at, 1);
  return (
    <div class="stack" role="img" aria-label={label}>
      {parts.map((part) => (
        <span key={part.name} class={`stack-part part-${part.name}`} style={{ width: `${percent(Math.max(0, size(part.amount)), scale)}%` }} />
      ))}
      {at > 0 && <span class="stack-mark" style={{ left: `${percent(at, scale)}%` }} />}
    </div>
  );
}
