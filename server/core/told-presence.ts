import { z } from 'zod';
import { MAX_NAME_CHARACTERS } from '../shared/room-name.ts';
import { MAX_SHOWN } from './presence.ts';

/** What a node tells of a room: in an update, users come and others go. */
export const toldPresence = z.object({
  room: z.string().min(1).max(MAX_NAME_CHARACTERS),
  people: z
    .array(
      z.object({
        uid: z.string().min(1).max(64),
        name: z.string().max(200).nullable(),
        state: z.enum(['online', 'away', 'gone']),
        isTyping: z.boolean(),
      }),
    )
    .max(2 * MAX_SHOWN),
  count: z.int().min(0).max(1_000_000),
  isWhole: z.boolean(),
});
