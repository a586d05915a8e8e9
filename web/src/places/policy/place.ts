import { place } from '../../shell/place';

export const POLICY = '/policy';

export const policy = place({
  name: 'policy', path: POLICY, icon: 'policy', nav: 60, key: 'p', needs: 'READ',
  title: { en: 'Credit policy', zh: '授信政策' },
  load: () => import('./page'),
});
