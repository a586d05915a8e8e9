import { address, place } from '../../shell/place';

export type Section = 'stream' | 'behaviour' | 'people';
export const SECTIONS: readonly Section[] = ['stream', 'behaviour', 'people'];

export const PARTNER_PATH = '/partners/:partner/:section?';

export const partner = place({
  name: 'partner', path: PARTNER_PATH,
  title: { en: 'Partner', zh: '合作伙伴' },
  load: () => import('./page'),
});

export function partnerPath(code: string, section?: Section): string {
  return address(PARTNER_PATH, { partner: code, section: section ?? null });
}
