import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import {
  GUEST_NAME_TTL_MS,
  isExpired,
  SESSION_TTL_MS,
  type Session,
} from '../../../server/auth/session.ts';
import type { SessionEvent } from '../../../server/auth/session-events.ts';
import { appender } from '../../../server/features/appender.ts';
import type { ChatOutcome } from '../../../server/features/change.ts';
import { queries } from '../../../server/features/queries.ts';
import { openDatabase } from '../../../server/features/schema.ts';
import { errorCodeOf } from '../../support/poll.ts';

const HOUR_MS = 60 * 60 * 1_000;
const NAMES = ['ann', 'bob', 'eve'] as const;

/** A step of a user with one of the names or sessions, after a while. */
interface Step {
  readonly what: SessionEvent['kind'];
  readonly name: (typeof NAMES)[number];
  /** Which of all sessions so far. */
  readonly pick: number;
  readonly reserve: boolean;
  readonly knowsPassword: boolean;
  readonly afterMs: number;
}

const anyStep: fc.Arbitrary<Step> = fc.record({
  what: fc.oneof(
    { weight: 3, arbitrary: fc.constant('signed-in' as const) },
    fc.constantFrom(
      'session-touched',
      'signed-out',
      'moderator-granted',
      'password-changed' as const,
    ),
  ),
  name: fc.constantFrom(...NAMES),
  pick: fc.nat(7),
  reserve: fc.boolean(),
  knowsPassword: fc.boolean(),
  afterMs: fc.constantFrom(
    0,
    1,
    HOUR_MS,
    23 * HOUR_MS,
    GUEST_NAME_TTL_MS,
    GUEST_NAME_TTL_MS + 1,
    SESSION_TTL_MS + 1,
  ),
});

/** A store, and the sessions by the changes that it reported. */
class SessionLog {
  readonly #db = openDatabase(':memory:');
  readonly #append = appender(this.#db);
  readonly queries = queries(this.#db);
  /** Sessions that began and were not reported as ended. */
  readonly open = new Map<string, Session>();
  readonly all: string[] = [];
  readonly ended = new Set<string>();
  seq = 0;

  command(event: SessionEvent): ChatOutcome | undefined {
    const [outcome] = this.#append([event]);
    if (!outcome || !('change' in outcome)) return outcome;
    const { seq, session, ended = [] } = outcome.change;
    assert.ok(seq > this.seq, 'the numbers only grow');
    this.seq = seq;
    for (const id of ended) {
      assert.ok(this.open.delete(id), 'what ends was open, and ends once');
      this.ended.add(id);
    }
    if (session) {
      assert.ok(!this.ended.has(session.id), 'what ended does not come back');
      this.open.set(session.id, session);
      if (!this.all.includes(session.id)) this.all.push(session.id);
    }
    return outcome;
  }

  close(): void {
    this.#db.close();
  }
}

function eventOf(
  log: SessionLog,
  { what, name, pick, reserve, knowsPassword }: Step,
  n: number,
  at: number,
) {
  const session = log.all[pick % (log.all.length || 1)] ?? 'nobody';
  if (what === 'password-changed')
    return { kind: what, session, nextSession: `s${n}`, passwordHash: `hash ${n}`, at };
  if (what !== 'signed-in') return { kind: what, session, at };
  const verifiedHash = knowsPassword ? log.queries.account(name, name).passwordHash : null;
  const begun = { uid: `u${n}`, session: `s${n}`, passwordHash: reserve ? `hash ${n}` : null };
  const guest = `guest ${pick}`;
  return { kind: what, name, nameSkeleton: name, guest, verifiedHash, at, ...begun };
}

function check(log: SessionLog, now: number): void {
  const sessionsByName = Map.groupBy(log.open.values(), ({ name }) => name);
  for (const [name, sessions] of sessionsByName) {
    assert.equal(new Set(sessions.map(({ uid }) => uid)).size, 1, `${name} is one user`);
  }
  for (const id of log.ended) assert.equal(log.queries.session(id), undefined, 'it ended');
  for (const [id, { uid, name }] of log.open) {
    const stored = log.queries.session(id);
    assert.deepEqual(
      [stored?.uid, stored?.name],
      [uid, name],
      'a session does not end without being reported',
    );
    if (stored && !isExpired(stored, now)) assert.equal(log.queries.nameOf(uid), name);
  }
}

suite('Sessions, in any order of events', () => {
  test('have one user per name, growing numbers, and stay ended once they have ended', () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 40, size: 'max' }), (steps) => {
        const log = new SessionLog();
        let at = 0;
        for (const [n, step] of steps.entries()) {
          at += step.afterMs;
          const { passwordHash } = log.queries.account(step.name, step.name);
          const event = eventOf(log, step, n, at);
          const outcome = log.command(event);
          check(log, at);
          const isIn = event.kind === 'signed-in' && outcome && 'change' in outcome;
          if (isIn && passwordHash !== null)
            assert.ok(step.knowsPassword, 'a reserved name needs its password');
        }
        log.close();
      }),
      { numRuns: 300 },
    );
  });

  test('need the password that the name has when they begin, and not an earlier one', () => {
    const log = new SessionLog();
    const name = { name: 'Ada', nameSkeleton: 'ada', uid: 'ada', guest: null };
    const begin = (session: string, verifiedHash: string | null) =>
      log.command({
        ...{ kind: 'signed-in', ...name, session },
        ...{ passwordHash: 'old', verifiedHash, at: 0 },
      }) ?? {};
    begin('one', null);
    const session = { session: 'one', nextSession: 'two', passwordHash: 'new' };
    log.command({ kind: 'password-changed', ...session, at: 0 });
    for (const hash of ['old', null]) {
      assert.equal(errorCodeOf(begin('three', hash)), 'wrong-user-password');
    }
    assert.ok('change' in begin('three', 'new'));
    log.close();
  });

  test('release names that were not used for a day, however many there are', () => {
    const log = new SessionLog();
    const signIn = (name: string, n: number, at: number) =>
      log.command({
        kind: 'signed-in',
        guest: null,
        ...{
          uid: `u${n}`,
          session: `s${n}`,
          name,
          nameSkeleton: name,
          passwordHash: null,
          verifiedHash: null,
          at,
        },
      });
    for (let n = 0; n < 350; n += 1) signIn(`name ${n}`, n, n);
    assert.deepEqual(signIn('name 349', 1_000, GUEST_NAME_TTL_MS + 349), {
      refused: 'name-taken',
      details: {},
    });
    assert.equal(log.ended.size, 0, 'what is refused ends nothing');
    const outcome = signIn('name 349', 1_000, GUEST_NAME_TTL_MS + 350);
    assert.ok(outcome && 'change' in outcome);
    assert.ok(log.ended.has('s349'));
    check(log, GUEST_NAME_TTL_MS + 350);
    log.close();
  });
});
