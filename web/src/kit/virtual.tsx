// A long list of which only the rows in sight are drawn. The rows are of one height each, by the density chosen; the list
// scrolls within its own frame, and says to a screen reader how long it is.

import { elementScroll, observeElementOffset, Virtualizer, type VirtualItem } from '@tanstack/virtual-core';
import type { ComponentChildren, RefObject } from 'preact';
import { useEffect, useLayoutEffect, useReducer, useRef } from 'preact/hooks';

const OVERSCAN = 12;
/** Where all rows are new, the first time and after a jump: a frame draws what is seen, those around it come with a later one. */
const FEW = 2;
const SETTLE_MS = 150;

/** How high a frame is taken for before the browser has laid it out, as a share of the window. */
const GUESS = 0.6;

/** Told when the page was laid out and is not painted yet; the library's own asks while it is still being built. */
function observeRect(virtual: Virtualizer<HTMLElement, HTMLElement>, told: (rect: { width: number; height: number }) => void): (() => void) | undefined {
  const frame = virtual.scrollElement;
  if (!frame) return undefined;
  const observer = new ResizeObserver(() => told({ width: frame.offsetWidth, height: frame.offsetHeight }));
  observer.observe(frame);
  return () => observer.disconnect();
}

export interface Virtual {
  items: readonly VirtualItem[];
  size: number;
  toIndex: (index: number) => void;
}

interface VirtualOptions {
  /** How much of the frame's top a head that stays there covers. */
  head?: number;
  /** Of rows that are not all of one height, and a word that changes with what it answers. */
  heightOf?: (index: number) => number;
  layout?: string;
}

export function useVirtual(frame: RefObject<HTMLElement | null>, count: number, rowHeight: number, { head = 0, heightOf, layout }: VirtualOptions = {}): Virtual {
  const [, draw] = useReducer((n: number) => n + 1, 0);
  const held = useRef<Virtualizer<HTMLElement, HTMLElement> | null>(null);
  const seen = useRef({ at: 0, isNew: true });
  const options = {
    count,
    getScrollElement: () => frame.current,
    estimateSize: heightOf ?? (() => rowHeight),
    overscan: seen.current.isNew ? FEW : OVERSCAN,
    scrollMargin: head,
    scrollPaddingStart: head,
    observeElementRect: observeRect,
    initialRect: { width: innerWidth, height: innerHeight * GUESS },
    observeElementOffset,
    scrollToFn: elementScroll,
    // Told once more when the scrolling has ended.
    onChange: ({ scrollOffset, scrollRect }: Virtualizer<HTMLElement, HTMLElement>) => {
      const at = scrollOffset ?? 0;
      seen.current = { at, isNew: Math.abs(at - seen.current.at) > (scrollRect?.height ?? 0) };
      draw(undefined as never);
    },
  };
  held.current ??= new Virtualizer(options);
  const virtual = held.current;
  virtual.setOptions(options);
  useLayoutEffect(() => virtual._didMount(), []);
  useLayoutEffect(() => virtual._willUpdate());
  useEffect(() => virtual.measure(), [rowHeight, layout]);
  useEffect(() => {
    const settled = setTimeout(() => {
      seen.current.isNew = false;
      draw(undefined as never);
    }, SETTLE_MS);
    return () => clearTimeout(settled);
  }, []);
  return { items: virtual.getVirtualItems(), size: virtual.getTotalSize(), toIndex: (index) => virtual.scrollToIndex(index, { align: 'auto' }) };
}

interface VirtualListProps<Row> {
  label: string;
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  rowHeight: number;
  children: (row: Row, index: number) => ComponentChildren;
  /** Called when the end comes into sight. */
  onEnd?: (() => void) | null;
}

export function VirtualList<Row>({ label, rows, rowKey, rowHeight, children, onEnd }: VirtualListProps<Row>) {
  const frame = useRef<HTMLDivElement>(null);
  const { items, size } = useVirtual(frame, rows.length, rowHeight);
  const last = items.at(-1)?.index ?? -1;
  useEffect(() => {
    if (onEnd && last >= rows.length - OVERSCAN) onEnd();
  }, [last, rows.length, Boolean(onEnd)]);
  return (
    <div class="virtual" ref={frame} tabIndex={0} role="group" aria-label={label}>
      <ul class="virtual-rows" style={{ height: `${size}px` }}>
        {items.map((item) => {
          const row = rows[item.index];
          return row === undefined ? null : (
            <li key={rowKey(row)} class="virtual-row" aria-setsize={onEnd ? -1 : rows.length} aria-posinset={item.index + 1}
              style={{ height: `${item.size}px`, transform: `translateY(${item.start}px)` }}>
              {children(row, item.index)}
            </li>
          );
        })}
      </ul>
    </div>
  );
}
