import { randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { Actor } from '../../../server/core/actor.ts';
import { appender } from '../../../server/features/appender.ts';
import type { Event } from '../../../server/features/events.ts';
import type { PreparedSpec } from '../../../server/features/polls/events.ts';
import { openDatabase } from '../../../server/features/schema.ts';
import { foldWord } from '../../../server/shared/fold.ts';
import { EMOJI, LONG_NAME } from './people.ts';
import { repeated } from './texts.ts';
import { costliest } from './worst-texts.ts';

/*
 * An allowed history that is made to be expensive: each of its pages, and catching up with it, is
 * as expensive as possible.
 */

/**
 * Rooms of a kind, each with messages of its own: so many that when a room is requested again,
 * neither it nor what was rendered of it is cached any more.
 */
export const KINDS = {
  /** A hundred messages that are slow to render, or large when rendered. */
  costly: 40,
  /** A thousand of them: as many changes as are sent on catching up. */
  deep: 3,
  /** Polls with a hundred questions each, and with the names of voters. */
  polls: 40,
  /** Every message with twenty emoji, each of fifty users. */
  reactions: 40,
  /** Every message with twenty files. */
  files: 40,
  /** Every message is a reply to another. */
  quotes: 40,
} as const;

export type Kind = keyof typeof KINDS;

export function roomOf(kind: Kind, n: number): string {
  return `${kind}-${n % KINDS[kind]}`;
}

/** A room with a poll with tens of thousands of votes, and one with very many messages. */
export const BALLOTS = { room: 'ballots', count: 34_000 } as const;
export const LONG = { room: 'long', count: 30_000 } as const;

const PAGE = 100;
/** For messages of which each fills much of a page. */
const FEW = 20;
/** The maximum lengths, in characters. */
const MAX_LENGTHS = {
  message: 4_000,
  question: 300,
  option: 100,
  suggestion: 280,
  topic: 200,
} as const;

/** The first message of each room. */
export type Firsts = ReadonlyMap<string, number>;

/** Creates the history of a server that has not started yet. */
export function fillHistory(file: string): Firsts {
  const db = openDatabase(file);
  db.exec('PRAGMA synchronous = OFF');
  const write = writer(db);
  const texts = costliest(MAX_LENGTHS.message);
  const bodies = (count: number) =>
    Array.from({ length: count }, (_, n) => texts[n % texts.length]);
  for (const { kind, room } of allRooms()) {
    if (kind === 'costly') post(write, room, bodies(PAGE));
    else if (kind === 'deep') post(write, room, bodies(10 * PAGE));
    else if (kind === 'polls') createPolls(write, room);
    else if (kind === 'reactions') react(db, write, post(write, room, bodies(FEW)), room);
    else if (kind === 'files') share(write, room);
    else answer(write, room, bodies(FEW));
  }
  vote(write);
  post(write, LONG.room, Array(LONG.count).fill('one two three'));
  listRooms(write);
  const rows = db.prepare('SELECT room, min(id) AS id FROM messages GROUP BY room').all();
  db.close();
  return new Map(rows.map(({ room, id }) => [String(room), Number(id)]));
}

function* allRooms(): Generator<{ readonly kind: Kind; readonly room: string }> {
  for (const kind of Object.keys(KINDS) as Kind[]) {
    for (let n = 0; n < KINDS[kind]; n += 1) yield { kind, room: roomOf(kind, n) };
  }
}

/** Appends events, all in one transaction. Returns the ids of those that have one. */
type Write = (events: readonly Event[]) => readonly number[];

function writer(db: DatabaseSync): Write {
  const append = appender(db);
  return (events) =>
    append(events).map((outcome) => {
      if ('refused' in outcome)
        throw new Error(`The history may not have this: ${outcome.refused}`);
      return outcome.change.seq;
    });
}

function who(uid: string): Actor {
  return { uid, name: LONG_NAME, isModerator: false, address: '', browser: null };
}

/** The authors, in turn, of a hundred messages. */
const AUTHORS = Array.from({ length: 10 }, (_, n) => who(`author-${n}`));

function authorOf(n: number): Actor {
  return AUTHORS[n % AUTHORS.length] ?? who('author');
}

function post(write: Write, room: string, bodies: readonly (string | undefined)[]) {
  return write(
    bodies.map((body = '', n) => ({
      ...{
        kind: 'message-posted',
        room,
        who: authorOf(n),
        cid: null,
        body,
        reply: null,
        files: [],
        at: n,
      },
    })),
  );
}

function answer(write: Write, room: string, bodies: readonly (string | undefined)[]): void {
  const ids = post(write, room, bodies);
  write(
    bodies.map((body = '', n) => {
      const reply = ids[n] ?? null;
      return {
        kind: 'message-posted',
        room,
        who: authorOf(n),
        cid: null,
        body,
        reply,
        files: [],
        at: n,
      };
    }),
  );
}

function share(write: Write, room: string): void {
  for (let n = 0; n < FEW; n += 1) {
    const by = authorOf(n);
    const files = Array.from({ length: 20 }, () => ({
      ...{ id: randomBytes(16).toString('hex'), name: `${'"'.repeat(119)}a`, size: 1 },
      picture: null,
    }));
    write(files.map((file) => ({ kind: 'file-uploaded', room, who: by, file, at: n })));
    const ids = files.map(({ id }) => id);
    const body = 'files';
    write([
      { kind: 'message-posted', room, who: by, cid: null, body, reply: null, files: ids, at: n },
    ]);
  }
}

const POLL: PreparedSpec = {
  kind: 'choice',
  question: repeated('"', MAX_LENGTHS.question),
  options: Array.from({ length: 20 }, (_, n) => repeated('"', MAX_LENGTHS.option, `${n} `)),
  maxChoices: 20,
  canChangeVote: true,
  resultsVisibility: 'always',
  isAnonymous: false,
  minutes: null,
};

/** Half of them with suggested questions, half with the names of the voters. */
function createPolls(write: Write, room: string): void {
  for (let n = 0; n < FEW; n += 1) {
    const poll: PreparedSpec = n % 2 === 0 ? POLL : { ...POLL, kind: 'q-and-a', options: [] };
    const [id = 0] = write([
      { kind: 'poll-created', room, who: authorOf(n), cid: null, poll, files: [], at: n },
    ]);
    const event = { room, id, at: n };
    const all = Array.from({ length: 20 }, (_, option) => option);
    write(
      n % 2 === 0
        ? voters(30).map((by) => ({ kind: 'votes-set', who: by, options: all, ...event }))
        : voters(100).map((by, m) => {
            const text = repeated('"', MAX_LENGTHS.suggestion, `${m} `);
            const suggested = { text, key: foldWord(text), enabled: true };
            return { kind: 'option-suggested', who: by, ...event, ...suggested };
          }),
    );
    write([{ kind: 'poll-tallied', room, id, at: n }]);
  }
}

function vote(write: Write): void {
  const { room, count } = BALLOTS;
  const poll = { ...POLL, isAnonymous: true };
  const [id = 0] = write([
    { kind: 'poll-created', room, who: authorOf(0), cid: null, poll, files: [], at: 0 },
  ]);
  write(
    voters(count).map((by, n) => {
      return { kind: 'votes-set', who: by, room, id, options: [n % 20, 19 - (n % 10)], at: n };
    }),
  );
  write([{ kind: 'poll-tallied', room, id, at: count }]);
}

function voters(count: number): readonly Actor[] {
  return Array.from({ length: count }, (_, n) => who(`voter-${n}`));
}

/** The rows as the store has them; the last of each message has the summary. */
function react(db: DatabaseSync, write: Write, ids: readonly number[], room: string): void {
  const insert = db.prepare('INSERT INTO reactions VALUES (?, ?, ?, ?, ?)');
  db.exec('BEGIN');
  for (const id of ids) {
    for (const [n, emoji] of EMOJI.entries()) {
      for (let m = n === 0 ? 1 : 0; m < 50; m += 1) insert.run(id, emoji, `one-${m}`, LONG_NAME, m);
    }
  }
  db.exec('COMMIT');
  const [emoji = ''] = EMOJI;
  write(
    ids.map((id) => ({
      kind: 'reaction-toggled',
      room,
      who: who('one-0'),
      id,
      emoji,
      enabled: true,
      at: 0,
    })),
  );
}

/** The list of rooms, full of long names. */
function listRooms(write: Write): void {
  write(
    Array.from({ length: PAGE }, (_, n) => ({
      ...{
        kind: 'room-action',
        room: `${'a\u0315\u0300'.repeat(30)}${n}`,
        who: who('owner'),
        at: n,
      },
      action: {
        type: 'room-created',
        title: 'Room',
        topic: repeated('"', MAX_LENGTHS.topic),
        isListed: true,
        passwordHash: null,
      },
    })),
  );
}
