import { place } from '../../shell/place';
import { todayCount } from './count';

export const TODAY = '/today';

export const today = place({
  name: 'today', path: TODAY, icon: 'today', nav: 10, thumb: true, key: 't', count: todayCount, needs: 'READ',
  title: { en: 'Today', zh: '今日' },
  load: () => import('./page'),
});
