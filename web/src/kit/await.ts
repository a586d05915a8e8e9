// A form that is sent while one of its fields still looks for what was typed waits for what is found: it goes neither with the
// choice that stood there before nor with a few letters.

import { createContext } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';

/** What a form holds of its fields that are looking. The last two also of a field that never began. */
export interface Looking {
  begin: (field: string) => void;
  /** What was guessed from a few letters nobody has seen yet: it does not go with what was sent. Says whether it was kept from that. */
  found: (field: string, isGuess: boolean) => boolean;
  /** Something else is typed by now: what was sent with it does not go. */
  drop: (field: string) => void;
}

/** null: outside of a form, where nothing is sent. */
export const InForm = createContext<Looking | null>(null);

interface Awaiting {
  /** It was sent, and goes when its fields have found. */
  isAwaiting: boolean;
  submit: () => void;
  looking: Looking;
}

export function useAwaiting(send: () => void): Awaiting {
  const fields = useRef(new Set<string>());
  const [isAwaiting, setAwaiting] = useState(false);
  const awaits = useRef(false);
  awaits.current = isAwaiting;
  const [found, setFound] = useState(0);
  // An effect runs after the drawing with what was found, so that `send` is the one that knows it.
  useEffect(() => {
    if (!isAwaiting || fields.current.size) return;
    setAwaiting(false);
    send();
  }, [isAwaiting, found]);
  const looking = useMemo(() => ({
    begin: (field: string) => void fields.current.add(field),
    found: (field: string, isGuess: boolean) => {
      const isKept = fields.current.delete(field) && isGuess && awaits.current;
      if (isKept) setAwaiting(false);
      else setFound((count) => count + 1);
      return isKept;
    },
    drop: (field: string) => {
      if (fields.current.delete(field)) setAwaiting(false);
    },
  }), []);
  const submit = () => {
    if (fields.current.size) setAwaiting(true);
    else send();
  };
  return { isAwaiting, submit, looking };
}
