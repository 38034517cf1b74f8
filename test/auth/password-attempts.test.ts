import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { suite, test } from 'node:test';
import { BrowserCookies } from '../../server/auth/browsers.ts';
import { Keyring } from '../../server/auth/keyring.ts';
import { PasswordAttempts, type Secret } from '../../server/auth/password-attempts.ts';
import type { Bus } from '../../server/core/bus.ts';
import { ChatError } from '../../server/core/errors.ts';
import { MemoryNet } from '../support/memory-bus.ts';

const browsers = new BrowserCookies(new Keyring(Buffer.alloc(32)));
const ROOM = 'room class';
const HOME = '192.0.2.1';

/** A request of a client without cookies. */
const BARE = { headers: {} } as IncomingMessage;

/** A request of a browser that has given these passwords before. */
function browser(...known: readonly Secret[]): IncomingMessage {
  let issued = browsers.issue();
  for (const secret of known) issued = browsers.withProof(issued, secret);
  return { headers: { cookie: `browser=${browsers.cookie(issued)}` } } as IncomingMessage;
}

function open(now = () => 0, bus?: Bus) {
  const attempts = new PasswordAttempts(browsers, bus, now);
  /** Makes an attempt. Returns the seconds to wait, or 0 if it was allowed. */
  const wait = (secret: Secret, request: IncomingMessage, address = HOME, session?: string) => {
    try {
      attempts.begin(secret, request, address, session);
      return 0;
    } catch (error) {
      assert.ok(error instanceof ChatError && error.code === 'too-many-attempts');
      return error.retryAfterSeconds ?? 0;
    }
  };
  /** Fails up to this many times, as long as it is allowed. Returns how often it was. */
  const fail = (times: number, secret: Secret, request: () => IncomingMessage, address = HOME) => {
    for (let n = 0; n < times; n += 1) if (wait(secret, request(), address) > 0) return n;
    return times;
  };
  return { attempts, wait, fail };
}

suite('A password attempt', () => {
  test('is refused to a browser after six failures, and still allowed to other browsers at the address', () => {
    const { wait, fail } = open();
    const ben = browser();
    assert.equal(
      fail(10, ROOM, () => ben),
      6,
    );
    assert.equal(wait(ROOM, ben), 2);
    assert.equal(wait('room other', ben), 0);
    assert.equal(wait(ROOM, browser()), 0);
    assert.equal(wait(ROOM, BARE), 0);
  });

  test('of a client without cookies counts for all of them at their address', () => {
    const { wait, fail } = open();
    assert.equal(
      fail(10, ROOM, () => BARE),
      6,
    );
    assert.equal(wait(ROOM, BARE, '192.0.2.2'), 0);
    assert.equal(wait(ROOM, browser()), 0);
    // Nor may they make more attempts in total than one browser, for whatever secret.
    const others = ['server', 'room a', 'room b', 'room c'] as const;
    assert.deepEqual(
      others.map((secret) => fail(100, secret, () => BARE)),
      [6, 6, 2, 0],
    );
    assert.equal(wait('room c', BARE), 60);
  });

  test('of ever new browsers is limited by address, to one in 30 s', () => {
    let now = 0;
    const { wait, fail } = open(() => now);
    assert.equal(
      fail(1_000, ROOM, () => browser()),
      100,
    );
    assert.equal(wait('server', browser()), 30);
    assert.equal(wait(ROOM, browser(), '192.0.2.2'), 0);
    now = 30_000;
    assert.equal(
      fail(10, ROOM, () => browser()),
      1,
    );
  });

  test('of ever new networks of one IPv6 site is limited for the whole site', () => {
    const { wait } = open();
    let allowed = 0;
    for (let n = 0; n < 1_000; n += 1) {
      if (wait(ROOM, browser(), `2001:db8:0:${n.toString(16)}::/64`) === 0) allowed += 1;
    }
    assert.equal(allowed, 800);
    assert.equal(wait(ROOM, browser(), '2001:db8:1::/64'), 0);
  });

  test('of a browser that has given the password before is allowed, whatever others failed', () => {
    const { attempts, wait, fail } = open();
    fail(1_000, ROOM, () => browser());
    fail(1_000, 'room other', () => BARE);
    const ann = browser(ROOM);
    assert.equal(wait('server', ann), 30, 'like any other browser, for another secret');
    attempts.begin(ROOM, ann, HOME).succeed();
    // Its own failures count, and for no other browser.
    assert.equal(
      fail(10, ROOM, () => ann),
      6,
    );
    assert.equal(wait(ROOM, browser(ROOM)), 0);
  });

  test('that succeeds resets the failures of its browser for this secret', () => {
    const { attempts, fail } = open();
    const ann = browser();
    fail(5, ROOM, () => ann);
    attempts.begin(ROOM, ann, HOME).succeed();
    assert.equal(
      fail(10, ROOM, () => ann),
      6,
    );
  });

  test('that succeeds without a cookie takes back only itself', () => {
    const { attempts, fail } = open();
    fail(5, ROOM, () => BARE);
    attempts.begin(ROOM, BARE, HOME).succeed();
    assert.equal(
      fail(10, ROOM, () => BARE),
      1,
    );
  });

  test('counts as a failure until it ends, and not at all if it is cancelled', () => {
    const { attempts, wait, fail } = open();
    const ann = browser();
    const all = Array.from({ length: 6 }, () => attempts.begin('account ann', ann, HOME));
    assert.equal(wait('account ann', ann), 2);
    for (const attempt of all) attempt.cancel();
    assert.equal(
      fail(10, 'account ann', () => ann),
      6,
    );
  });
});

