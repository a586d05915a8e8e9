import { place } from '../../shell/place';

export const partners = place({
  name: 'partners', path: '/partners', icon: 'partners', nav: 15, key: 'd',
  title: { en: 'Partners', zh: '伙伴' },
  load: () => import('./page'),
});
