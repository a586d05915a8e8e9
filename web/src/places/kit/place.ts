import { place } from '../../shell/place';

export const KIT = '/kit';

export const kit = place({
  name: 'kit', path: KIT, icon: 'kit', nav: 99,
  title: { en: 'Kit', zh: '部件' },
  // The condition is known to the bundler: without it the page would be part of the program.
  load: () => (DEV ? import('./page') : Promise.reject(new Error('there is no kit in the program'))),
});
