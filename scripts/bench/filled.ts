import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import type { Posted } from '../../server/core/event.ts';
import { appender } from '../../server/storage/appender.ts';
import { openForWriting } from '../../server/storage/open.ts';
import type { Fill } from './server.ts';

/** Messages in one transaction. */
const GROUP = 1_000;

/** Writes messages into the history of a server that has not begun yet. */
export function filled(count: number, next: () => Posted): Fill {
  return async (folder) => {
    const db = openForWriting(join(folder, 'chat.sqlite'));
    // Should the power go, the benchmark begins anew.
    db.exec('PRAGMA synchronous = OFF');
    const append = appender(db);
    for (let left = count; left > 0; left -= GROUP) {
      append(Array.from({ length: Math.min(GROUP, left) }, next));
      // Whoever wants to stop it is heard.
      await turn();
    }
    db.close();
  };
}
