// What was proposed before, and how each differs from what is in force.

import { call } from '../../api/client';
import { approval_list, type ApprovalView, type Policy, type PolicyGiven } from '../../api/types';
import { Badge } from '../../kit/badge';
import { Load, useLoaded } from '../../kit/load';
import { day } from '../../words/format';
import { draftOf, type Draft } from './draft';
import { differenceOf, differs, type Difference, type Piece } from './told';
import { t } from './words';

const MOST = 20;

function Turned({ pieces }: { pieces: readonly Piece[] }) {
  return (
    <li class="diff-turned">
      <span class="unseen">{t('diff.turned')}</span>
      {pieces.map((piece, i) => typeof piece === 'string' ? piece : <span key={i} class="diff-words"><del>{piece.old}</del> → <ins>{piece.now}</ins></span>)}
    </li>
  );
}

export function Differences({ of }: { of: Difference }) {
  if (!differs(of)) return <p class="faint">{t('diff.none')}</p>;
  return (
    <ul class="diff">
      {of.turned.map((pieces, i) => <Turned key={i} pieces={pieces} />)}
      {of.gone.map((line) => <li key={`- ${line}`} class="diff-gone"><span class="unseen">{t('diff.gone')}</span>{line}</li>)}
      {of.come.map((line) => <li key={`+ ${line}`} class="diff-come"><span class="unseen">{t('diff.come')}</span>{line}</li>)}
    </ul>
  );
}

function isPolicy(input: unknown): input is PolicyGiven {
  return typeof input === 'object' && input !== null && 'rules' in input && 'approval' in input;
}

function Proposal({ approval, inForce }: { approval: ApprovalView; inForce: Draft }) {
  return (
    <details class="card proposal" open={approval.status === 'pending'}>
      <summary>
        <Badge group="status" value={approval.status} />
        <span>{t('proposal.by', { name: approval.requested_by ?? '', day: day(approval.requested_on) })}</span>
      </summary>
      {approval.status === 'pending' && <p>{t('proposal.waits')}</p>}
      {isPolicy(approval.input) && <><p class="faint">{t('proposal.against')}</p><Differences of={differenceOf(inForce, draftOf(approval.input))} /></>}
    </details>
  );
}

export function Proposals({ policy }: { policy: Policy }) {
  const found = useLoaded(`proposals ${policy.version}`, () => call(approval_list, { what: 'policy_set', sort: '-id', limit: MOST }).then((page) => page.items));
  return (
    <section class="proposals" aria-label={t('proposal.title')}>
      <h2>{t('proposal.title')}</h2>
      <Load of={found} rows={2}>
        {(all) => all.length
          ? <div class="cards">{all.map((one) => <Proposal key={one.id} approval={one} inForce={draftOf(policy)} />)}</div>
          : <p class="faint">{t('proposal.none')}</p>}
      </Load>
    </section>
  );
}
