// The filter, line by line: conditions over the fields of the list and of what its references name, joined by all or any,
// in groups within groups. What is filled in takes effect at once.

import { useEffect, useState } from 'preact/hooks';
import { Button } from '../kit/button';
import { Field } from '../kit/field';
import { Icon } from '../kit/icon';
import { Notice } from '../kit/notice';
import { ValueField } from './edit';
import { filterFields, type FilterField, type ListName } from './fields';
import { complete, filterParse, filterText, isComplete, isGroup, isOrdered, NOTHING, relationsOf, termFor, type Condition, type Group, type Joint, type Relation, type Term } from './filter';
import { fieldLabel, valueLabel } from './names';
import { moneyTyped } from '../words/format';
import { t } from './words';

const DEEPEST = 3;

type Compared = Relation | 'null' | 'notnull';

function relationLabel({ field }: FilterField, relation: Compared): string {
  const isDay = field.type === 'date' || field.type === 'instant';
  if (isDay && relation === 'ge') return t('list.rel.from');
  if (isDay && relation === 'le') return t('list.rel.until');
  if (isDay && relation === 'gt') return t('list.rel.after');
  if (isDay && relation === 'lt') return t('list.rel.before');
  if (field.type === 'flags') return t('list.rel.includes');
  return t(`list.rel.${relation}`);
}

export function pathLabel({ field, link }: Pick<FilterField, 'field' | 'link'>): string {
  return link ? `${fieldLabel(link)} · ${fieldLabel(field)}` : fieldLabel(field);
}

function comparedOf({ relation, value }: Term): Compared {
  return value === null ? (relation === 'eq' ? 'null' : 'notnull') : relation;
}

/** A term in words. */
export function termWords(fields: readonly FilterField[], term: Term): string {
  const of = fields.find((one) => one.path === term.field);
  if (!of) return `${term.field} ${term.relation} ${term.value ?? ''}`;
  const compared = comparedOf(term);
  const said = term.value === null ? '' : of.field.names || of.field.name === 'territory' ? valueLabel(of.field, term.value) : of.field.type === 'bool' ? t(term.value === 'true' ? 'list.yes' : 'list.no') : term.value;
  return `${pathLabel(of)} ${relationLabel(of, compared)} ${said}`.trim();
}

interface LineProps {
  list: ListName;
  fields: readonly FilterField[];
  term: Term;
  onChange: (term: Term) => void;
  onRemove: () => void;
  focus: boolean;
}

function Fields({ fields, value, onChoose, focus }: { fields: readonly FilterField[]; value: string; onChoose: (path: string) => void; focus: boolean }) {
  const own = fields.filter((one) => !one.link);
  const links = [...new Set(fields.flatMap((one) => (one.link ? [one.link] : [])))];
  return (
    <select class="list-line-field" aria-label={t('list.filter.field')} value={value} ref={(select) => void (focus && select && !select.dataset.seen && (select.dataset.seen = '1', select.focus()))}
      onChange={(event) => onChoose(event.currentTarget.value)}>
      <optgroup label={t('list.filter.own')}>
        {own.map((one) => <option key={one.path} value={one.path}>{fieldLabel(one.field)}</option>)}
      </optgroup>
      {links.map((link) => (
        <optgroup key={link.name} label={t('list.filter.behind', { field: fieldLabel(link) })}>
          {fields.filter((one) => one.link === link).map((one) => <option key={one.path} value={one.path}>{pathLabel(one)}</option>)}
        </optgroup>
      ))}
    </select>
  );
}

function Line({ list, fields, term, onChange, onRemove, focus }: LineProps) {
  const of = fields.find((one) => one.path === term.field);
  const choose = (path: string) => {
    const next = fields.find((one) => one.path === path);
    if (next) onChange(termFor(next));
  };
  const compare = (compared: string) => {
    if (!of) return;
    if (compared === 'null' || compared === 'notnull') onChange({ ...term, relation: compared === 'null' ? 'eq' : 'ne', value: null });
    else onChange({ ...term, relation: compared as Relation, value: term.value ?? termFor(of).value });
  };
  const compared: readonly Compared[] = of ? [...relationsOf(of.field), ...(of.field.type === 'flags' ? [] : ['null', 'notnull'] as const)] : [term.relation];
  const isNumber = of && isOrdered(of.field) && ['money', 'decimal', 'int', 'percent'].includes(of.field.type);
  return (
    <li class="list-line">
      <Fields fields={fields} value={term.field} onChoose={choose} focus={focus} />
      <select class="list-line-relation" aria-label={t('list.filter.relation')} value={comparedOf(term)} onChange={(event) => compare(event.currentTarget.value)}>
        {compared.map((one) => <option key={one} value={one}>{of ? relationLabel(of, one) : one}</option>)}
      </select>
      {term.value !== null && of && (
        <ValueField list={list} field={of.field} value={term.value} label={t('list.filter.value')} hideLabel onInput={(value) => onChange({ ...term, value: isNumber ? moneyTyped(value) : value })} />
      )}
      <button type="button" class="icon-button" aria-label={t('list.filter.remove')} onClick={onRemove}><Icon name="close" /></button>
    </li>
  );
}

