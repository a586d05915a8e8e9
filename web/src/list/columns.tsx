// Which columns are shown, and in which order.

import { Button } from '../kit/button';
import { Dialog } from '../kit/dialog';
import { Check } from '../kit/field';
import { Icon } from '../kit/icon';
import { fieldOf, shownFields, type FieldName, type ListName } from './fields';
import { lookFirst } from './look';
import { fieldLabel } from './names';
import { t } from './words';

interface ColumnsProps {
  list: ListName;
  columns: readonly FieldName[];
  onColumns: (columns: readonly FieldName[]) => void;
  onClose: () => void;
}

export function ColumnsDialog({ list, columns, onColumns, onClose }: ColumnsProps) {
  const label = (name: FieldName) => fieldLabel(fieldOf(list, name) ?? { name });
  const others = shownFields(list).map((field) => field.name).filter((name) => !columns.includes(name));
  const turn = (name: FieldName, isOn: boolean) => {
    const next = isOn ? [...columns, name] : columns.filter((one) => one !== name);
    if (next.length) onColumns(next);
  };
  const shift = (at: number, by: number) => {
    const next = [...columns];
    const [one] = next.splice(at, 1);
    if (one) next.splice(at + by, 0, one);
    onColumns(next);
  };
  return (
    <Dialog title={t('list.columns')} kind="sheet" onClose={onClose}>
      <p class="faint">{t('list.columns.hint')}</p>
      <ul class="list-columns">
        {columns.map((name, i) => (
          <li key={name} class="row spread">
            <Check label={label(name)} checked onChange={(isOn) => turn(name, isOn)} />
            <span class="row list-columns-move">
              {i > 0 && <button type="button" class="icon-button" aria-label={t('list.columns.up', { field: label(name) })} onClick={() => shift(i, -1)}><Icon name="up" /></button>}
              {i < columns.length - 1 && <button type="button" class="icon-button" aria-label={t('list.columns.down', { field: label(name) })} onClick={() => shift(i, 1)}><Icon name="down" /></button>}
            </span>
          </li>
        ))}
        {others.map((name) => <li key={name}><Check label={label(name)} checked={false} onChange={(isOn) => turn(name, isOn)} /></li>)}
      </ul>
      <div class="form-foot">
        <Button kind="primary" onClick={onClose}>{t('list.columns.done')}</Button>
        <Button kind="quiet" onClick={() => onColumns(lookFirst(list).columns)}>{t('list.columns.first')}</Button>
      </div>
    </Dialog>
  );
}
