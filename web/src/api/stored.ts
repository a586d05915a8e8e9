// The browser's own store, which some browsers switch off: then nothing is remembered, and nothing breaks.

export function stored(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

export function storedSet(name: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(name);
    else localStorage.setItem(name, value);
  } catch {
    return;
  }
}

/** Everything whose name begins so. */
export function storedClear(prefix: string): void {
  try {
    for (const name of Object.keys(localStorage)) if (name.startsWith(prefix)) localStorage.removeItem(name);
  } catch {
    return;
  }
}

/** Of this tab alone: it is there after a reload, and not in another one. */
export function tabStored(name: string): string | null {
  try {
    return sessionStorage.getItem(name);
  } catch {
    return null;
  }
}

export function tabStoredSet(name: string, value: string | null): void {
  try {
    if (value === null) sessionStorage.removeItem(name);
    else sessionStorage.setItem(name, value);
  } catch {
    return;
  }
}

export function tabStoredClear(): void {
  try {
    sessionStorage.clear();
  } catch {
    return;
  }
}
