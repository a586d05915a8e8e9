// What customers owe: by age, item by item, what they promised, what they paid, and the statement of one account.

import { Link } from '../../kit/link';
import type { At } from '../../shell/place';
import { Unknown } from '../../shell/unknown';
import { AgingSection } from './aging';
import { OpenItems } from './open';
import { receivablesPath, SECTIONS, type RECEIVABLES_PATH, type Section } from './place';
import { PaymentPage } from './payment';
import { Payments } from './payments';
import { Promises } from './promises';
import { Statement } from './statement';
import { TakePayment } from './take';
import { t } from './words';

export function Sections({ section }: { section: Section }) {
  return (
    <nav class="tabs receivables-tabs" aria-label={t('rec.sections')}>
      {SECTIONS.map((one) => <Link key={one} to={receivablesPath(one)} class="tab" current={one === section}>{t(`rec.${one}`)}</Link>)}
    </nav>
  );
}

function Shown({ section, id }: { section: Section; id: string | null }) {
  switch (section) {
    case 'aging': return <AgingSection />;
    case 'open': return <OpenItems />;
    case 'promises': return <Promises />;
    case 'payments': return id === 'new' ? <TakePayment /> : id ? <PaymentPage key={id} payment={id} /> : <Payments />;
    case 'statement': return <Statement key={id} account={id} />;
  }
}

export default function ReceivablesPage({ section, id }: At<typeof RECEIVABLES_PATH>) {
  const known = section === null ? 'aging' : SECTIONS.find((one) => one === section);
  if (!known) return <Unknown />;
  return (
    <>
      <Sections section={known} />
      <Shown section={known} id={id} />
    </>
  );
}
