// Partners to choose from, also without a network: those of the last time that the page was open with one.

import { call } from '../../api/client';
import { OWN, session } from '../../api/session';
import { stored, storedSet } from '../../api/stored';
import { partner_list } from '../../api/types';
import type { Choice, Find } from '../../kit/lookup';
import { findPartner } from '../../find/refs';

const MOST = 500;
const SHOWN = 12;

function nameOf(): string {
  return `${OWN}${session.peek()?.name ?? ''}.partners`;
}

function kept(): Choice[] {
  try {
    const list: unknown = JSON.parse(stored(nameOf()) ?? '[]');
    return Array.isArray(list) ? list as Choice[] : [];
  } catch {
    return [];
  }
}

/** For the next time without a network. */
export async function partnersKeep(): Promise<void> {
  const page = await call(partner_list, { limit: MOST, sort: 'code' });
  storedSet(nameOf(), JSON.stringify(page.items.map((p): Choice => ({ value: p.code, label: p.name, hint: p.code }))));
}

export const findPartnerAnywhere: Find = async (text, abort) => {
  if (navigator.onLine) return findPartner(text, abort);
  const wanted = text.trim().toLowerCase();
  return kept().filter((one) => one.label.toLowerCase().includes(wanted) || one.value.toLowerCase().includes(wanted)).slice(0, SHOWN);
};
