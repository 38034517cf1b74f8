import type { DatabaseSync } from 'node:sqlite';
import type { Message } from '../../core/message.ts';
import { rejected } from '../../core/outcome.ts';
import type { NextSeq } from '../../storage/sequence.ts';
import { formerGuests } from '../accounts/former-guests.ts';
import type { ChatOutcome } from '../change.ts';
import type { EventHandlers } from '../event.ts';
import type { MessagePosted } from '../messages/events.ts';
import type { PollCreated, PreparedSpec } from '../polls/events.ts';
import { hasGivenOptions } from '../polls/poll-kinds.ts';
import { IS_PREPARED } from '../polls/prepared-polls.ts';
import type { Attachment } from './attachment.ts';
import type { FileEvent } from './events.ts';

/** Uploaded files, and those removed because no message ever had them. */
export function applyFiles(
  db: DatabaseSync,
  number: NextSeq,
): EventHandlers<FileEvent, ChatOutcome> {
  const insert = db.prepare('INSERT INTO files VALUES (?, ?, ?, NULL, ?, ?)');
  const drop = db.prepare(
    `DELETE FROM files WHERE id = ? AND message IS NULL AND NOT ${IS_PREPARED}`,
  );
  return {
    'file-uploaded'({ room, who, file, at }) {
      insert.run(file.id, room, who.uid, JSON.stringify(file), at);
      return { change: { seq: number('file-uploaded', room, who.uid, at), room }, isNew: true };
    },
    'uploads-expired'({ files, at }) {
      const freed = files.filter((id) => drop.run(id).changes > 0);
      const seq = number('uploads-expired', '', '', at);
      return { change: { seq, room: null, freed }, isNew: true };
    },
  };
}

/** The attachments of messages. */
interface Attachments {
  /**
   * Why a message can't have its attachments, if there is a reason.
   * @param prepared files of a prepared poll: another user may have uploaded them
   */
  check(event: MessagePosted | PollCreated, prepared?: readonly string[]): ChatOutcome | undefined;
  /** Attaches files to a message. Returns them as stored with it. */
  attach(message: number, event: MessagePosted | PollCreated): string | null;
  /** The message was deleted. Returns the ids of its files, which are deleted, too. */
  detach(message: number): readonly string[];
  /** All messages of a room were deleted. */
  detachAll(room: string): readonly string[];
}

export function attachments(db: DatabaseSync): Attachments {
  const one = db.prepare('SELECT uid, spec, message FROM files WHERE id = ? AND room = ?');
  const { userOf } = formerGuests(db);
  const carry = db.prepare('UPDATE files SET message = ? WHERE id = ?');
  const ofMessage = db.prepare('DELETE FROM files WHERE message = ? RETURNING id');
  const ofRoom = db.prepare(
    'DELETE FROM files WHERE room = ? AND message IS NOT NULL RETURNING id',
  );
  const ids = (rows: readonly Readonly<Record<string, unknown>>[]) =>
    rows.map(({ id }) => `${id}`).sort();
  return {
    check(event, prepared = []) {
      const { files, room, who } = event;
      const poll = event.kind === 'poll-created' ? event.poll : undefined;
      const rows = files.map((id) => one.get(id, room));
      const isOwn = (row: (typeof rows)[number], index: number) =>
        row && (prepared.includes(files[index] ?? '') || userOf(String(row.uid)) === who.uid);
      if (!rows.every(isOwn)) return rejected('no-such-file');
      if (rows.some((row) => row?.message !== null)) return rejected('file-already-attached');
      const isPicture = (row: (typeof rows)[number]) => JSON.parse(String(row?.spec)).picture;
      const isFit = !poll || (rows.length <= answersOf(poll) && rows.every(isPicture));
      return isFit ? undefined : rejected('invalid-poll-images');
    },
    attach(message, { files, room }) {
      if (files.length === 0) return null;
      const specs = files.map((id) => {
        carry.run(message, id);
        return String(one.get(id, room)?.spec);
      });
      return `[${specs.join(',')}]`;
    },
    detach: (message) => ids(ofMessage.all(message)),
    detachAll: (room) => ids(ofRoom.all(room)),
  };
}

/** The options of the poll's creator, which may have images. */
function answersOf({ kind, options }: PreparedSpec): number {
  return hasGivenOptions(kind) ? options.length : 0;
}

export function readFiles({ files }: Pick<Message, 'files'>): readonly Attachment[] {
  return files === null ? [] : (JSON.parse(files) as readonly Attachment[]);
}

export function namesOf(message: Pick<Message, 'files'>): readonly string[] {
  return readFiles(message).map(({ name }) => name);
}

export function idsOf(message: Pick<Message, 'files'>): readonly string[] {
  return readFiles(message).map(({ id }) => id);
}
