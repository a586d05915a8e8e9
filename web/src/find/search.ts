// What the palette finds among the records, and where each of them leads.

import { call } from '../api/client';
import { search, type SearchHit } from '../api/types';
import { listPath } from '../list/look';
import { accountPath, type Section } from '../places/account/place';
import { orderPath } from '../places/orders/place';
import { partnerPath } from '../places/partner/place';
import { paymentPath } from '../places/receivables/place';
import { ownNumber } from '../words/called';
import { moneyIn } from '../words/format';
import { word } from '../words/words';

export type Kind = NonNullable<SearchHit['kind']>;

export interface Hit {
  id: string;
  kind: Kind;
  /** Where it leads. */
  to: string;
  label: string;
  hint: string;
}

const MOST = 12;

/** The section of an account that tells of documents of the kind. */
const SECTION_OF: Readonly<Partial<Record<Kind, Section>>> = {
  invoice: 'invoices', shipment: 'shipments', return: 'stream', credit_note: 'stream',
};

/** Null: it has no page. */
function toOf(hit: SearchHit): string | null {
  switch (hit.kind) {
    case 'account': return accountPath(hit.code ?? '');
    case 'partner': return partnerPath(hit.code ?? '');
    case 'contact': return partnerPath(hit.partner ?? '', 'people');
    case 'order': return orderPath(hit.id ?? '', hit.status);
    case 'payment': return paymentPath(hit.id ?? '');
    case 'product': return listPath('product', { find: hit.code ?? '' });
    case null: return null;
    default: return accountPath(hit.account ?? '', SECTION_OF[hit.kind]);
  }
}

function hintOf(hit: SearchHit): string {
  switch (hit.kind) {
    case 'account': return `${word('kind', 'account')} · ${hit.code} · ${hit.currency}`;
    case 'partner': return `${word('kind', 'partner')} · ${hit.code}`;
    case 'product': return `${word('kind', 'product')} · ${hit.code}`;
    case 'contact': return [hit.status, hit.partner].filter(Boolean).join(' · ');
    default: return [word('kind', hit.kind), hit.name, moneyIn(hit.amount, hit.currency)].filter(Boolean).join(' · ');
  }
}

function hitOf(hit: SearchHit): Hit[] {
  const to = toOf(hit);
  if (!to || !hit.kind) return [];
  const isNamed = hit.kind === 'account' || hit.kind === 'partner' || hit.kind === 'contact' || hit.kind === 'product';
  const isOrdered = hit.kind === 'order' || hit.kind === 'shipment';
  return [{ id: hit.id ?? '', kind: hit.kind, to, label: (isNamed || (isOrdered && !ownNumber(hit.code)) ? hit.name : hit.code) ?? hit.code ?? '', hint: [hit.value, hintOf(hit)].filter(Boolean).join(' · ') }];
}

export async function find(text: string, abort: AbortSignal): Promise<readonly Hit[]> {
  const found = await call(search, { q: text, limit: MOST }, { abort });
  const hits = found.items.flatMap(hitOf);
  // Firms are called after people and people after firms; who types a name mostly means the firm.
  return [...hits.filter((hit) => hit.kind !== 'contact'), ...hits.filter((hit) => hit.kind === 'contact')];
}
