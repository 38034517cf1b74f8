import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { pino } from 'pino';
import type { SharedFiles } from '../../../server/core/shared-files.ts';
import { DiskSpace } from '../../../server/features/attachments/disk-space.ts';
import { FileFolder } from '../../../server/features/attachments/file-folder.ts';
import { SharedCopies } from '../../../server/features/attachments/shared-copies.ts';
import { OperatorLog } from '../../../server/operator-log.ts';
import { temporaryFolder } from '../../support/server.ts';

const HOUR_MS = 60 * 60 * 1_000;
const id = (n: number) => `${n}`.padStart(32, '0');

/** A node with these files known to its database, and shared files in a folder. */
async function open(t: TestContext, known: readonly string[]) {
  const base = temporaryFolder(t);
  const [own, others] = [join(base, 'own'), join(base, 'shared')];
  for (const path of [own, others]) mkdirSync(path);
  const at = new Map<string, number>();
  const node = { isLevel: true, gets: 0 };
  const removed: string[] = [];
  const shared: SharedFiles = {
    async put(name, path) {
      copyFileSync(path, join(others, name));
    },
    async get(name, path) {
      node.gets += 1;
      if (!readdirSync(others).includes(name)) return undefined;
      copyFileSync(join(others, name), path);
      return readFileSync(path).length;
    },
    async remove(name) {
      removed.push(name);
    },
    list: async () =>
      readdirSync(others).map((name) => ({ name, bytes: 10, at: at.get(name) ?? Date.now() })),
  };
  const folder = new FileFolder(own, new OperatorLog(pino({ level: 'silent' })));
  await folder.open();
  t.after(() => folder.close());
  const copies = new SharedCopies({
    ...{ shared, folder, space: new DiskSpace(own) },
    unknownIds: async (ids) => ids.filter((one) => !known.includes(one)),
    isLevel: () => node.isLevel,
  });
  const add = (path: string, name: string) => writeFileSync(join(path, name), name);
  return { copies, node, at, removed, own, others, add };
}

suite('The copies of files that nodes share', () => {
  test('are compared: each has what is known, and what has long been unknown is removed', async (t) => {
    const [here, there, old, young] = [id(1), id(2), id(3), id(4)];
    const { copies, node, at, removed, own, others, add } = await open(t, [here, there]);
    add(own, here);
    for (const name of [there, `${there}.preview`, old, young]) add(others, name);
    at.set(old, Date.now() - 2 * HOUR_MS);
    node.isLevel = false;
    await copies.compare();
    assert.deepEqual(readdirSync(own).toSorted(), [here, there, `${there}.preview`]);
    assert.ok(readdirSync(others).includes(here));
    assert.deepEqual(removed, [], 'a node that is behind may not know it yet');
    node.isLevel = true;
    await copies.compare();
    assert.deepEqual(removed, [old], 'the young one may be an upload in progress');
  });

  test('are fetched once for all who ask, and not where they were deleted meanwhile', async (t) => {
    const [file, deleted] = [id(1), id(2)];
    const { copies, node, own, others, add } = await open(t, [file]);
    for (const name of [file, deleted]) add(others, name);
    const fetched = await Promise.all([1, 2, 3].map(() => copies.fetch(file, 10, 'room')));
    assert.deepEqual([fetched, node.gets], [[true, true, true], 1]);
    assert.equal(await copies.fetch(deleted, 10, 'room'), false);
    assert.equal(await copies.fetch(id(3), 10, 'room'), false);
    assert.deepEqual(readdirSync(own), [file]);
  });
});
