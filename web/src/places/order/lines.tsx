// The lines of an order, written without leaving the keyboard: Enter goes on to the next field, and from the last one
// of a line to a new line.

import { useLayoutEffect, useRef } from 'preact/hooks';
import { findProduct } from '../../find/refs';
import { Button } from '../../kit/button';
import { Field } from '../../kit/field';
import { Icon } from '../../kit/icon';
import { Lookup } from '../../kit/lookup';
import { money } from '../../words/format';
import { LINE_EMPTY, type Line } from './draft';
import { t } from './words';

type Cell = 'product' | 'quantity' | 'price';

interface LinesProps {
  lines: readonly Line[];
  onChange: (lines: Line[]) => void;
  error: (line: number, field: string) => string | undefined;
  currency: string | null;
}

interface Focus {
  line: number;
  cell: Cell;
}

function useCells() {
  const cells = useRef(new Map<string, HTMLInputElement>());
  const wanted = useRef<Focus | null>(null);
  const focus = (to: Focus) => {
    const cell = cells.current.get(`${to.line} ${to.cell}`);
    // A line that was just added is not drawn yet; once it is, it has the focus before the next key comes.
    if (cell) cell.focus();
    else wanted.current = to;
  };
  useLayoutEffect(() => {
    if (!wanted.current) return;
    const to = wanted.current;
    wanted.current = null;
    focus(to);
  });
  const hold = (line: number, cell: Cell) => (input: HTMLInputElement | null) => {
    if (input) cells.current.set(`${line} ${cell}`, input);
    else cells.current.delete(`${line} ${cell}`);
  };
  const isAt = ({ line, cell }: Focus) => cells.current.get(`${line} ${cell}`) === document.activeElement;
  return { focus, hold, isAt };
}

export function Lines({ lines, onChange, error, currency }: LinesProps) {
  const { focus, hold, isAt } = useCells();
  // Leaving a field changes it, too: two changes may come before the next drawing, and the second builds on the first.
  const newest = useRef(lines);
  newest.current = lines;
  const put = (next: Line[]) => {
    newest.current = next;
    onChange(next);
  };
  const set = (at: number, next: Partial<Line>) => put(newest.current.map((line, i) => (i === at ? { ...line, ...next } : line)));
  const add = (at: number) => {
    if (at === newest.current.length) put([...newest.current, LINE_EMPTY]);
    focus({ line: at, cell: 'product' });
  };
  const remove = (at: number) => {
    const rest = newest.current.filter((_, i) => i !== at);
    put(rest.length ? rest : [LINE_EMPTY]);
    focus({ line: Math.max(0, Math.min(at, rest.length - 1)), cell: 'product' });
  };
  const onKeyDown = (event: KeyboardEvent, line: number, cell: Cell) => {
    if (event.isComposing || event.metaKey || event.ctrlKey) return;
    if (event.key === 'Enter') {
      event.preventDefault();
      if (cell === 'product') focus({ line, cell: 'quantity' });
      else add(line + 1);
    } else if (event.key === 'ArrowDown' && cell !== 'product' && line + 1 < lines.length) {
      event.preventDefault();
      focus({ line: line + 1, cell });
    } else if (event.key === 'ArrowUp' && cell !== 'product' && line > 0) {
      event.preventDefault();
      focus({ line: line - 1, cell });
    }
  };
  return (
    <fieldset class="order-lines">
      <legend>{t('order.lines')}</legend>
      <ol>
        {lines.map((line, i) => (
          <li key={i} class="order-line">
            <div class="order-line-product" onKeyDown={(event) => onKeyDown(event, i, 'product')}>
              <Lookup label={t('order.product')} hideLabel value={line.product} shown={line.name || line.product} find={findProduct} inputRef={hold(i, 'product')}
                error={error(i, 'product')}
                onChoose={(product, choice) => {
                  set(i, { product, name: choice?.label ?? '', list: choice?.price ?? null });
                  // Who was faster than what is found is further on by now.
                  if (choice && isAt({ line: i, cell: 'product' })) focus({ line: i, cell: 'quantity' });
                }} />
            </div>
            <div class="order-line-quantity" onKeyDown={(event) => onKeyDown(event, i, 'quantity')}>
              <Field type="quantity" label={t('order.quantity')} hideLabel placeholder={t('order.quantity')} value={line.quantity} onInput={(quantity) => set(i, { quantity })} inputRef={hold(i, 'quantity')}
                error={error(i, 'quantity')} />
            </div>
            <div class="order-line-price" onKeyDown={(event) => onKeyDown(event, i, 'price')}>
              <Field type="money" label={t('order.price')} hideLabel placeholder={line.list ? t('order.price.list_is', { price: money(line.list) }) : t('order.price.list')} unit={currency} value={line.price} onInput={(price) => set(i, { price })} inputRef={hold(i, 'price')}
                error={error(i, 'unit_price')} />
            </div>
            <button type="button" class="icon-button" aria-label={t('order.remove', { line: i + 1 })} onClick={() => remove(i)}><Icon name="close" /></button>
          </li>
        ))}
      </ol>
      <Button onClick={() => add(lines.length)}><Icon name="plus" />{t('order.add')}</Button>
    </fieldset>
  );
}
