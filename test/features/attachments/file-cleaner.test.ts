import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { pino } from 'pino';
import { FileCleaner } from '../../../server/features/attachments/file-cleaner.ts';
import { FileFolder } from '../../../server/features/attachments/file-folder.ts';
import { OperatorLog } from '../../../server/operator-log.ts';
import { temporaryFolder } from '../../support/server.ts';

const operatorLog = new OperatorLog(pino({ level: 'silent' }));
const unused = () => assert.fail('It is not used.');

test('The thousands of files of a deleted room are removed some at a time, until the server ends.', async (t) => {
  let open = 0;
  let mostOpen = 0;
  const removed: string[] = [];
  class SlowFolder extends FileFolder {
    override async remove(id: string): Promise<void> {
      open += 1;
      mostOpen = Math.max(mostOpen, open);
      await turn();
      open -= 1;
      removed.push(id);
    }
  }
  const cleaner = new FileCleaner({
    folder: new SlowFolder(temporaryFolder(t), operatorLog),
    copies: undefined,
    log: { append: unused } as never,
    queries: { unusedFiles: unused, unknownFiles: unused, deletedFiles: unused },
    operatorLog,
    unattachedFileTtlMs: 1_000,
  });
  const freed = Array.from({ length: 3_000 }, (_, n) => `${n}`);
  cleaner.apply([{ seq: 1, room: 'class', freed: freed.slice(0, 2_000) }]);
  cleaner.apply([{ seq: 2, room: 'class', freed: freed.slice(2_000) }]);
  while (removed.length < freed.length) await turn();
  assert.deepEqual(removed, freed);
  assert.ok(mostOpen <= 10, `${mostOpen}`);
  cleaner.apply([{ seq: 3, room: 'class', freed }]);
  cleaner.close();
  while (open > 0) await turn();
  assert.ok(removed.length <= freed.length + 10, `${removed.length}`);
});
