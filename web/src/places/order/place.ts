import { address, place } from '../../shell/place';

export const ORDER_PATH = '/order/:account?';

export const order = place({
  name: 'order', path: ORDER_PATH, icon: 'order', nav: 25, thumb: true, key: 'n', needs: 'ORDER_WRITE',
  title: { en: 'New order', zh: '新订单' },
  load: () => import('./page'),
});

export function orderFor(account: string): string {
  return address(ORDER_PATH, { account });
}
