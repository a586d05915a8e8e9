import { address, place } from '../../shell/place';

/** In the order in which they stand on the page; each but the first is for whom it is offered to alone. */
export const SECTIONS = {
  mine: { en: 'Preferences', zh: '偏好' },
  users: { en: 'Users', zh: '用户', needs: 'USER_WRITE' },
  sight: { en: 'Who sees what', zh: '谁能看到什么', needs: 'USER_WRITE' },
  territories: { en: 'Territories', zh: '区域', needs: 'READ' },
  fields: { en: 'Custom fields', zh: '自定义字段', needs: 'ORG_WRITE' },
  tokens: { en: 'Tokens', zh: '令牌', needs: 'USER_WRITE' },
  audit: { en: 'Audit', zh: '审计', needs: 'AUDIT_READ' },
  import: { en: 'Import', zh: '导入', needs: 'IMPORT' },
  closes: { en: 'Day closes', zh: '日结', needs: 'PERIOD_WRITE' },
  ladder: { en: 'Approval ladder', zh: '审批阶梯', needs: 'READ' },
} as const;
export type Section = keyof typeof SECTIONS;

export const SETTINGS_PATH = '/settings/:section?';

export const settings = place({
  name: 'settings', path: SETTINGS_PATH, icon: 'settings', nav: 90, key: ',',
  title: { en: 'Settings', zh: '设置' },
  sections: SECTIONS,
  load: () => import('./page'),
});

export function settingsPath(section: Section): string {
  return address(SETTINGS_PATH, { section });
}
