/** A browser's storage, in memory. */
export class MemoryStorage {
  readonly #items = new Map<string, string>();

  getItem(key: string): string | null {
    return this.#items.get(key) ?? null;
  }

  setItem(key: string, value: string): void {
    this.#items.set(key, value);
  }

  removeItem(key: string): void {
    this.#items.delete(key);
  }

  clear(): void {
    this.#items.clear();
  }
}

const [local, session] = [new MemoryStorage(), new MemoryStorage()];

/** Gives this process the storages of a browser, the same whenever it is called. */
export function openStorages(): { readonly local: MemoryStorage; readonly session: MemoryStorage } {
  for (const [name, value] of Object.entries({ localStorage: local, sessionStorage: session })) {
    Object.defineProperty(globalThis, name, { value, configurable: true });
  }
  return { local, session };
}
