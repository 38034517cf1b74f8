import assert from 'node:assert/strict';
import { globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { runCommand } from '../../../server/commands/commands.ts';
import { openOneNats, SECRET, stored } from '../../support/cluster.ts';
import { openApp, type Scope, temporaryFolder } from '../../support/server.ts';
import { signIn } from '../../support/test-user.ts';
import { waitWhile } from '../../support/wait-while.ts';

async function openNode(scope: Scope, urls: readonly string[]) {
  const data = temporaryFolder(scope);
  const timing = { erasureIntervalMs: 20 };
  return { data, ...(await openApp(scope, { data, cluster: urls, secret: SECRET }, timing)) };
}

/** Whether a file of a data directory contains a text. */
function has(data: string, text: string): boolean {
  return globSync('**', { cwd: data }).some((file) => {
    const path = join(data, file);
    if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return false;
    return readFileSync(path, 'latin1').includes(text);
  });
}

suite('Erasing a person in a cluster', { timeout: 240_000 }, () => {
  test('leaves nothing on any node, and all of them with the same.', async (t) => {
    const { urls, scope } = await openOneNats(t);
    const one = await openNode(scope, urls);
    const two = await openNode(scope, urls);
    const [ann, bo] = [await signIn(one.port, 'Zqannabel'), await signIn(two.port, 'Bo')];
    for (let n = 0; n < 60; n += 1) await ann.postMessage('class', `zqtext ${n}`);
    await bo.postMessage('class', 'what Bo wrote');
    await waitWhile(() => !has(two.data, 'zqtext 59') || !has(one.data, 'what Bo wrote'), 50);
    t.mock.method(console, 'log', () => {});
    await runCommand(['erase', '--person', 'Zqannabel', '--data', two.data, '--yes'], {});
    for (const { data } of [one, two])
      for (const word of ['zqtext', 'Zqannabel', ann.uid])
        await waitWhile(() => has(data, word), 50);
    for (const { lines } of [one, two])
      assert.deepEqual(
        lines.filter(({ code }) => code !== 'nats-outdated'),
        [],
      );
    await one.close();
    await two.close();
    assert.deepEqual(stored(two.data), stored(one.data));
    await assert.rejects(
      runCommand(['erase', '--person', 'Bo', '--data', one.data, '--yes'], {}),
      /This is a node of a cluster: start it/,
    );
  });
});
