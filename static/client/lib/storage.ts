import { ifAllowed } from './allowed.ts';

/** What this browser keeps for a page. A browser may be set to keep nothing: then nothing is. */
export function kept<T>(key: string, otherwise: T): T {
  return read(() => localStorage, key, otherwise);
}

export function keep(key: string, value: unknown): void {
  write(() => localStorage, key, value);
}

/** Entries of a map that are kept; those of before stood in an object. */
type Entries<T> = readonly (readonly [string, T])[] | Readonly<Record<string, T>>;

/**
 * Something that is kept for some rooms, the one written last at the end. It is a map, for a room may be
 * called `constructor`, and an object puts `2026` before all others.
 */
export function keptMap<T>(key: string): Map<string, T> {
  const entries = kept<Entries<T>>(key, []);
  return new Map(Array.isArray(entries) ? entries : Object.entries(entries));
}

/** Keeps one more, as the last, and of all no more than `most`; without a value, one less. */
export function keepInMap<T>(key: string, name: string, value: T | undefined, most: number): void {
  const map = keptMap<T>(key);
  map.delete(name);
  if (value !== undefined) map.set(name, value);
  keep(key, [...map].slice(-most));
}

/** What this tab alone keeps: over a reload and a crash, until it is closed. */
export function keptHere<T>(key: string, otherwise: T): T {
  return read(() => sessionStorage, key, otherwise);
}

export function keepHere(key: string, value: unknown): void {
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
