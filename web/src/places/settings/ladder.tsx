// Who consents to what, by amount: read from the policy in force, changed in its editor.

import { call } from '../../api/client';
import { may } from '../../api/session';
import { org_get, policy_get } from '../../api/types';
import { Link } from '../../kit/link';
import { Load, useLoaded } from '../../kit/load';
import { Page } from '../../kit/page';
import { moneyIn } from '../../words/format';
import { word } from '../../words/words';
import { POLICY } from '../policy/place';
import { t } from './words';

/** From where the step before ends, when there is one. */
function stepText(upTo: string | null | undefined, before: string | null | undefined, currency: string | null): string {
  if (upTo) return t('ladder.up_to', { amount: moneyIn(upTo, currency) });
  return before ? t('ladder.beyond', { amount: moneyIn(before, currency) }) : t('ladder.any');
}

export function Ladder() {
  const found = useLoaded('ladder', async () => {
    const [policy, org] = await Promise.all([call(policy_get, {}), call(org_get, {})]);
    return { policy, currency: org.currency };
  });
  return (
    <Page title={t('ladder.title')} intro={t('ladder.intro')} aside={<Link to={POLICY} class="button button-plain">{t(may('POLICY_WRITE') ? 'ladder.edit' : 'ladder.read')}</Link>}>
      <Load of={found}>
        {({ policy, currency }) => (
          <ol class="card ladder">
            {policy.approval.map((step, i) => (
              <li key={i}>
                <b>{stepText(step.up_to, policy.approval[i - 1]?.up_to, currency)}</b>
                <span>{step.all_of.map((role) => word('role', role)).join(t('ladder.and'))}</span>
              </li>
            ))}
          </ol>
        )}
      </Load>
    </Page>
  );
}
