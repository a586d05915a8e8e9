import { place } from '../../shell/place';

export const ACCOUNTS = '/accounts';

export const accounts = place({
  name: 'accounts', path: ACCOUNTS, icon: 'accounts', nav: 20, thumb: true, key: 'a',
  title: { en: 'Accounts', zh: '账户' },
  load: () => import('./page'),
});
