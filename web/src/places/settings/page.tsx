// What is set up rather than done: one's own preferences, and for who administers, users with what they see, territories,
// tokens, what was done by whom, closed days, and the ladder of approvals.

import { may } from '../../api/session';
import { Sections } from '../../kit/sections';
import { sectionsOffered, type At } from '../../shell/place';
import { Unknown } from '../../shell/unknown';
import { both } from '../../words/words';
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
  const names = sectionsOffered(SECTIONS, may);
  const known = section === null ? 'mine' : names.find((one) => one === section);
  if (!known) return <Unknown />;
  return (
    <>
      <Sections label={t('set.sections')} current={known} sections={names.map((name) => ({ name, to: settingsPath(name), label: both(SECTIONS[name]) }))} />
      <Shown key={known} section={known} />
    </>
  );
}
