/** What was sent and has not come back yet, by the id under which it was sent. */
export class Outbox {
  readonly #texts = new Map<string, string>();

  /** Keeps a text until it is confirmed or refused. Gives the id to send it under. */
  add(text: string): string {
    // Not randomUUID: a page that came over plain HTTP does not have it.
    const bytes = crypto.getRandomValues(new Uint8Array(12));
    const cid = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    this.#texts.set(cid, text);
    return cid;
  }

  /** It came back or was refused: gives the text, if it was one of ours. */
  settle(cid: string | undefined): string | undefined {
    if (cid === undefined) return undefined;
    const text = this.#texts.get(cid);
    this.#texts.delete(cid);
    return text;
  }

  /** What is not settled, in the order it was written. */
  get all(): readonly (readonly [cid: string, text: string])[] {
    return [...this.#texts];
  }
}
