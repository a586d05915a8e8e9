import { address, place } from '../../shell/place';

export type Section = 'orders' | 'invoices' | 'decisions' | 'promises';
export const SECTIONS: readonly Section[] = ['orders', 'invoices', 'decisions', 'promises'];

export const ACCOUNT_PATH = '/accounts/:account/:section?';

export const account = place({
  name: 'account', path: ACCOUNT_PATH,
  title: { en: 'Account', zh: '账户' },
  load: () => import('./page'),
});

export function accountPath(code: string, section?: Section): string {
  return address(ACCOUNT_PATH, { account: code, section: section ?? null });
}
