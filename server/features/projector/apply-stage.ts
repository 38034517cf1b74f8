import type { DatabaseSync } from 'node:sqlite';
import { canControlStage } from '../../auth/permissions.ts';
import { rejected } from '../../core/outcome.ts';
import type { Stage } from '../../shared/stage.ts';
import type { NextSeq } from '../../storage/sequence.ts';
import type { ChatOutcome } from '../change.ts';
import type { EventHandlers } from '../event.ts';
import { messageTable } from '../messages/message-table.ts';
import { parsePoll } from '../polls/poll.ts';
import { suggestions } from '../polls/suggestions.ts';
import type { RoomCache } from '../rooms/room-cache.ts';
import type { StageEvent } from './events.ts';

/** What the projectors of a room show. It is part of the settings, without a system message. */
export function applyStage(
  db: DatabaseSync,
  rooms: RoomCache,
  number: NextSeq,
): EventHandlers<StageEvent, ChatOutcome> {
  const { findPoll } = messageTable(db);
  const { isVisible } = suggestions(db);

  function change(event: StageEvent, next: (stage: Stage) => Stage): ChatOutcome {
    const { kind, room, who, at } = event;
    const before = rooms.settings(room);
    const stage = next(before.stage);
    // Repeating a command is safe, and sends nothing.
    if (isEqual(stage, before.stage)) {
      return { change: { seq: 0, room, settings: before }, isNew: false };
    }
    const seq = number(kind, room, who.uid, at);
    return {
      change: { seq, room, settings: rooms.change(room, { ...before, stage }) },
      isNew: true,
    };
  }

  return {
    'stage-set'(event) {
      const { room, who, view, poll } = event;
      if (!canControlStage(rooms.settings(room), who)) return rejected('not-moderator');
      if (poll && !findPoll(poll, room)) return rejected('no-such-poll');
      return change(event, (stage) => ({
        ...stage,
        ...(view !== undefined && { view }),
        ...(poll !== undefined && { poll }),
      }));
    },
    'question-staged'(event) {
      const { room, who, id, option } = event;
      if (!canControlStage(rooms.settings(room), who)) return rejected('not-moderator');
      const message = findPoll(id, room);
      if (!message) return rejected('no-such-poll');
      const isQuestion = parsePoll(message.body).kind === 'q-and-a';
      if (!isQuestion || (option !== null && !isVisible(id, option)))
        return rejected('no-such-option');
      const question = option === null ? null : { poll: id, option };
      return change(event, (stage) => ({ ...stage, question }));
    },
  };
}

function isEqual(one: Stage, other: Stage): boolean {
  return (
    one.view === other.view &&
    one.poll === other.poll &&
    one.question?.poll === other.question?.poll &&
    one.question?.option === other.question?.option
  );
}
