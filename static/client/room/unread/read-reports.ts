/** A reader reads on for a while: after a report the next one waits. */
const REPORT_MS = 2_000;

interface ReadReportsOptions {
  /** Resolves once the server has stored it; `false` if it has not. */
  readonly send: (id: number) => Promise<boolean>;
  /** What the server has stored; 0 for nothing. */
  readonly storedId: number;
}

/** Reports to the server how far a signed-in user has read, so that all their devices agree. */
export class ReadReports {
  readonly #options: ReadReportsOptions;
  #reportedId: number;
  #readId = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: ReadReportsOptions) {
    this.#options = options;
    this.#reportedId = options.storedId;
  }

  /** The user has read up to this message. */
  report(id: number): void {
    this.#readId = id;
    if (id > this.#reportedId && this.#timer === undefined) this.flush();
  }

  /** The server has stored this: another device has reported it, or this one. */
  stored(id: number): void {
    this.#reportedId = Math.max(this.#reportedId, id);
  }

  /** Reports at once: the page may be about to end. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const [before, id] = [this.#reportedId, this.#readId];
    if (id <= before) return;
    this.#reportedId = id;
    this.#timer = setTimeout(() => this.flush(), REPORT_MS);
    void this.#options.send(id).then((isStored) => {
      // The next report includes it.
      if (!isStored && this.#reportedId === id) this.#reportedId = before;
    });
  }
}
