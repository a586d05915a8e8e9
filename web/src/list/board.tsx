// A list as a board: a column for each value of a field, a card for each row. A card is put into another column by dragging
// it, or by its menu, where the field may be changed.

import { useEffect, useState } from 'preact/hooks';
import { Button } from '../kit/button';
import { Link } from '../kit/link';
import { Menu } from '../kit/menu';
import { ProblemNotice } from '../kit/notice';
import { whole } from '../words/format';
import { Cell, rowName, rowPath } from './cell';
import { has, idOf, valueOf, type ListField, type ListName, type Row } from './fields';
import { asksReason, isEdited } from './edit';
import { fieldLabel, groupLabel } from './names';
import type { Rows, Section } from './rows';
import { sumsText } from './sums';
import { t } from './words';

const FACTS = 3;
const FIRST = 20;
const MORE = 50;
const DRAGGED = 'application/x-guanxi-row';

interface BoardProps {
  list: ListName;
  group: ListField;
  columns: readonly ListField[];
  rows: Rows;
  onSave: (row: Row, field: ListField, typed: string) => void;
}

interface CardProps extends Omit<BoardProps, 'rows'> {
  row: Row;
  targets: readonly { value: string; label: string }[];
}

function Card({ list, group, columns, row, targets, onSave }: CardProps) {
  const to = rowPath(list, row);
  const [lead, ...others] = columns;
  const facts = others.filter((field) => field.name !== group.name && field.type !== 'currency').slice(0, FACTS);
  if (!lead) return null;
  const head = <Cell list={list} field={lead} row={row} hasCurrency={false} isLead />;
  return (
    <li class="board-card" draggable={targets.length > 0} onDragStart={(event) => event.dataTransfer?.setData(DRAGGED, idOf(row))}>
      <div class="row spread board-card-head">
        {to ? <Link to={to} class="list-lead">{head}</Link> : <strong>{head}</strong>}
        {targets.length > 0 && <Menu label={`${t('list.board.move')}: ${rowName(row)}`} items={targets.map((one) => ({ label: one.label, run: () => onSave(row, group, one.value) }))} />}
      </div>
      <dl class="board-facts">
        {facts.map((field) => <div key={field.name}><dt>{fieldLabel(field)}</dt><dd><Cell list={list} field={field} row={row} hasCurrency={false} /></dd></div>)}
      </dl>
    </li>
  );
}

function Column({ section, ...props }: BoardProps & { section: Section; values: readonly (string | null)[] }) {
  const { list, group, rows, onSave, values } = props;
  const [shown, setShown] = useState(FIRST);
  const [isOver, setIsOver] = useState(false);
  const value = section.value ?? null;
  const fields = props.columns.map((field) => field.name);
  useEffect(() => section.want({ from: 0, to: shown - 1 }), [section, shown]);
  const canMove = isEdited(list, group);
  const canClear = !has(group, 'required') && !asksReason(list, group);
  const targets = canMove ? values.filter((one) => one !== value && (one !== null || canClear)).map((one) => ({ value: one ?? '', label: groupLabel(group, one) })) : [];
  const drop = (event: DragEvent) => {
    setIsOver(false);
    const row = rows.find(event.dataTransfer?.getData(DRAGGED) ?? '');
    if (!row || !canMove || (value === null && !canClear) || (valueOf(row, group.name) ?? null) === value) return;
    event.preventDefault();
    onSave(row, group, value ?? '');
  };
  const cards = section.loaded.slice(0, shown);
  return (
    <section class={`board-column${isOver ? ' board-over' : ''}`} aria-label={groupLabel(group, value)} onDrop={drop} onDragLeave={() => setIsOver(false)}
      onDragOver={(event) => {
        if (!canMove) return;
        event.preventDefault();
        setIsOver(true);
      }}>
      <header class="board-head">
        <h2>{groupLabel(group, value)} <span class="list-group-count">{whole(section.count)}</span></h2>
        <p class="faint">{sumsText(list, section.sums, fields)}</p>
      </header>
      {section.problem && <ProblemNotice problem={section.problem}><Button onClick={() => section.again()}>{t('app.retry')}</Button></ProblemNotice>}
      <ul class="board-cards">{cards.map((row) => <Card key={idOf(row)} {...props} row={row} targets={targets} />)}</ul>
      {section.count === 0 && <p class="faint board-none">{t('list.board.none')}</p>}
      {section.count > cards.length && <Button kind="quiet" onClick={() => setShown(shown + MORE)}>{t('list.board.more')}</Button>}
    </section>
  );
}

export function Board(props: BoardProps) {
  const { rows, group } = props;
  const values = [...new Set<string | null>([...group.names ?? [], ...rows.sections.map((one) => one.value ?? null), null])];
  return (
    <div class="board" tabIndex={0} role="group" aria-label={t('list.board')}>
      {rows.sections.map((section) => <Column key={section.value ?? ''} {...props} section={section} values={values} />)}
    </div>
  );
}
