// What is set up rather than done: one's own preferences, and for who administers, users with what they see, territories,
// tokens, what was done by whom, closed days, and the ladder of approvals.

import { may } from '../../api/session';
import { Sections } from '../../kit/sections';
import type { At } from '../../shell/place';
import { Unknown } from '../../shell/unknown';
import { both, type Both } from '../../words/words';
import { Audit } from './audit';
import { Closes } from './closes';
import { Fields } from './fields';
import { Import } from './import';
import { Ladder } from './ladder';
import { Mine } from './mine';
import { SECTIONS, settingsPath, type Section, type SETTINGS_PATH } from './place';
import { Sight } from './sight';
import { Territories } from './territories';
import { Tokens } from './tokens';
import { Users } from './users';
import { t } from './words';

const NAMES = Object.keys(SECTIONS) as Section[];

function offered(name: Section): boolean {
  const one: Both & { needs?: string } = SECTIONS[name];
  return !one.needs || may(one.needs);
}

function Shown({ section }: { section: Section }) {
  switch (section) {
    case 'mine': return <Mine />;
    case 'users': return <Users />;
    case 'sight': return <Sight />;
    case 'territories': return <Territories />;
    case 'fields': return <Fields />;
    case 'tokens': return <Tokens />;
    case 'audit': return <Audit />;
    case 'import': return <Import />;
    case 'closes': return <Closes />;
    case 'ladder': return <Ladder />;
  }
}

export default function SettingsPage({ section }: At<typeof SETTINGS_PATH>) {
  const names = NAMES.filter(offered);
  const known = section === null ? 'mine' : names.find((one) => one === section);
  if (!known) return <Unknown />;
  return (
    <>
      <Sections label={t('set.sections')} current={known} sections={names.map((name) => ({ name, to: settingsPath(name), label: both(SECTIONS[name]) }))} />
      <Shown key={known} section={known} />
    </>
  );
}
