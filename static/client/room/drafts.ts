import { readLocalMap, writeLocalEntry } from '../lib/storage.ts';

const KEY = 'drafts';
/** How many rooms' drafts are stored; the oldest is dropped. */
const MAX_DRAFTS = 30;
/** A draft longer than this is not stored. */
const MAX_CHARACTERS = 20_000;
/** Storing is debounced, so that typing is not slowed down. */
const WRITE_MS = 250;

/** The draft of a room, stored until it is sent. */
export class Draft {
  readonly #room: string;
  #text: string;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(room: string) {
    this.#room = room;
    this.#text = readLocalMap<string>(KEY).get(room) ?? '';
    addEventListener('pagehide', () => this.#timer !== undefined && this.#write());
  }

  get text(): string {
    return this.#text;
  }

  /** Stores the current text; clears it once it is sent. */
  write(text: string): void {
    if (text === this.#text) return;
    this.#text = text;
    if (text === '') this.#write();
    else this.#timer ??= setTimeout(() => this.#write(), WRITE_MS);
  }

  #write(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const text = this.#text.length > MAX_CHARACTERS ? '' : this.#text;
    if (text === (readLocalMap<string>(KEY).get(this.#room) ?? '')) return;
    writeLocalEntry(KEY, this.#room, text || undefined, MAX_DRAFTS);
  }
}
