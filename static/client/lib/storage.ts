import { ifAllowed } from './allowed.ts';

/** What this browser keeps for a page. A browser may be set to keep nothing: then nothing is. */
export function readLocal<T>(key: string, otherwise: T): T {
  return read(() => localStorage, key, otherwise);
}

export function writeLocal(key: string, value: unknown): void {
  write(() => localStorage, key, value);
}

/** Entries of a map that are kept; those of before stood in an object. */
type Entries<T> = readonly (readonly [string, T])[] | Readonly<Record<string, T>>;

/**
 * Something that is kept for some rooms, the one written last at the end. It is a map, for a room may be
 * called `constructor`, and an object puts `2026` before all others.
 */
export function readLocalMap<T>(key: string): Map<string, T> {
  const entries = readLocal<Entries<T>>(key, []);
  return new Map(Array.isArray(entries) ? entries : Object.entries(entries));
}

/** Keeps one more, as the last, and of all no more than `most`; without a value, one less. */
export function writeLocalEntry<T>(
  key: string,
  name: string,
  value: T | undefined,
  most: number,
): void {
  const map = readLocalMap<T>(key);
  map.delete(name);
  if (value !== undefined) map.set(name, value);
  writeLocal(key, [...map].slice(-most));
}

/** What this tab alone keeps: over a reload and a crash, until it is closed. */
export function readSession<T>(key: string, otherwise: T): T {
  return read(() => sessionStorage, key, otherwise);
}

export function writeSession(key: string, value: unknown): void {
  write(() => sessionStorage, key, value);
}

function read<T>(storage: () => Storage, key: string, otherwise: T): T {
  const text = ifAllowed(() => storage().getItem(`typhoon.${key}`));
  // Another page of this origin may have written what is none of ours.
  return ifAllowed(() => (text ? JSON.parse(text) : undefined)) ?? otherwise;
}

function write(storage: () => Storage, key: string, value: unknown): void {
  ifAllowed(() => storage().setItem(`typhoon.${key}`, JSON.stringify(value)));
}
