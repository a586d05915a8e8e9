// Before anybody types a reason for a release: the rules that nobody's consent gets past.

import type { CreditRuleView as Rule } from '../api/types';
import { Notice } from '../kit/notice';
import { ruleSentence } from './figure';
import { t } from './words';

export function Refusing({ rules, account }: { rules: readonly Rule[]; account: string | null }) {
  if (!rules.length) return null;
  return (
    <Notice tone="bad">
      <div>
        <strong>{t('decision.refusing')}</strong>
        {rules.map((rule) => <p key={rule.kind}>{ruleSentence(rule, 'release', account)}</p>)}
      </div>
    </Notice>
  );
}
