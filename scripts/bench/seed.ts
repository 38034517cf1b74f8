import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { appender } from '../../server/features/appender.ts';
import type { MessagePosted } from '../../server/features/messages/events.ts';
import { openDatabase } from '../../server/features/schema.ts';
import type { Seed } from './server.ts';

/** Messages per transaction. */
const BATCH = 1_000;

/** Seeds the history of a server that has not started yet. */
export function seed(count: number, next: () => MessagePosted): Seed {
  return async (folder) => {
    const db = openDatabase(join(folder, 'chat.sqlite'));
    // After a power failure, the benchmark starts over.
    db.exec('PRAGMA synchronous = OFF');
    const append = appender(db);
    for (let left = count; left > 0; left -= BATCH) {
      append(Array.from({ length: Math.min(BATCH, left) }, next));
      // Lets signals be handled.
      await turn();
    }
    db.close();
  };
}
