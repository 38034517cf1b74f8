import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { openOneNats, SECRET } from '../../support/cluster.ts';
import { post } from '../../support/listeners.ts';
import { openApp, temporaryFolder } from '../../support/server.ts';

test('Of two nodes that differ one stops as soon as both are at the same place, within few places.', {
  timeout: 240_000,
}, async (t) => {
  const { urls, scope } = await openOneNats(t);
  const cluster = { cluster: urls, secret: SECRET };
  const data = temporaryFolder(scope);
  const one = await openApp(scope, { ...cluster, data: temporaryFolder(scope) });
  const before = await openApp(scope, { ...cluster, data });
  assert.ok((await post(one.port, 'class', 'a')).ok);
  await before.close();
  const db = new DatabaseSync(join(data, 'chat.sqlite'));
  db.exec("UPDATE replica SET digest = 'another'");
  db.close();
  const two = await openApp(scope, { ...cluster, data });
  assert.ok((await post(two.port, 'class', 'b')).ok);
  const faults = () =>
    [one, two].flatMap(({ lines }) => lines.filter(({ code }) => code === 'cluster-fault'));
  while (faults().length === 0) await wait(50);
  assert.match(JSON.stringify(faults()), /up to place \d+ this node has decided otherwise/);
});
