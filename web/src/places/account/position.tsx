// What an account owes and has ordered, as one bar against its limit, and the figures behind it.

import type { ExposureOut as Exposure } from '../../api/types';
import { barText, StackedBar } from '../../kit/bar';
import { isBound, less, limitText, money, moneyIn, size } from '../../words/format';
import { Link } from '../../kit/link';
import { itemsPath, statementPath } from '../receivables/place';
import { accountPath } from './place';
import { t } from './words';

const BUCKETS = ['receivable', 'cheque', 'shipped', 'ordered'] as const;

function Figures({ position }: { position: Exposure }) {
  const { limit, exposure, available } = position;
  // The limit may be one of a group, whose exposure is held against it.
  const shared = (position.groups ?? []).find((group) => group.account === position.limit_from);
  const held = shared?.exposure ?? exposure;
  const isOver = isBound(limit) && size(held) > size(limit);
  return (
    <dl class="position-figures">
      <div>
        <dt>{t('account.exposure')}</dt>
        <dd>{moneyIn(exposure, position.currency)}</dd>
      </div>
      <div>
        <dt>{t('account.limit')}{position.limit_from && position.limit_from !== position.account && <span class="faint"> {t('account.limit_from', { account: position.limit_from })}</span>}</dt>
        <dd>{limitText(limit)}</dd>
      </div>
      {isOver
        ? <div class="figure-bad"><dt>{t('account.over')}</dt><dd>{money(less(held, limit))}</dd>{shared && <dd class="figure-note">{t('account.group_uses', { exposure: moneyIn(shared.exposure, shared.currency) })}</dd>}</div>
        : <div><dt>{t('account.available')}</dt><dd>{money(available)}</dd>{shared && <dd class="figure-note">{t('account.group_uses', { exposure: moneyIn(shared.exposure, shared.currency) })}</dd>}</div>}
      {(position.groups ?? []).filter((group) => group.account !== position.limit_from).map((group) => (
        <div key={group.account} class={isBound(group.available) && size(group.available) < 0 ? 'figure-bad' : undefined}>
          <dt>{t('account.group_left', { account: group.account ?? '' })}</dt>
          <dd>{isBound(group.limit) ? moneyIn(group.available, group.currency) : limitText(group.limit)}</dd>
          <dd class="figure-note">{t('account.group_limit', { limit: limitText(group.limit) })}</dd>
        </div>
      ))}
      <div class={size(position.overdue) > 0 ? 'figure-bad' : undefined}>
        <dt>{t('account.overdue')}</dt>
        <dd>{money(position.overdue)}</dd>
        <dd class="figure-note">
          {size(position.overdue) > 0 ? t('account.overdue_days', { days: position.oldest_overdue_days }) : t('account.nothing_overdue')}
        </dd>
      </div>
    </dl>
  );
}

/** Where the documents are that a part is made of. */
function toOf(account: string, part: (typeof BUCKETS)[number] | 'advance'): string {
  switch (part) {
    case 'ordered': return `${accountPath(account, 'orders')}?open=1`;
    case 'shipped': return `${accountPath(account, 'shipments')}?open=1`;
    case 'receivable': return itemsPath('open', account);
    case 'cheque': return statementPath(account);
    case 'advance': return `${itemsPath('payments', account)}&rest=1`;
  }
}

/** `isShort`: on a phone, only the figures, so that what is below is in sight. */
export function Position({ position, isShort }: { position: Exposure; isShort: boolean }) {
  const account = position.account ?? '';
  const parts = BUCKETS.map((name) => ({ name, amount: position[name] }));
  return (
    <section class={`card position${isShort ? ' position-short' : ''}`} aria-label={t('account.position')}>
      <Figures position={position} />
      <StackedBar parts={parts} mark={position.limit} label={barText(position)} />
      <ul class="legend">
        {parts.map((part) => (
          <li key={part.name} class={size(part.amount) === 0 ? 'part-none' : undefined}><span class={`swatch part-${part.name}`} /><Link to={toOf(account, part.name)} class="position-part">{t(`bucket.${part.name}`)}</Link><b>{money(part.amount)}</b></li>
        ))}
        <li class={size(position.advance) === 0 ? 'part-none' : undefined}><span class="swatch part-advance" /><Link to={toOf(account, 'advance')} class="position-part">{t('bucket.advance')}</Link><b>{size(position.advance) > 0 ? `−${money(position.advance)}` : money(position.advance)}</b></li>
      </ul>
    </section>
  );
}
