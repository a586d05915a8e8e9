// What customers owe: by age, how fast they pay, item by item, what they promised, what they paid, and the statement of one account.

import { may } from '../../api/session';
import { Sections } from '../../kit/sections';
import { sectionsOffered, type At } from '../../shell/place';
import { Unknown } from '../../shell/unknown';
import { both } from '../../words/words';
import { AgingSection } from './aging';
import { OpenItems } from './open';
import { receivablesPath, SECTIONS, type RECEIVABLES_PATH, type Section } from './place';
import { PaymentPage } from './payment';
import { Pace } from './pace';
import { Payments } from './payments';
import { Promises } from './promises';
import { Statement } from './statement';
import { TakePayment } from './take';
import { t } from './words';

function Shown({ section, id }: { section: Section; id: string | null }) {
  switch (section) {
    case 'aging': return <AgingSection />;
    case 'pace': return <Pace />;
    case 'open': return <OpenItems />;
    case 'promises': return <Promises />;
    case 'payments': return id === 'new' ? <TakePayment /> : id ? <PaymentPage key={id} payment={id} /> : <Payments />;
    case 'statement': return <Statement key={id} account={id} />;
  }
}

export default function ReceivablesPage({ section, id }: At<typeof RECEIVABLES_PATH>) {
  const names = sectionsOffered(SECTIONS, may);
  const known = section === null ? 'aging' : names.find((one) => one === section);
  if (!known) return <Unknown />;
  return (
    <>
      <Sections label={t('rec.sections')} current={known} sections={names.map((name) => ({ name, to: receivablesPath(name), label: both(SECTIONS[name]) }))} />
      <Shown section={known} id={id} />
    </>
  );
}
