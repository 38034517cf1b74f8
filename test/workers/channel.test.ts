import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { ChatError } from '../../server/core/errors.ts';
import { StorageError } from '../../server/storage/storage-error.ts';
import { Channel, type Port } from '../../server/workers/channel.ts';
import { connectedPorts } from '../support/workers.ts';

interface Methods {
  add(a: number, b: number): number;
  note(text: string): void;
  fail(how: 'chat' | 'storage' | 'other'): Promise<void>;
}

const ERRORS = {
  chat: new ChatError('too-many-attempts', { count: 7 }),
  storage: new StorageError('no space', 'disk-full'),
  other: new TypeError('a bug'),
};

suite('A channel between two processes', () => {
  test('answers calls, and keeps their order with what is only posted', async (t) => {
    const [one, two] = connect(t);
    const order: string[] = [];
    two.serve({
      add: (a, b) => {
        order.push(`${a}`);
        return a + b;
      },
      note: (text) => void order.push(text),
    });
    const sums: Promise<number>[] = [];
    for (let n = 0; n < 3; n += 1) {
      sums.push(one.call('add', n, 10));
      one.post('note', `note ${n}`);
    }
    assert.deepEqual(await Promise.all(sums), [10, 11, 12]);
    assert.deepEqual(order, ['0', 'note 0', '1', 'note 1', '2', 'note 2']);
  });

  test('throws what the other end threw', async (t) => {
    const [one, two] = connect(t);
    two.serve({ fail: (how) => Promise.reject(ERRORS[how]) });
    await assert.rejects(one.call('fail', 'chat'), ERRORS.chat);
    await assert.rejects(one.call('fail', 'storage'), ERRORS.storage);
    await assert.rejects(one.call('fail', 'other'), /TypeError: a bug/);
  });

  test('gives up a process that reads nothing, with a bound to what waits for it', async () => {
    const stuck = Promise.withResolvers<void>();
    const packets: Uint8Array[] = [];
    const port: Port = {
      send: (packet) => void packets.push(packet),
      onPacket: () => {},
      onClose: () => {},
    };
    const channel = new Channel<object, Methods>(port, stuck.resolve);
    const waiting = assert.rejects(channel.call('add', 1, 2), { code: 'unconfirmed' });
    const text = 'x'.repeat(8 * 1024 * 1024);
    for (let n = 0; n < 10; n += 1) {
      channel.post('note', text);
      await new Promise(setImmediate);
    }
    await Promise.all([stuck.promise, waiting]);
    assert.ok(packets.length < 10, `${packets.length} packets`);
    await assert.rejects(channel.call('add', 1, 2), { code: 'unconfirmed' });
  });
});

/** The two ends of a channel in this process. */
function connect(t: { after(end: () => void): void }) {
  const ports = connectedPorts();
  t.after(ports.close);
  return [new Channel<object, Methods>(ports[0]), new Channel<Methods, object>(ports[1])] as const;
}
