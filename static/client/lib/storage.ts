import { ifAllowed } from './allowed.ts';

/** What this browser stores for the page. If the browser is set to store nothing, nothing is. */
export function readLocal<T>(key: string, otherwise: T): T {
  return read(() => localStorage, key, otherwise);
}

export function writeLocal(key: string, value: unknown): void {
  write(() => localStorage, key, value);
}

/** Entries of a stored map; older versions stored an object. */
type Entries<T> = readonly (readonly [string, T])[] | Readonly<Record<string, T>>;

/**
 * What is stored for some rooms; the entry written last is at the end. It is a map, since a
 * room may be called `constructor`, and an object sorts `2026` before all others.
 */
export function readLocalMap<T>(key: string): Map<string, T> {
  const entries = readLocal<Entries<T>>(key, []);
  return new Map(Array.isArray(entries) ? entries : Object.entries(entries));
}

/** Stores an entry as the last, and at most `max` entries; without a value, deletes the entry. */
export function writeLocalEntry<T>(
  key: string,
  name: string,
  value: T | undefined,
  max: number,
): void {
  const map = readLocalMap<T>(key);
  map.delete(name);
  if (value !== undefined) map.set(name, value);
  writeLocal(key, [...map].slice(-max));
}

/** What is stored for this tab only: over a reload and a crash, until it is closed. */
export function readSession<T>(key: string, otherwise: T): T {
  return read(() => sessionStorage, key, otherwise);
}

export function writeSession(key: string, value: unknown): void {
  write(() => sessionStorage, key, value);
}

function read<T>(storage: () => Storage, key: string, otherwise: T): T {
  const text = ifAllowed(() => storage().getItem(`typhoon.${key}`));
  // Another page of this origin may have written something else.
  return ifAllowed(() => (text ? JSON.parse(text) : undefined)) ?? otherwise;
}

function write(storage: () => Storage, key: string, value: unknown): void {
  ifAllowed(() => storage().setItem(`typhoon.${key}`, JSON.stringify(value)));
}
