// Something that wants an answer before the page goes on. The browser's own dialog keeps the focus within and gives it
// back; Escape and a press beside it close it.

import type { ComponentChildren } from 'preact';
import { useContext, useId, useLayoutEffect, useRef } from 'preact/hooks';
import { t } from '../words/words';
import { Icon } from './icon';
import { Layer, layerTop } from './keys';

interface DialogProps {
  title: string;
  /** Absent: it stays until it is answered. */
  onClose?: () => void;
  children: ComponentChildren;
  /** A sheet stands at the side, or at the foot of a phone. */
  kind?: 'box' | 'wide' | 'sheet' | 'palette';
  hideTitle?: boolean;
}

export function Dialog({ title, onClose, children, kind = 'box', hideTitle }: DialogProps) {
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  const layer = useContext(Layer) + 1;
  // Before the effects of what is within, which may put the focus into one of its fields.
  useLayoutEffect(() => {
    const from = document.activeElement;
    const before = layerTop.peek();
    const mine = dialog.current;
    mine?.showModal();
    layerTop.value = layer;
    return () => {
      layerTop.value = before;
      // The browser gives the focus back when a dialog is closed, not when it is taken away; and nothing behind an open one
      // takes it.
      mine?.close();
      if (from instanceof HTMLElement && from.isConnected) from.focus({ preventScroll: true });
    };
  }, []);
  const beside = (event: MouseEvent) => {
    if (event.target === dialog.current) onClose?.();
  };
  const cancel = (event: Event) => {
    event.preventDefault();
    onClose?.();
  };
  return (
    <dialog ref={dialog} class={`dialog dialog-${kind}`} aria-labelledby={id} onCancel={cancel} onMouseDown={beside}>
      <Layer.Provider value={layer}>
        <div class="dialog-body">
          <header class={hideTitle ? 'unseen' : 'dialog-head'}>
            <h2 id={id}>{title}</h2>
            {!hideTitle && onClose && <button type="button" class="icon-button" aria-label={t('app.close')} onClick={onClose}><Icon name="close" /></button>}
          </header>
          {children}
        </div>
      </Layer.Provider>
    </dialog>
  );
}
