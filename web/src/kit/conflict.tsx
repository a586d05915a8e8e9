// Somebody else was faster: for each field that differs, what I want and what is there now, one of which stays.

import { useId } from 'preact/hooks';
import { t } from '../words/words';
import { Notice } from './notice';

export interface Differs {
  name: string;
  label: string;
  mine: unknown;
  theirs: unknown;
  /** Who does not say otherwise keeps what he changed and takes what he left alone. */
  isMine: boolean;
}

/** The fields in which `mine`, begun from `base`, and what is there now differ. */
export function differences<T extends object>(base: T, mine: T, theirs: T, labels: Readonly<Record<keyof T & string, string>>): Differs[] {
  const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
  return (Object.keys(labels) as (keyof T & string)[])
    .filter((name) => !same(mine[name], theirs[name]))
    .map((name) => ({ name, label: labels[name], mine: mine[name], theirs: theirs[name], isMine: !same(mine[name], base[name]) }));
}

function textOf(value: unknown): string {
  const text = Array.isArray(value) ? value.join(t('app.comma')) : String(value ?? '');
  return text || t('app.none');
}

interface ConflictProps {
  fields: readonly Differs[];
  choose: (name: string, isMine: boolean) => void;
  text?: ((name: string, value: unknown) => string | undefined) | undefined;
}

function Choice({ group, label, value, checked, onChoose }: { group: string; label: string; value: string; checked: boolean; onChoose: () => void }) {
  return (
    <label class="conflict-choice">
      <input type="radio" name={group} checked={checked} onChange={onChoose} />
      <span><span class="faint">{label}</span> {value}</span>
    </label>
  );
}

export function Conflict({ fields, choose, text }: ConflictProps) {
  const id = useId();
  const shown = (one: Differs, value: unknown) => text?.(one.name, value) ?? textOf(value);
  return (
    <div class="conflict">
      <Notice tone="warn">
        <div>
          <strong>{t('conflict.title')}</strong>
          <p>{t(fields.length ? 'conflict.hint' : 'conflict.same')}</p>
        </div>
      </Notice>
      {fields.map((one) => (
        <fieldset key={one.name} class="checks">
          <legend>{one.label}</legend>
          <Choice group={`${id}-${one.name}`} label={t('conflict.mine')} value={shown(one, one.mine)} checked={one.isMine} onChoose={() => choose(one.name, true)} />
          <Choice group={`${id}-${one.name}`} label={t('conflict.theirs')} value={shown(one, one.theirs)} checked={!one.isMine} onChoose={() => choose(one.name, false)} />
        </fieldset>
      ))}
    </div>
  );
}
