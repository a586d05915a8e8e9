// What the credit policy would say of the order as it stands: the exposure now and after, what speaks against it, and what
// would clear it.

import { call } from '../../api/client';
import { exposure_get, type Clear, type PreviewOut } from '../../api/types';
import { DecisionFigures, Reasons } from '../../decision/decision';
import { Button } from '../../kit/button';
import { useLoaded } from '../../kit/load';
import { ProblemNotice } from '../../kit/notice';
import { isBound, limitText, money, moneyIn, size } from '../../words/format';
import type { Preview } from './preview';
import { sentence, t } from './words';

interface JudgementProps {
  preview: Preview;
  account: string;
  currency: string | null;
  /** Makes two orders of it, the first of at most this; null: it has no such part. */
  onSplit: (most: string) => (() => void) | null;
}

function clearText(clear: Clear): string {
  const kind = clear.what === 'payment' && !clear.invoice ? 'prepayment' : clear.what;
  const values = { amount: money(clear.amount), invoice: clear.invoice_number ?? '', shipment: clear.shipment_number ?? '' };
  return sentence(`order.clear.${kind}`, values) ?? clear.text ?? '';
}

function Split({ clear, onSplit }: { clear: Clear } & Pick<JudgementProps, 'onSplit'>) {
  const split = clear.what === 'smaller_order' && clear.amount ? onSplit(clear.amount) : null;
  return split && <Button onClick={split}>{t('order.split')}</Button>;
}

function Clears({ clears, onSplit }: { clears: readonly Clear[] } & Pick<JudgementProps, 'onSplit'>) {
  if (!clears.length) return null;
  return (
    <section class="clears">
      <h3>{t('order.clears')}</h3>
      <ul>
        {clears.map((clear, i) => (
          <li key={i}><span>{clearText(clear)}</span>{clear.is_enough && <span class="badge badge-good">{t('order.enough')}</span>}<Split clear={clear} onSplit={onSplit} /></li>
        ))}
      </ul>
    </section>
  );
}

type Would = 'pass' | 'warn' | 'hold' | 'refuse' | 'none';

export function wouldOf(out: PreviewOut | null): Would {
  return out?.decision?.outcome ?? 'none';
}

const TONES: Readonly<Record<Would, string>> = { pass: 'good', warn: 'warn', hold: 'bad', refuse: 'bad', none: 'plain' };

function Verdict({ out, currency }: { out: PreviewOut; currency: string | null }) {
  const would = wouldOf(out);
  return (
    <header class={`verdict verdict-${TONES[would]}`}>
      <strong>{t(`order.would.${would}`)}</strong>
      <span class="verdict-total">{moneyIn(out.total, currency)}</span>
    </header>
  );
}

/** What is left for an order, before one is begun. */
function Left({ account }: { account: string }) {
  const found = useLoaded(`exposure ${account}`, () => call(exposure_get, { account }));
  const position = found.data;
  if (!position) return null;
  return (
    <dl class="figures">
      <div><dt>{t('order.exposure')}</dt><dd>{moneyIn(position.exposure, position.currency)}</dd></div>
      <div><dt>{t('order.limit')}</dt><dd>{limitText(position.limit)}</dd></div>
      {isBound(position.limit) && <div class={size(position.available) < 0 ? 'figure-bad' : undefined}><dt>{t('order.available')}</dt><dd>{money(position.available)}</dd></div>}
      {size(position.overdue) > 0 && <div class="figure-bad"><dt>{t('order.overdue')}</dt><dd>{money(position.overdue)}</dd></div>}
    </dl>
  );
}

export function Judgement({ preview, account, currency, onSplit }: JudgementProps) {
  const { out, problem, isOld } = preview;
  return (
    <section class="card judgement" aria-label={t('order.decision')} aria-live="polite" aria-busy={isOld}>
      {!out && !problem && account && <Left key={account} account={account} />}
      {!out && !problem && <p class="faint">{isOld ? t('order.thinking') : t(account ? 'order.begin.line' : 'order.begin')}</p>}
      {problem && ([...problem.fields.keys()].some((field) => field.startsWith('lines.')) ? <p class="bad">{t('order.check_line')}</p> : <ProblemNotice problem={problem} />)}
      {out && (
        <div class={isOld ? 'judgement-old' : undefined}>
          <Verdict out={out} currency={currency} />
          {out.decision && (
            <>
              <DecisionFigures decision={out.decision} />
              <Reasons decision={out.decision} account={account} />
            </>
          )}
          <Clears clears={out.clears} onSplit={onSplit} />
        </div>
      )}
    </section>
  );
}
