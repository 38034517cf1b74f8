import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Lobby } from '../../server/chat/lobby.ts';
import { type Sink, Waiter } from '../../server/chat/waiter.ts';
import { SqliteLog } from '../../server/log/sqlite.ts';
import { Renderer } from '../../server/render/renderer.ts';
import { tornado, webSocketJson } from '../../server/render/websocket.ts';
import { openFolder } from '../../server/store/folder.ts';
import { Store } from '../../server/store/store.ts';
import { failOnError } from '../support/observer.ts';
import { personOf } from '../support/people.ts';
import { readFrame } from '../support/wire.ts';

/** A sink that keeps what it is told of messages. */
class Wide implements Sink {
  readonly told: string[] = [];

  write(frames: Buffer): boolean {
    let rest = frames;
    for (let frame = readFrame(rest); frame; frame = readFrame(rest)) {
      const text = frame.payload.toString();
      if (/^(\{"type":"message"|<article)/.test(text)) this.told.push(text);
      rest = rest.subarray(frame.size);
    }
    return true;
  }

  drained(): Promise<boolean> {
    return Promise.resolve(true);
  }

  fail(error: unknown): void {
    assert.fail(String(error));
  }

  dismiss(): void {}
}

suite('What one commit changes', () => {
  test('of one message is told once, whatever number of people did it', async (t) => {
    const folder = openFolder(':memory:');
    const store = await Store.open(folder, failOnError);
    const log = new SqliteLog(store, failOnError);
    t.after(async () => {
      await log.close();
      await store.close();
      folder.release();
    });
    const parts = { log, store, renderer: new Renderer(), graceMs: 0 };
    const fail = (_room: string, error: unknown) => assert.fail(String(error));
    const room = await new Lobby(parts, fail).room('room');
    const ada = personOf('ada');
    const [all, news] = [new Wide(), new Wide()];
    for (const [sink, encoding] of [[all, webSocketJson] as const, [news, tornado] as const]) {
      const waiter = new Waiter(room, sink, encoding, { who: ada, word: null });
      room.enter(waiter);
      await waiter.start();
    }
    const say = room.do({ do: 'say', message: 'one', cid: null, reply: null, files: [] }, ada);
    const edit = room.do({ do: 'edit', id: 1, message: 'two' }, ada);
    const reactions = Array.from({ length: 50 }, (_, n) =>
      room.do({ do: 'react', id: 1, emoji: '👍', on: null }, personOf(`p${n}`)),
    );
    await Promise.all([say, edit, ...reactions]);
    const told = all.told.map((text) => JSON.parse(text));
    assert.deepEqual(
      told.map(({ seq, body, reactions: [one] }) => [seq, body, one?.count]),
      [
        [1, 'one', undefined],
        [52, 'two', 50],
      ],
    );
    assert.equal(news.told.length, 1);
    assert.match(news.told[0] ?? '', /<div class="body" dir="auto">one<\/div>/);
    const latest = await room.past.latest({ type: 'json', address: ada.address });
    assert.deepEqual(
      latest.fragments.map(({ id, seq }) => [id, seq]),
      [[1, 52]],
    );
  });
});
