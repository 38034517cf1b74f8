import type { AttackedServer } from './attacked-server.ts';

/** A single input from a client, whose cost for the server is measured. */
export interface Case {
  /** The endpoint or the frame, such as `GET /rooms/:room`. */
  readonly target: string;
  /** Which part of it is hostile, such as `?at` or `field topic`. */
  readonly part: string;
  /** The hostile content. */
  readonly input: string;
  /** Sets up what it needs; this is not measured. */
  prepare(server: AttackedServer): Promise<Attempt>;
}

/** A case that is about to be sent. */
interface Attempt {
  /** Whether its end cannot be seen from what the server sends. */
  readonly isOpenEnded: boolean;
  /** Sends it, and waits for its end, if that can be seen. @returns the outcome */
  send(): Promise<string>;
  close(): void;
}

/** The name that a case is shown and selected by. */
export function nameOf({ target, part, input }: Case): string {
  return `${target} · ${part} · ${input}`;
}
