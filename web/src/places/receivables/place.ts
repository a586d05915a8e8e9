import { address, place } from '../../shell/place';

/** In the order in which they stand on the page; the first is open where the address names none. */
export const SECTIONS = {
  aging: { en: 'Aging', zh: '账龄' },
  pace: { en: 'DSO and lateness', zh: '周转与逾期', needs: 'READ' },
  open: { en: 'Open items', zh: '未清发票' },
  promises: { en: 'Promises', zh: '付款承诺' },
  payments: { en: 'Payments', zh: '收款' },
  statement: { en: 'Statement', zh: '对账单' },
} as const;
export type Section = keyof typeof SECTIONS;

export const RECEIVABLES_PATH = '/receivables/:section?/:id?';

export const receivables = place({
  name: 'receivables', path: RECEIVABLES_PATH, icon: 'aging', nav: 40, thumb: true, key: 'r',
  title: { en: 'Receivables', zh: '应收账款' },
  sections: SECTIONS,
  load: () => import('./page'),
});

export function receivablesPath(section: Section, id?: string): string {
  return address(RECEIVABLES_PATH, { section, id: id ?? null });
}

/** What an account owes, with its entries. */
export function statementPath(account: string): string {
  return receivablesPath('statement', account);
}

export function paymentPath(payment: string): string {
  return receivablesPath('payments', payment);
}

/** The form that takes a payment, for one account when it is known. */
export function takePath(account?: string): string {
  return receivablesPath('payments', 'new') + (account ? `?account=${encodeURIComponent(account)}` : '');
}

/** Open items or promises of one account. */
export function itemsPath(section: 'open' | 'promises' | 'payments', account: string): string {
  return `${receivablesPath(section)}?account=${encodeURIComponent(account)}`;
}
