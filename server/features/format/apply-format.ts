import type { FormatInForce } from '../../storage/format-in-force.ts';
import type { NextSeq } from '../../storage/sequence.ts';
import type { ChatOutcome } from '../change.ts';
import type { EventHandlers } from '../event.ts';
import type { FormatRaised } from './events.ts';

/** The format of a log: several nodes may raise it at once, and the first of them does. */
export function applyFormat(
  inForce: FormatInForce,
  number: NextSeq,
): EventHandlers<FormatRaised, ChatOutcome> {
  return {
    'format-raised'({ kind, format, at }) {
      if (format <= inForce.current) return { change: { seq: 0, room: null }, isNew: false };
      const seq = number(kind, '', '', at);
      inForce.raise(format);
      return { change: { seq, room: null }, isNew: true };
    },
  };
}
