import assert from 'node:assert/strict';
import type { DatabaseSync } from 'node:sqlite';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import type { Undated } from '../../server/core/log.ts';
import type { LogEntry } from '../../server/core/replication.ts';
import { applier } from '../../server/features/appender.ts';
import { dated, type Event } from '../../server/features/events.ts';
import { historyClearing } from '../../server/features/moderation/clear-history.ts';
import { openDatabase } from '../../server/features/schema.ts';
import { FormatInForce } from '../../server/storage/format-in-force.ts';
import { replica } from '../../server/storage/replica.ts';
import { sequence } from '../../server/storage/sequence.ts';
import { entries } from '../support/any-events.ts';
import { posted, roomAction, who } from '../support/events.ts';

const FOUNDING = { epoch: 'epoch', base: 0, format: 1 };

function openReplica(db = openDatabase(':memory:')) {
  const numbers = sequence(db);
  const inForce = new FormatInForce(db);
  const applied = applier(db, numbers.number);
  /** From the second format on, what is posted is in capitals. */
  const apply = (event: Event) => {
    const isOther = inForce.current > 1 && event.kind === 'message-posted';
    return applied.apply(isOther ? { ...event, body: event.body.toUpperCase() } : event);
  };
  const shared = replica({ db, applier: { ...applied, apply }, sequence: numbers, dated });
  if (!shared.position()) shared.join(FOUNDING);
  return { db, ...shared };
}

type Opened = ReturnType<typeof openReplica>;

/** The rows of all tables. What was cleared may be deleted earlier or later, and is left out. */
function dump({ db }: Opened): Readonly<Record<string, readonly string[]>> {
  const { removePiece } = historyClearing(db);
  while (removePiece());
  const tables = db
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    .all();
  return Object.fromEntries(
    tables.map(({ name }) => [
      String(name),
      db
        .prepare(`SELECT * FROM ${name}`)
        .all()
        .map((row) => JSON.stringify(row))
        .sort(),
    ]),
  );
}

/** Entries in transactions, which end where the bits of a number say. */
function cut<T>(all: readonly T[], bits: number): T[][] {
  const groups: T[][] = [[]];
  for (const [index, entry] of all.entries()) {
    groups.at(-1)?.push(entry);
    if ((bits >> (index % 30)) & 1) groups.push([]);
  }
  return groups.filter(({ length }) => length > 0);
}

/** Numbers of rows that SQL leaves open are revealed by the opposite order. */
function reverse(db: DatabaseSync): void {
  db.exec('PRAGMA reverse_unordered_selects = ON');
}

