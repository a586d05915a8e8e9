// Ctrl-K: one field from which every place, every action and every record is within reach.

import { useEffect, useRef, useState } from 'preact/hooks';
import { isAborted } from '../api/client';
import { find, type Hit } from '../find/search';
import { Cap } from '../kit/cap';
import { Dialog } from '../kit/dialog';
import { Icon, type IconName } from '../kit/icon';
import { addPath, listsAdded } from '../list/add';
import { recordName } from '../list/names';
import { t } from '../words/words';
import { actionsKnown, type Action } from './actions';
import { go } from './route';

interface Row {
  key: string;
  icon: IconName;
  label: string;
  hint?: string;
  cap?: string | undefined;
  run: () => void;
}

const PAUSE_MS = 120;
const MOST_ACTIONS = 8;
const ICONS: Readonly<Record<Hit['kind'], IconName>> = {
  account: 'accounts', partner: 'partner', contact: 'person', product: 'product', order: 'order', invoice: 'document', credit_note: 'document',
  shipment: 'product', return: 'product', payment: 'aging',
};

function useHits(text: string): readonly Hit[] {
  const [hits, setHits] = useState<readonly Hit[]>([]);
  useEffect(() => {
    if (!text.trim()) {
      setHits([]);
      return;
    }
    const abort = new AbortController();
    const timer = setTimeout(() => {
      find(text, abort.signal).then(setHits, (error: unknown) => isAborted(error) || setHits([]));
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [text]);
  return hits;
}

/** A record of any kind that one may add, from anywhere. */
function additions(): Action[] {
  return listsAdded().map((list): Action => ({ label: t('action.new', { what: recordName(list) }), icon: 'plus', run: () => go(addPath(list) ?? '/') }));
}

function rowsOf(text: string, hits: readonly Hit[]): Row[] {
  const wanted = text.trim().toLowerCase();
  const all = wanted ? [...actionsKnown(), ...additions()] : actionsKnown();
  const actions = all.filter((one) => one.label.toLowerCase().includes(wanted));
  return [
    ...hits.map((hit): Row => ({ key: hit.id, icon: ICONS[hit.kind], label: hit.label, hint: hit.hint, run: () => go(hit.to) })),
    ...(wanted ? actions.slice(0, MOST_ACTIONS) : actions).map((one): Row => ({ key: `do ${one.label}`, icon: one.icon ?? 'next', label: one.label, cap: one.key, run: one.run })),
  ];
}

function Rows({ rows, at, onRun }: { rows: readonly Row[]; at: number; onRun: (row: Row) => void }) {
  useEffect(() => {
    document.getElementById(`palette-${at}`)?.scrollIntoView({ block: 'nearest' });
  }, [at]);
  return (
    <ul class="palette-rows" role="listbox" id="palette-rows" aria-label={t('nav.find')}>
      {rows.map((row, i) => (
        <li key={row.key} id={`palette-${i}`} role="option" aria-selected={i === at} class="palette-row" onClick={() => onRun(row)}>
          <Icon name={row.icon} />
          <span class="palette-label">{row.label}</span>
          {row.hint && <span class="faint">{row.hint}</span>}
          {row.cap && <Cap of={row.cap} />}
        </li>
      ))}
    </ul>
  );
}

export default function Palette({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  const hits = useHits(text);
  const rows = rowsOf(text, hits);
  useEffect(() => input.current?.focus(), []);
  const run = (row: Row) => {
    onClose();
    row.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const row = rows[at];
    if (event.key === 'ArrowDown') setAt(Math.min(at + 1, rows.length - 1));
    else if (event.key === 'ArrowUp') setAt(Math.max(at - 1, 0));
    else if (event.key === 'Enter' && row && !event.isComposing) run(row);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog title={t('nav.find')} hideTitle kind="palette" onClose={onClose}>
      <div class="palette-field">
        <Icon name="search" />
        <input ref={input} type="text" role="combobox" aria-label={t('nav.find')} aria-expanded="true" aria-controls="palette-rows" autocomplete="off"
          aria-activedescendant={rows.length ? `palette-${at}` : undefined} placeholder={t('palette.hint')} value={text} onKeyDown={onKeyDown}
          onInput={(event) => {
            setText(event.currentTarget.value);
            setAt(0);
          }} />
      </div>
      {rows.length ? <Rows rows={rows} at={at} onRun={run} /> : <p class="palette-none">{t('lookup.none', { text })}</p>}
    </Dialog>
  );
}