interface GroupProps {
  list: ListName;
  fields: readonly FilterField[];
  of: Group;
  onChange: (of: Group) => void;
  onRemove?: () => void;
  depth: number;
  /** Its one line was put there to be filled in. */
  isBegun?: boolean;
}

function GroupLines({ list, fields, of, onChange, onRemove, depth, isBegun = false }: GroupProps) {
  // The one that the cursor goes to.
  const [added, setAdded] = useState(isBegun ? 0 : -1);
  const put = (at: number, part: Condition | null) => {
    const parts = of.parts.flatMap((one, i) => (i === at ? (part ? [part] : []) : [one]));
    onChange({ ...of, parts });
  };
  const add = (part: Condition) => {
    setAdded(of.parts.length);
    onChange({ ...of, parts: [...of.parts, part] });
  };
  const first = fields[0];
  return (
    <div class={`list-lines list-lines-${of.joint}`}>
      <div class="row list-joint">
        <label>
          <span class={depth ? 'unseen' : undefined}>{t('list.filter.joint')} </span>
          <select value={of.joint} onChange={(event) => onChange({ ...of, joint: event.currentTarget.value as Joint })}>
            <option value="and">{t('list.filter.and')}</option>
            <option value="or">{t('list.filter.or')}</option>
          </select>
        </label>
        {onRemove && <button type="button" class="icon-button" aria-label={t('list.filter.remove_group')} onClick={onRemove}><Icon name="close" /></button>}
      </div>
      <ul>
        {of.parts.map((part, i) => isGroup(part)
          ? <li key={i}><GroupLines list={list} fields={fields} of={part} depth={depth + 1} onChange={(next) => put(i, next)} onRemove={() => put(i, null)} /></li>
          : <Line key={i} list={list} fields={fields} term={part} focus={i === added} onChange={(next) => put(i, next)} onRemove={() => put(i, null)} />)}
      </ul>
      <div class="row">
        {first && <Button kind="quiet" onClick={() => add(termFor(first))}><Icon name="plus" />{t('list.filter.add')}</Button>}
        {first && depth < DEEPEST && <Button kind="quiet" onClick={() => add({ joint: of.joint === 'and' ? 'or' : 'and', parts: [termFor(first)] })}><Icon name="plus" />{t('list.filter.group')}</Button>}
      </div>
    </div>
  );
}

const PAUSE_MS = 350;

/** Where there is no condition yet, one to fill in: of a field that says nothing until something is typed, so that to open the
 *  builder leaves nothing out. */
function begun(fields: readonly FilterField[], filter: string): Group | null {
  const first = fields.map(termFor).find((term) => !isComplete(term));
  return filter || !first ? null : { joint: 'and', parts: [first] };
}

interface BuilderProps {
  list: ListName;
  filter: string;
  onFilter: (filter: string) => void;
}

export function Builder({ list, filter, onFilter }: BuilderProps) {
  const fields = filterFields(list);
  const [fresh] = useState(() => begun(fields, filter));
  const [draft, setDraft] = useState<Group | null>(() => fresh ?? filterParse(filter));
  const text = draft ? filterText(complete(draft)) : filter;
  // A filter from elsewhere: a view, an address, or taken away.
  useEffect(() => {
    if (filter !== text) setDraft(filterParse(filter));
  }, [filter]);
  useEffect(() => {
    if (text === filter) return;
    const timer = setTimeout(() => onFilter(text), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <section class="card list-builder" aria-label={t('list.filter')}>
      {draft
        ? (
          <>
            {!draft.parts.length && <p class="faint">{t('list.filter.none')}</p>}
            <GroupLines list={list} fields={fields} of={draft} depth={0} isBegun={fresh !== null} onChange={setDraft} />
          </>
        )
        : <Notice tone="plain"><Field label={t('list.filter.text')} value={filter} onInput={onFilter} /></Notice>}
      {filter && <Button kind="quiet" onClick={() => { setDraft(NOTHING); onFilter(''); }}>{t('list.filter.clear')}</Button>}
    </section>
  );
}
