// A file from the person's own machine: the browser's own input beneath, which speaks the browser's language, with words
// of the program over it. By key, by click, or dropped on it.

import { useState } from 'preact/hooks';

interface FileFieldProps {
  label: string;
  /** On what is pressed. */
  choose: string;
  /** Beside it, for who would rather drag. */
  drop: string;
  hint?: string;
  /** As the input takes it: endings and media types. */
  accept: string;
  onChoose: (file: File) => void;
}

export function FileField({ label, choose, drop, hint, accept, onChoose }: FileFieldProps) {
  const [isOver, setIsOver] = useState(false);
  const over = (is: boolean) => (event: DragEvent) => {
    event.preventDefault();
    setIsOver(is);
  };
  const dropped = (event: DragEvent) => {
    event.preventDefault();
    setIsOver(false);
    const file = event.dataTransfer?.files[0];
    if (file) onChoose(file);
  };
  return (
    <div class={`file-field${isOver ? ' file-over' : ''}`} onDragEnter={over(true)} onDragOver={over(true)} onDragLeave={over(false)} onDrop={dropped}>
      <b>{label}</b>
      <div class="file-row">
        <label class="button button-plain file-button">
          {choose}
          <input type="file" class="unseen" accept={accept} onChange={(event) => {
            const input = event.currentTarget;
            const file = input.files?.[0];
            // The same file may be chosen again, after it was changed.
            input.value = '';
            if (file) onChoose(file);
          }} />
        </label>
        <span class="faint file-drop">{drop}</span>
      </div>
      {hint && <p class="faint">{hint}</p>}
    </div>
  );
}