suite('The password of an account', () => {
  let count = 0;
  const anywhere = () => {
    count += 1;
    return `198.51.100.${count}`;
  };

  test('allows twenty attempts by unknown browsers, from any address, and then one per minute', () => {
    let now = 0;
    const { wait } = open(() => now);
    const allowed = Array.from({ length: 50 }, () => wait('account ann', browser(), anywhere()));
    assert.deepEqual(allowed, [...Array(20).fill(0), ...Array(30).fill(60)]);
    assert.equal(wait('account bob', browser(), anywhere()), 0);
    now = 60_000;
    assert.equal(wait('account ann', browser(), anywhere()), 0);
    assert.equal(wait('account ann', browser(), anywhere()), 60);
  });

  test('allows attempts from where it was given before, by cookie, address or session', () => {
    const { attempts, wait } = open();
    attempts.begin('account ann', BARE, HOME).succeed();
    for (let n = 0; n < 50; n += 1) wait('account ann', browser(), anywhere());
    assert.equal(wait('account ann', browser(), '192.0.2.2'), 60);
    assert.equal(wait('account ann', browser('account ann'), '192.0.2.2'), 0);
    assert.equal(wait('account ann', browser(), HOME), 0);
    assert.equal(wait('account ann', BARE, '192.0.2.2', 'a session of Ann'), 0);
  });

  test('is rate limited for its own session, too', () => {
    const { wait } = open();
    const waits = Array.from({ length: 8 }, () => wait('account ann', BARE, HOME, 'a session'));
    assert.deepEqual(waits, [0, 0, 0, 0, 0, 0, 2, 2]);
    assert.equal(wait('account ann', BARE, HOME, 'another session'), 0);
  });
});

suite('On the nodes of a cluster', () => {
  test('failures count together, and a success on one is one on all', () => {
    const net = new MemoryNet();
    const [one, two] = [open(() => 0, net.join()), open(() => 0, net.join())];
    const ben = browser();
    assert.equal(
      one.fail(3, ROOM, () => ben),
      3,
    );
    assert.equal(
      two.fail(10, ROOM, () => ben),
      3,
    );
    assert.equal(one.wait(ROOM, ben), 2);
    assert.equal(one.wait(ROOM, browser()), 0);
    const ada = browser();
    one.fail(5, ROOM, () => ada);
    two.attempts.begin(ROOM, ada, HOME).succeed();
    assert.equal(
      one.fail(10, ROOM, () => ada),
      6,
      'it starts again',
    );
  });

  test('an address that gave the password of an account on one is not limited by others on another', () => {
    const net = new MemoryNet();
    const [one, two] = [open(() => 0, net.join()), open(() => 0, net.join())];
    const account = 'account ada';
    one.attempts.begin(account, browser(), HOME).succeed();
    for (let n = 0; n < 1_000; n += 1) two.wait(account, browser(), `198.51.100.${n % 250}`);
    assert.ok(one.wait(account, browser(), '203.0.113.9') > 0, 'the account is limited');
    assert.equal(two.wait(account, browser(), HOME), 0);
  });

  test('what none of them tells is dropped', () => {
    const net = new MemoryNet();
    const one = open(() => 0, net.join());
    const bus = net.join();
    const keys = { secret: `${HOME} ${ROOM}` };
    for (const bad of [
      null,
      { change: 'charge' },
      { change: 'forget', keys },
      { change: 'charge', keys: { secret: 'x'.repeat(2_000) } },
    ])
      bus.tell('password-attempts', bad);
    assert.equal(
      one.fail(10, ROOM, () => BARE),
      6,
    );
  });
});
