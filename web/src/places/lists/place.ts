import { place } from '../../shell/place';

export const LISTS_PATH = '/lists/:list?';

export const lists = place({
  name: 'lists', path: LISTS_PATH, icon: 'list', nav: 60, key: 'l',
  title: { en: 'Lists', zh: '列表' },
  load: () => import('./page'),
});
