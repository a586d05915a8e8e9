// What a Lookup asks for: accounts, partners, products and users by part of a code or a name.

import { call } from '../api/client';
import { account_list, partner_list, product_list, search, user_list, type SearchHit } from '../api/types';
import type { Choice, Find } from '../kit/lookup';
import { money } from '../words/format';

const MOST = 12;

/** Lists compare text as it stands; people type in small letters. */
function spellings(text: string): string[] {
  const small = text.toLowerCase();
  const words = small.replace(/(^|[\s-])(\S)/g, (_, gap: string, first: string) => gap + first.toUpperCase());
  const firstOnly = small.charAt(0).toUpperCase() + small.slice(1);
  return [...new Set([text, small, words, firstOnly, text.toUpperCase()])];
}

/** The condition that any of these fields has the text in it. */
export function hasText(fields: readonly string[], typed: string): string | undefined {
  const text = typed.trim();
  if (!text) return undefined;
  const quoted = (value: string) => `"${value.replace(/["\\]/g, '\\$&')}"`;
  return fields.flatMap((field) => spellings(text).map((one) => `${field} has ${quoted(one)}`)).join(' or ');
}

function asked(fields: readonly string[], text: string, sort: string) {
  const filter = hasText(fields, text);
  return { limit: MOST, sort, ...(filter && { filter }) };
}

/** The server's search knows pinyin and words; without anything typed a list begins. */
function searched(kind: 'account' | 'partner' | 'product', text: string, abort: AbortSignal): Promise<SearchHit[]> {
  return call(search, { q: text, kind, limit: MOST }, { abort }).then((found) => found.items);
}

export const findAccount: Find = async (text, abort) => {
  if (text.trim()) {
    return (await searched('account', text, abort)).map((a): Choice => ({ value: a.code ?? '', label: a.name ?? a.code ?? '', hint: `${a.code} · ${a.currency}` }));
  }
  const page = await call(account_list, { limit: MOST, sort: 'code' }, { abort });
  return page.items.map((a): Choice => ({ value: a.code ?? '', label: a.partner_name ?? a.code ?? '', hint: `${a.code} · ${a.currency}` }));
};

export const findPartner: Find = async (text, abort) => {
  if (text.trim()) {
    return (await searched('partner', text, abort)).map((p): Choice => ({ value: p.code ?? '', label: p.name ?? '', hint: p.code ?? '' }));
  }
  const page = await call(partner_list, { limit: MOST, sort: 'code' }, { abort });
  return page.items.map((p): Choice => ({ value: p.code, label: p.name, hint: p.code }));
};

export const findProduct: Find = async (text, abort) => {
  const found = text.trim() ? await searched('product', text, abort) : null;
  if (found && !found.length) return [];
  const filter = found?.map((p) => `code eq "${(p.code ?? '').replace(/["\\]/g, '\\$&')}"`).join(' or ');
  const page = await call(product_list, { limit: MOST, sort: 'code', ...(filter && { filter }) }, { abort });
  const rank = (code: string) => found?.findIndex((one) => one.code === code) ?? 0;
  return page.items.sort((a, b) => rank(a.code) - rank(b.code))
    .map((p): Choice => ({ value: p.code, label: p.name, hint: `${p.code} · ${money(p.unit_price)}`, price: p.unit_price }));
};

export const findUser: Find = async (text, abort) => {
  const page = await call(user_list, asked(['name'], text, 'name'), { abort });
  return page.items.map((u): Choice => ({ value: u.name ?? '', label: u.name ?? '', hint: u.role ?? '' }));
};
