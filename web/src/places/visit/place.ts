import { address, place } from '../../shell/place';

export const VISIT_PATH = '/visit/:partner?';

export const visit = place({
  name: 'visit', path: VISIT_PATH, icon: 'visit', nav: 28, thumb: true, key: 'v', needs: 'ACTIVITY_WRITE',
  title: { en: 'Log a visit', zh: '记录拜访' },
  load: () => import('./page'),
});

export function visitTo(partner: string): string {
  return address(VISIT_PATH, { partner });
}
