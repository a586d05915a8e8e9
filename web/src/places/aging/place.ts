import { place } from '../../shell/place';

export const AGING = '/aging';

export const aging = place({
  name: 'aging', path: AGING, icon: 'aging', nav: 40, key: 'r',
  title: { en: 'Aging', zh: '账龄' },
  load: () => import('./page'),
});
