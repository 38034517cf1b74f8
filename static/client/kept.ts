/** What this browser keeps for a page. A browser may be set to keep nothing: then nothing is. */
export function kept<T>(key: string, otherwise: T): T {
  return read(() => localStorage, key, otherwise);
}

export function keep(key: string, value: unknown): void {
  write(() => localStorage, key, value);
}

/** What this tab alone keeps: over a reload and a crash, until it is closed. */
export function keptHere<T>(key: string, otherwise: T): T {
  return read(() => sessionStorage, key, otherwise);
}

export function keepHere(key: string, value: unknown): void {
  write(() => sessionStorage, key, value);
}

function read<T>(storage: () => Storage, key: string, otherwise: T): T {
  try {
    const text = storage().getItem(`typhoon.${key}`);
    return text === null ? otherwise : JSON.parse(text);
  } catch {
    return otherwise;
  }
}

function write(storage: () => Storage, key: string, value: unknown): void {
  try {
    storage().setItem(`typhoon.${key}`, JSON.stringify(value));
  } catch {}
}
