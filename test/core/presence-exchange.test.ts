import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { PresenceEntry, PresenceUpdate } from '../../server/core/presence.ts';
import { PresenceExchange } from '../../server/core/presence-exchange.ts';
import { MemoryNet } from '../support/memory-bus.ts';

const REPEAT_MS = 5_000;
const SILENCE_MS = 15_000;
const ann: PresenceEntry = { uid: 'ann', name: 'Ann', state: 'online', isTyping: false };
const whole = (...people: PresenceEntry[]): PresenceUpdate => ({
  people,
  count: people.length,
  isWhole: true,
});

function open() {
  const net = new MemoryNet();
  const clock = { now: 1_000 };
  const node = () => new PresenceExchange(net.join(), () => clock.now);
  return { net, clock, node };
}

suite('The exchange of presence', () => {
  test('tells the other nodes what differs, where the room is open and where it is not', () => {
    const { node } = open();
    const [one, two, three] = [node(), node(), node()];
    let changes = 0;
    const room = two.share('class', { own: () => whole(), onChange: () => (changes += 1) });
    one
      .share('class', { own: () => whole(ann), onChange: () => assert.fail('nobody told it') })
      .tell({ people: [ann], count: 1, isWhole: false });
    assert.deepEqual([room.union.changes()?.people, changes], [[ann], 1]);
    assert.equal(three.countElsewhere('class'), 1);
    assert.equal(three.countElsewhere('other'), 0);
  });

  test('is told all when a node starts, and again after a while, in case it was lost', () => {
    const { net, clock, node } = open();
    const one = node();
    one.share('class', { own: () => whole(ann), onChange: () => {} });
    let told = 0;
    net.join().hear('presence', () => (told += 1));
    one.tick();
    assert.equal(told, 0, 'nothing is due');
    const two = node();
    two.start();
    two.close();
    one.tick();
    assert.equal(two.countElsewhere('class'), 1);
    one.tick();
    assert.equal(told, 1);
    clock.now += REPEAT_MS;
    one.tick();
    assert.equal(told, 2);
  });

  test('forgets a node that is not heard of for 15 seconds', () => {
    const { clock, node } = open();
    const [one, two] = [node(), node()];
    const room = one.share('class', { own: () => whole(ann), onChange: () => {} });
    room.tell(whole(ann));
    clock.now += SILENCE_MS - 1;
    two.tick();
    assert.equal(two.countElsewhere('class'), 1);
    clock.now += 1;
    two.tick();
    assert.equal(two.countElsewhere('class'), 0);
    room.tell(whole(ann));
    assert.equal(two.countElsewhere('class'), 1);
    room.close();
    assert.equal(two.countElsewhere('class'), 0);
  });

  test('drops what no node of this version tells', () => {
    const { net, node } = open();
    const one = node();
    const bus = net.join();
    const good = { room: 'class', ...whole(ann) };
    for (const bad of [
      null,
      'text',
      { ...good, room: '' },
      { ...good, room: 'x'.repeat(1_000) },
      { ...good, count: -1 },
      { ...good, count: Number.MAX_VALUE },
      { ...good, people: [{ ...ann, state: 'asleep' }] },
      { ...good, people: [{ ...ann, uid: 'x'.repeat(1_000) }] },
      { ...good, people: Array.from({ length: 1_000 }, (_, n) => ({ ...ann, uid: `${n}` })) },
    ])
      bus.tell('presence', bad);
    assert.equal(one.countElsewhere('class'), 0);
    bus.tell('presence', good);
    assert.equal(one.countElsewhere('class'), 1);
  });
});
