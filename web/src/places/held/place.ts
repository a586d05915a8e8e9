import { address, place } from '../../shell/place';
import { heldCount } from './count';

export const HELD = '/held';

export const HELD_PATH = '/held/:order?';

export const held = place({
  name: 'held', path: HELD_PATH, icon: 'held', nav: 30, thumb: true, key: 'h', count: heldCount,
  title: { en: 'Held orders', zh: '暂扣订单' },
  load: () => import('./page'),
});

/** Its case with the form that asks for a release. */
export function askPath(order: string): string {
  return `${heldPath(order)}?act=ask`;
}

export function heldPath(order: string): string {
  return address(HELD_PATH, { order });
}
