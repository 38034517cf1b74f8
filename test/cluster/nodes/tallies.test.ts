import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { suite, test } from 'node:test';
import type { Client } from '../../support/client.ts';
import { openOneNats, SECRET } from '../../support/cluster.ts';
import { openApp, temporaryFolder } from '../../support/server.ts';
import { createGuest, outcome, signIn, type TestUser } from '../../support/test-user.ts';

/** Users who vote one after the other, on each node. */
const VOTERS = 40;

interface Shown {
  readonly seq: number;
  readonly voters: number;
}

/** The counts of the poll that a client was shown, in order. */
function shown({ frames }: Client): readonly Shown[] {
  return frames
    .filter((frame) => frame.startsWith('{"type":"poll"'))
    .map((frame) => JSON.parse(frame));
}

const hasAll = (client: Client) => client.until(() => shown(client).at(-1)?.voters === 2 * VOTERS);

suite('The counts of a poll in a cluster', { timeout: 240_000 }, () => {
  test('are the same on every node, written once, and never go back for who moves', async (t) => {
    const { urls, scope } = await openOneNats(t);
    const data = temporaryFolder(scope);
    const options = { cluster: urls, secret: SECRET, rateLimits: false };
    const one = await openApp(scope, { ...options, data });
    const two = await openApp(scope, { ...options, data: temporaryFolder(scope) });
    const ada = await signIn(one.port, 'Ada');
    await ada.createRoom('class');
    const create = { type: 'create-poll', question: 'Which?', options: ['a', 'b'] };
    assert.equal(await outcome(ada.command('class', create)), '200');
    const [near, far] = [await ada.live(t, 'class'), await ada.at(two.port).live(t, 'class')];
    await far.until(() => shown(far).length > 0);
    const id = JSON.parse(far.frames.find((frame) => frame.includes('"poll"')) ?? '').id as number;

    const vote = async (port: number) => {
      for (let n = 0; n < VOTERS; n += 1) {
        const guest: TestUser = await createGuest(port);
        const set = { type: 'set-votes', id, options: [n % 2] };
        assert.equal(await outcome(guest.command('class', set)), '200');
      }
    };
    /** A client that connects to the other node again and again, with the position it has. */
    const move = async () => {
      const all: Shown[] = [];
      let cursor: string | undefined;
      for (const { port } of [one, two, one, two, one, two]) {
        const client = await ada.at(port).live(t, 'class', cursor);
        const synced = (frames: readonly string[]) =>
          frames.findLast((frame) => frame.startsWith('{"type":"synced"'));
        await client.until((frames) => synced(frames) !== undefined);
        const before = shown(client).length;
        const isOver = () => shown(client).at(-1)?.voters === 2 * VOTERS;
        const seen = () => [...all, ...shown(client)].at(-1)?.voters === 2 * VOTERS;
        if (!seen()) await client.until(() => shown(client).length > before || isOver());
        assert.ok(!client.frames.some((frame) => frame.startsWith('{"type":"reset"')));
        all.push(...shown(client));
        const epoch = JSON.parse(synced(client.frames) ?? '').cursor.split('.')[0];
        cursor = `${epoch}.${all.at(-1)?.seq}`;
        client.ws.terminate();
      }
      return all;
    };
    const [moved] = await Promise.all([move(), vote(one.port), vote(two.port)]);
    await Promise.all([hasAll(near), hasAll(far)]);
    for (const list of [moved, shown(near), shown(far)]) {
      const voters = list.map((poll) => poll.voters);
      assert.deepEqual(
        voters,
        voters.toSorted((a, b) => a - b),
      );
    }
    // Whatever each was shown, it is the same at the same place of the log.
    const known = new Map(shown(near).map(({ seq, voters }) => [seq, voters]));
    for (const { seq, voters } of [...shown(far), ...moved])
      assert.equal(known.get(seq) ?? voters, voters);
    const db = new DatabaseSync(join(data, 'chat.sqlite'), { readOnly: true });
    const written = db
      .prepare("SELECT count(*) AS n FROM events WHERE kind = 'poll-tallied'")
      .get();
    db.close();
    assert.ok(Number(written?.n) < 2 * VOTERS, `${written?.n} counts`);
  });
});
