// Which account a list is of; all of them when none is named. It stands in the address.

import { findAccount } from '../../find/refs';
import { Lookup } from '../../kit/lookup';
import { queryGet, querySet } from '../../shell/route';
import { t } from './words';

export function accountAsked(): string | null {
  return queryGet('account');
}

export function NarrowAccount() {
  const account = accountAsked();
  return (
    <div class="narrow">
      <Lookup label={t('rec.account.any')} hideLabel value={account ?? ''} find={findAccount} onChoose={(value) => querySet({ account: value || null })} />
    </div>
  );
}
