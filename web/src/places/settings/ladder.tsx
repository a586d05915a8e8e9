// Who consents to what, by amount: read from the policy in force, changed in its editor.

import { call } from '../../api/client';
import { may } from '../../api/session';
import { policy_get } from '../../api/types';
import { Link } from '../../kit/link';
import { Load, useLoaded } from '../../kit/load';
import { Page } from '../../kit/page';
import { money } from '../../words/format';
import { word } from '../../words/words';
import { POLICY } from '../policy/place';
import { t } from './words';

export function Ladder() {
  const found = useLoaded('ladder', () => call(policy_get, {}));
  return (
    <Page title={t('ladder.title')} intro={t('ladder.intro')} aside={<Link to={POLICY} class="button button-plain">{t(may('POLICY_WRITE') ? 'ladder.edit' : 'ladder.read')}</Link>}>
      <Load of={found}>
        {(policy) => (
          <ol class="card ladder">
            {policy.approval.map((step, i) => (
              <li key={i}>
                <b>{step.up_to ? t('ladder.up_to', { amount: money(step.up_to) }) : t('ladder.beyond')}</b>
                <span>{step.all_of.map((role) => word('role', role)).join(t('ladder.and'))}</span>
              </li>
            ))}
          </ol>
        )}
      </Load>
    </Page>
  );
}
