import type { AttackedServer } from './attacked-server.ts';

/** Something that a client sends, by itself, and whose cost for the server is measured. */
export interface Case {
  /** The endpoint or the frame, such as `GET /rooms/:room`. */
  readonly target: string;
  /** Which part of it is hostile, such as `?at` or `field topic`. */
  readonly part: string;
  /** What is in it. */
  readonly input: string;
  /** Brings about what it needs; nothing of that is measured. */
  prepare(server: AttackedServer): Promise<Attempt>;
}

/** A case that is about to be sent. */
export interface Attempt {
  /** Whether the end of it cannot be told by what the server sends. */
  readonly isOpenEnded: boolean;
  /** Sends it, and waits for the end of it, if that can be told. @returns what came of it */
  send(): Promise<string>;
  close(): void;
}

/** What one reads of a case, and finds it by. */
export function nameOf({ target, part, input }: Case): string {
  return `${target} · ${part} · ${input}`;
}
