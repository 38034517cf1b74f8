import { readLocalMap, writeLocalEntry } from '../lib/storage.ts';

const KEY = 'drafts';
/** Rooms whose draft is kept; the one written in first is forgotten. */
const MOST = 30;
/** A draft longer than this is not kept. */
const MOST_CHARACTERS = 20_000;
/** One who types is not kept waiting by what is kept. */
const WRITE_MS = 250;

/** What is being written in a room, kept until it is sent. */
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

  /** Keeps what is written now; of what is sent, nothing. */
  write(text: string): void {
    if (text === this.#text) return;
    this.#text = text;
    if (text === '') this.#write();
    else this.#timer ??= setTimeout(() => this.#write(), WRITE_MS);
  }

  #write(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const text = this.#text.length > MOST_CHARACTERS ? '' : this.#text;
    if (text === (readLocalMap<string>(KEY).get(this.#room) ?? '')) return;
    writeLocalEntry(KEY, this.#room, text || undefined, MOST);
  }
}
