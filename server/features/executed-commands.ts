import { createHash } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { rejected } from '../core/outcome.ts';
import type { ChatOutcome } from './change.ts';
import type { RoomEventBase } from './event.ts';
import type { Event, RoomEvent } from './events.ts';
import { messageTable } from './messages/message-table.ts';

/** How many commands are remembered, and for how long. */
const MAX_COMMANDS = 100_000;
const KEPT_MS = 24 * 60 * 60 * 1_000;

/** What two events of the same command may differ in: when, from where, and a salt. */
const CIRCUMSTANCES = new Set([
  'at',
  'who',
  'commandId',
  'name',
  'address',
  'browsers',
  'passwordHash',
]);

/** The commands that users sent under an id of their own, with what came of them. */
interface ExecutedCommands {
  /** The outcome of the same command before; `undefined` where there was none. */
  outcomeOf(event: Event): ChatOutcome | undefined;
  /** What was rejected, or changed nothing, is decided again each time. */
  remember(event: Event, outcome: ChatOutcome): void;
}

/**
 * Remembers commands for a day, 100,000 at most, so that one whose outcome its sender does not know can
 * be sent again. What is remembered follows from the log alone.
 */
export function executedCommands(db: DatabaseSync): ExecutedCommands {
  const select = db.prepare('SELECT content, seq, message FROM executed WHERE uid = ? AND cid = ?');
  const insert = db.prepare(
    `INSERT INTO executed (uid, cid, content, seq, message, at) VALUES (?, ?, ?, ?, ?, ?)`,
  );
  // Two for each that comes: the table shrinks to its bounds.
  const forget = db.prepare(
    `DELETE FROM executed WHERE id < (SELECT min(id) + 2 FROM executed) AND (id <= ? OR at < ?)`,
  );
  const { find } = messageTable(db);
  return {
    outcomeOf(event) {
      if (!hasCommandId(event)) return undefined;
      const { room, who, commandId } = event;
      const first = select.get(who.uid, commandId);
      if (!first) return undefined;
      if (first.content !== contentOf(event)) return rejected('cid-reused');
      const message = first.message === null ? undefined : find(Number(first.message), room);
      const change = { seq: Number(first.seq), room, ...(message && { message }) };
      return { change, isNew: false };
    },
    remember(event, outcome) {
      if (!hasCommandId(event) || !('change' in outcome) || !outcome.isNew) return;
      const { who, commandId, at } = event;
      const { seq, message } = outcome.change;
      const content = contentOf(event);
      const { lastInsertRowid } = insert.run(
        ...([who.uid, commandId, content, seq, message?.id ?? null, at] as const),
      );
      forget.run(Number(lastInsertRowid) - MAX_COMMANDS, at - KEPT_MS);
    },
  };
}

type CommandEvent = Extract<RoomEvent, RoomEventBase> & { readonly commandId: string };

function hasCommandId(event: Event): event is CommandEvent {
  return 'commandId' in event && event.commandId !== undefined;
}

/** A digest of what was asked for. */
function contentOf(event: CommandEvent): string {
  const text = JSON.stringify(event, (key, value) => (CIRCUMSTANCES.has(key) ? undefined : value));
  return createHash('sha256').update(text).digest('base64url');
}
