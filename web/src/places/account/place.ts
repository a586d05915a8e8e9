import { address, place } from '../../shell/place';

export const SECTIONS = ['stream', 'orders', 'shipments', 'invoices', 'decisions', 'promises', 'agreed', 'behaviour', 'people'] as const;
export type Section = (typeof SECTIONS)[number];

export const ACCOUNT_PATH = '/accounts/:account/:section?';

export const account = place({
  name: 'account', path: ACCOUNT_PATH,
  title: { en: 'Account', zh: '账户' },
  load: () => import('./page'),
});

export function accountPath(code: string, section?: Section): string {
  return address(ACCOUNT_PATH, { account: code, section: section ?? null });
}
