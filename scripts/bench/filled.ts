import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { appender } from '../../server/features/appender.ts';
import type { MessagePosted } from '../../server/features/events.ts';
import { openDatabase } from '../../server/features/schema.ts';
import type { Fill } from './server.ts';

/** Messages per transaction. */
const GROUP = 1_000;

/** Seeds the history of a server that has not started yet. */
export function filled(count: number, next: () => MessagePosted): Fill {
  return async (folder) => {
    const db = openDatabase(join(folder, 'chat.sqlite'));
    // After a power failure, the benchmark starts over.
    db.exec('PRAGMA synchronous = OFF');
    const append = appender(db);
    for (let left = count; left > 0; left -= GROUP) {
      append(Array.from({ length: Math.min(GROUP, left) }, next));
      // Lets signals be handled.
      await turn();
    }
    db.close();
  };
}
