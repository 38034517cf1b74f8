import { ChatError } from './errors.ts';

/** A position in the log: everything up to `seq` has been received. */
export interface Cursor {
  readonly epoch: string;
  readonly seq: number;
}

export function formatCursor({ epoch, seq }: Cursor): string {
  return `${epoch}.${seq}`;
}

/** @throws ChatError where it is not a cursor; the room checks whether it is of its log */
export function parseCursor(text: string | readonly string[]): Cursor {
  const [, epoch, seq] = /^([0-9a-z]{1,32})\.(\d{1,15})$/.exec(String(text)) ?? [];
  if (epoch === undefined) throw new ChatError('bad-cursor', { cursor: String(text).slice(0, 60) });
  return { epoch, seq: Number(seq) };
}
