import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { BATCH_BYTES, toBatches } from '../../server/core/batch.ts';
import type { Fragment } from '../../server/core/fragment.ts';
import { Waiter } from '../../server/core/waiter.ts';
import { tornadoFraming, webSocketFraming } from '../../server/transports/framing/websocket.ts';
import { openLog, postMessage, Recorder } from '../support/rendering.ts';
import { createUser } from '../support/users.ts';

/** The message frames that a connection received. */
function messagesOf({ texts }: Recorder): readonly string[] {
  return texts.filter((text) => /^(\{"type":"message"|<article)/.test(text));
}

suite('A commit', () => {
  test('is sent once for each message, however many users changed it', async (t) => {
    const room = await (await openLog(t)).open();
    const ada = createUser('ada');
    const [all, news] = [new Recorder(), new Recorder()];
    for (const [connection, encoding] of [
      [all, webSocketFraming('json')] as const,
      [news, tornadoFraming('en')] as const,
    ]) {
      const waiter = new Waiter(room, connection, encoding, { who: ada, passwordHash: null });
      room.subscribe(waiter);
      await waiter.start();
    }
    const posted = postMessage(room, 'one', ada);
    const edit = room.execute({ type: 'edit', id: 1, message: 'two' }, ada);
    const reactions = Array.from({ length: 50 }, (_, n) =>
      room.execute({ type: 'react', id: 1, emoji: '👍', enabled: null }, createUser(`p${n}`)),
    );
    await Promise.all([posted, edit, ...reactions]);
    const received = messagesOf(all).map((text) => JSON.parse(text));
    assert.deepEqual(
      received.map(({ seq, body, reactions: [reaction] }) => [seq, body, reaction?.count]),
      [
        [1, 'one', undefined],
        [52, 'two', 50],
      ],
    );
    assert.equal(messagesOf(news).length, 1);
    assert.match(messagesOf(news)[0] ?? '', /<div class="body">one<\/div>/);
    const latest = await room.history.pages.latest({ type: 'json', address: ada.address });
    assert.deepEqual(
      latest.fragments.map(({ id, seq }) => [id, seq]),
      [[1, 52]],
    );
  });
});

suite('A batch', () => {
  test('has as many fragments as fit, in their order, and at least one', () => {
    const large = fc.array(fc.integer({ min: 1, max: 2 * BATCH_BYTES }), { maxLength: 12 });
    const small = fc.array(fc.integer({ min: 1, max: BATCH_BYTES / 4 }), { maxLength: 40 });
    fc.assert(
      fc.property(fc.oneof(large, small), (sizes) => {
        const fragments = sizes.map((size, index) => fragment(index + 1, size));
        const batches = [...toBatches(fragments, 'en', 'epoch')];
        assert.deepEqual(
          batches.flatMap((batch) => batch.fragments),
          fragments,
        );
        let isFirst = true;
        let room = 0;
        for (const { fragments: some } of batches) {
          const [next = 0, ...others] = some.map((one) => one.text('en').length);
          assert.ok(isFirst || next > room, 'it would have fitted into the batch before');
          room = BATCH_BYTES - others.reduce((sum, length) => sum + length, next);
          assert.ok(others.length === 0 || room >= 0, 'a batch is too large');
          isFirst = false;
        }
      }),
    );
  });
});

function fragment(id: number, bytes: number): Fragment {
  return { id, seq: id, isUserContent: true, isNew: true, text: () => 'x'.repeat(bytes) };
}