suite('Stores that apply the same log', () => {
  test('are equal, however their transactions are cut, and whenever one of them restarts', () => {
    fc.assert(
      fc.property(entries, fc.nat(), fc.nat(25), (all, bits, restartAt) => {
        const one = openReplica();
        let other = openReplica();
        reverse(other.db);
        const outcomes = all.flatMap((entry) => one.apply([entry]));
        const sweep = historyClearing(one.db);
        let applied = 0;
        const others = cut(all, bits).flatMap((group) => {
          sweep.removePiece();
          if (applied <= restartAt && applied + group.length > restartAt)
            other = openReplica(other.db);
          applied += group.length;
          return other.apply(group);
        });
        assert.deepEqual(others, outcomes);
        assert.deepEqual(other.position(), one.position());
        assert.deepEqual(dump(other), dump(one));
        one.db.close();
        other.db.close();
      }),
      { numRuns: 60 },
    );
  });

  test('go over to another format at the same event, however their transactions are cut', () => {
    const raised = fc.record({ kind: fc.constant('format-raised' as const), format: fc.nat(3) });
    const log = fc.tuple(entries, fc.nat(30), fc.nat(6), raised).map(([all, at, index, event]) => {
      const { events, ...entry } = all[at % all.length] ?? assert.fail();
      const mixed = { ...entry, events: events.toSpliced(index, 0, event) };
      const last = { place: all.length + 1, id: 'last', at: Number.MAX_SAFE_INTEGER };
      const end = { ...last, events: [posted('in the end')] };
      return { all: [...all.with(entry.place - 1, mixed), end], format: event.format };
    });
    fc.assert(
      fc.property(log, fc.nat(), fc.nat(25), ({ all, format }, bits, restartAt) => {
        const one = openReplica();
        let other = openReplica();
        for (const entry of all) one.apply([entry]);
        for (const group of cut(all, bits)) {
          if (group.some(({ place }) => place === restartAt)) other = openReplica(other.db);
          other.apply(group);
        }
        assert.equal(one.position()?.format, Math.max(1, format));
        assert.deepEqual(other.position(), one.position());
        assert.deepEqual(dump(other), dump(one));
        one.db.close();
        other.db.close();
      }),
      { numRuns: 40 },
    );
  });

  test('store again with what an erased user writes, whether or not they restarted', () => {
    const by = who('u1', { browser: 'b1' });
    const all = [
      posted('a', null, by),
      { kind: 'person-erased' as const, uids: ['u1'], session: null },
      posted('b', null, by),
      { kind: 'erasure-continued' as const },
      posted('c', null, by),
    ].map((event, index) => ({ place: index + 1, id: `${index}`, at: 5, events: [event] }));
    const one = openReplica();
    one.apply(all);
    const first = openReplica();
    first.apply(all.slice(0, 4));
    const other = openReplica(first.db);
    other.apply(all.slice(4));
    assert.deepEqual(dump(other), dump(one));
    assert.deepEqual(dump(one).browsers, ['{"room":"class","uid":"u1","browser":"b1"}']);
    one.db.close();
    other.db.close();
  });

  test('number each event by its place, whatever became of the events before it', () => {
    const { db, apply } = openReplica();
    const events = [roomAction({ type: 'lock-changed', enabled: true }), posted('a'), posted('b')];
    const outcomes = apply([
      { place: 1, id: 'x', at: 5, events },
      { place: 2, id: 'y', at: 6, events: [posted('c')] },
    ]);
    assert.deepEqual(
      outcomes.map((outcome) => ('change' in outcome ? outcome.change.seq : outcome.refused)),
      ['not-moderator', 1_025, 1_026, 2_048],
    );
    assert.deepEqual(
      db
        .prepare('SELECT id, at FROM messages ORDER BY id')
        .all()
        .map((row) => ({ ...row })),
      [
        { id: 1_025, at: 5 },
        { id: 1_026, at: 5 },
        { id: 2_048, at: 6 },
      ],
    );
  });

  test('apply no entry twice, and none that does not follow', () => {
    const { apply, position } = openReplica();
    const entry = { place: 1, id: 'x', at: 0, events: [posted('a')] };
    apply([entry]);
    const before = position();
    assert.throws(() => apply([entry]), /place 1 does not follow 1/);
    assert.throws(() => apply([{ ...entry, place: 3 }]), /place 3 does not follow 1/);
    assert.deepEqual(position(), before);
  });

  test('tell what they decided up to each hundred places, and up to the last one', () => {
    const { apply, checkpoints, position } = openReplica();
    assert.deepEqual(checkpoints(), []);
    const places: (readonly number[])[] = [];
    for (let place = 1; place <= 201; place += 1) {
      apply([{ place, id: `${place}`, at: place, events: [posted(`${place}`)] }]);
      if ([1, 100, 101, 200, 201].includes(place))
        places.push(checkpoints().map((checkpoint) => checkpoint.place));
      assert.equal(checkpoints().at(-1)?.digest, position()?.digest);
    }
    assert.deepEqual(places, [[1], [100], [100, 101], [100, 200], [100, 200, 201]]);
  });

  test('differ in their digest from the place on where an outcome differs', () => {
    const log = (body: string): LogEntry<Undated<Event>>[] => [
      { place: 1, id: 'x', at: 0, events: [posted('a')] },
      { place: 2, id: 'y', at: 0, events: [posted(body)] },
      { place: 3, id: 'z', at: 0, events: [posted('c')] },
    ];
    const digests = (entries: LogEntry<Undated<Event>>[]) => {
      const { apply, position } = openReplica();
      return entries.map((entry) => {
        apply([entry]);
        return position()?.digest;
      });
    };
    const [one, other] = [digests(log('b')), digests(log('B'))];
    assert.equal(one[0], other[0]);
    assert.notEqual(one[1], other[1]);
    assert.notEqual(one[2], other[2]);
  });
});

test('An event that cannot be applied is rejected alone: the others of its group are written.', () => {
  const { db, apply } = openReplica();
  const file = { id: 'f1', name: 'a.txt', size: 1, picture: null };
  const uploaded = { kind: 'file-uploaded', room: 'class', who: who('me'), file } as const;
  const events = [posted('a'), uploaded, uploaded, posted('b')];
  const outcomes = apply([{ place: 1, id: 'x', at: 0, events }]);
  assert.deepEqual(
    outcomes.map((outcome) => ('change' in outcome ? outcome.change.seq : outcome.refused)),
    [1_024, 1_025, 'internal-error', 1_027],
  );
  const [, , failed] = outcomes;
  assert.match(String(failed && 'failure' in failed && failed.failure), /UNIQUE constraint failed/);
  assert.equal(db.prepare('SELECT count(*) AS n FROM messages').get()?.n, 2);
});
