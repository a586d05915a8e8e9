// Which keys do what on this page and everywhere.

import { Dialog } from '../kit/dialog';
import { keysKnown } from '../kit/keys';
import { t } from '../words/words';
import { Cap } from '../kit/cap';

export default function Help({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title={t('nav.keys')} kind="wide" onClose={onClose}>
      <div class="help">
        {[...keysKnown()].reverse().map(([group, uses]) => (
          <section key={group}>
            <h3>{group}</h3>
            <dl>
              {uses.map((use) => <div key={use.does}><dt>{use.does}</dt><dd>{use.keys[0] && <Cap of={use.keys[0]} />}</dd></div>)}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
