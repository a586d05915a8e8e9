// Everything that happened with a partner, latest first, by month; narrowed to one kind by the address.

import { call } from '../api/client';
import { partner_stream, type StreamItem } from '../api/types';
import { Badge } from '../kit/badge';
import { Field } from '../kit/field';
import { Link } from '../kit/link';
import { Load, More, useLivePages } from '../kit/load';
import { Empty } from '../kit/notice';
import { orderPath } from '../places/orders/place';
import { paymentPath } from '../places/receivables/place';
import { queryGet, querySet } from '../shell/route';
import { monthOf } from '../words/days';
import { day, limitText, moneyIn, monthName } from '../words/format';
import { ownNumber } from '../words/called';
import { lang, word } from '../words/words';
import { sentence, t } from './words';

const PAGE_ROWS = 50;

const KINDS = ['order', 'decision', 'shipment', 'return', 'invoice', 'credit_note', 'write_off', 'payment', 'refund', 'promise', 'release', 'limit', 'activity', 'contact'] as const;
type Kind = (typeof KINDS)[number];

interface Of {
  partner: string;
  /** Only its own documents, and what is of the partner itself. */
  account?: string;
}

/** What is of an order, or of goods: the number that people gave it, or none. */
const UNNUMBERED: readonly string[] = ['order', 'decision', 'shipment', 'release'];

function titleOf(item: StreamItem): string {
  const number = UNNUMBERED.includes(item.kind ?? '') ? ownNumber(item.number) : item.number ?? '';
  const values = { number, what: item.what ?? '', due: day(item.on) };
  switch (item.kind) {
    case 'decision': return sentence(number ? 'stream.one.decision' : 'stream.one.decision.bare', { gate: word('gate', item.what), number: values.number }) ?? '';
    case 'limit': return sentence(`stream.limit.${item.what}`) ?? item.what ?? '';
    case 'activity': return sentence(`stream.activity.${item.what}`) ?? item.what ?? '';
    default: return (sentence(`stream.one.${item.kind}`, values) ?? `${item.kind} ${values.number}`).trim();
  }
}

function toOf(item: StreamItem): string | null {
  if (item.kind === 'payment') return paymentPath(item.id ?? '');
  if (item.kind === 'order') return orderPath(item.id ?? '', item.status);
  // What a decision and a release are called by is the order that they are about.
  if (item.kind === 'shipment' && item.order) return orderPath(item.order);
  if ((item.kind === 'decision' || item.kind === 'release') && item.number) return orderPath(item.number);
  return null;
}

function amountOf(item: StreamItem): string {
  if (item.kind === 'limit' && !item.amount) return limitText(item.what === 'unlimited' ? 'unlimited' : null);
  return item.amount ? moneyIn(item.amount, item.currency) : '';
}

/** A status that says no more than that it is so needs no word. */
const PLAIN = ['posted', 'in_force', 'settled'];

function Happening({ item, hasAccounts }: { item: StreamItem; hasAccounts: boolean }) {
  const to = toOf(item);
  const title = titleOf(item);
  const status = item.status && !PLAIN.includes(item.status) ? item.status : null;
  const told = [item.kind === 'promise' ? null : item.on && day(item.on), item.by, hasAccounts ? item.account : null].filter(Boolean).join(' · ');
  return (
    <li class={`happening happening-${item.kind}`}>
      <span class="happening-mark" aria-hidden="true" />
      <div class="happening-what">
        <p>{to ? <Link to={to}>{title}</Link> : <span>{title}</span>} <Badge group={item.kind === 'decision' ? 'outcome' : 'status'} value={status} /></p>
        <p class="faint">{told}</p>
        {item.note && <p class="happening-note">{item.note}</p>}
        {item.kind === 'activity' && item.number && <p class="happening-note">{t('stream.next_step', { step: item.number })}</p>}
      </div>
      <span class="happening-amount figure">{amountOf(item)}</span>
    </li>
  );
}

/** What has no day of its own stands with what was recorded next after it. */
function byMonth(items: readonly StreamItem[]): [month: string, items: StreamItem[]][] {
  const months: [string, StreamItem[]][] = [];
  for (const item of items) {
    const month = item.on && item.kind !== 'promise' ? monthOf(item.on) : months.at(-1)?.[0] ?? '';
    const last = months.at(-1);
    if (last && last[0] === month) last[1].push(item);
    else months.push([month, [item]]);
  }
  return months;
}

/** One field and no row of buttons, which would look like the sections of the page above it and name half of them again. */
function Kinds({ chosen }: { chosen: Kind | null }) {
  return (
    <div class="stream-kinds">
      <Field label={t('stream.kinds')} value={chosen ?? ''} onInput={(kind) => querySet({ kind: kind || null })}
        options={[{ value: '', label: t('stream.all') }, ...KINDS.map((kind) => ({ value: kind, label: t(`stream.kind.${kind}`) }))]} />
    </div>
  );
}

export function Stream({ partner, account }: Of) {
  const asked = queryGet('kind');
  const kind = KINDS.find((one) => one === asked) ?? null;
  const pages = useLivePages(`stream ${partner} ${account} ${kind}`, (cursor) => call(partner_stream, {
    partner, limit: PAGE_ROWS, ...(account && { account }), ...(kind && { kind }), ...(cursor && { cursor }),
  }), account || undefined);
  return (
    <section class="stream" aria-label={t('stream.title')}>
      <Kinds chosen={kind} />
      <Load of={pages} rows={8}>
        {(items) => items.length ? byMonth(items).map(([month, of], i) => (
          <div key={`${month} ${i}`} class="stream-month">
            {month && <h3>{monthName(month, lang.value)}</h3>}
            <ol>{of.map((item) => <Happening key={item.id} item={item} hasAccounts={!account} />)}</ol>
          </div>
        )) : <Empty title={t('stream.empty')} hint={t('stream.empty.hint')} />}
      </Load>
      <More of={pages} />
    </section>
  );
}
