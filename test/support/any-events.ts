import fc from 'fast-check';
import { ROOM_CREATORS } from '../../server/auth/server-settings.ts';
import type { Actor } from '../../server/core/actor.ts';
import type { Undated } from '../../server/core/log.ts';
import { numberAt } from '../../server/core/replication.ts';
import type { Event } from '../../server/features/events.ts';
import { accents } from '../../server/shared/accents.ts';
import { foldWord } from '../../server/shared/fold.ts';
import { who as actor, posted } from './events.ts';
import { SPEC } from './poll.ts';

/** What the events of a run are about: few of each, so that they meet. */
const ROOMS = ['class', 'Lobby 2'];
const NAMES = ['Ada', 'Bob', '小明'];
const TEXTS = ['hello', 'hello @Ada and @小明', 'ﬁne', 'Straße', 'STRASSE!', ''];
const EMOJI = ['👍', '🎉'];

const room = fc.constantFrom('class', 'class', 'class', ...ROOMS);
const uid = fc.constantFrom('u0', 'u1', 'u2', 'u3');
const browser = fc.constantFrom(null, 'b1', 'b2');
const who: fc.Arbitrary<Actor> = fc
  .tuple(uid, browser, fc.boolean())
  .map(([id, from, isModerator]) => {
    return { uid: id, name: null, isModerator, address: `of ${id}`, browser: from };
  });
const text = fc.constantFrom(...TEXTS);
/** The number of an earlier event: most often one of those that every log begins with. */
const id = fc.oneof(
  { weight: 4, arbitrary: fc.nat(5).map((index) => numberAt(0, 1, index)) },
  { weight: 1, arbitrary: fc.nat(12).map((place) => numberAt(0, place, 0)) },
);
/** Of a command that may be another one's: few, so that they meet. */
const commandId = fc.constantFrom(undefined, undefined, 'c0', 'c1');
const base = { room, who, commandId };
const kind = <K extends string>(name: K) => fc.constant(name);
const whom = uid.map((other) => ({ uid: other, name: null }));
const hash = uid.map((of) => `hash of ${of}`);

const enabled = fc.boolean();

const setting = fc.oneof(
  fc.record({ type: fc.constantFrom('title-changed' as const, 'topic-changed' as const), text }),
  fc.record({ type: kind('password-changed'), passwordHash: fc.constantFrom(null, 'of a room') }),
  fc.record({ type: kind('listing-changed'), enabled }),
  fc.record({ type: kind('name-requirement-changed'), enabled }),
  fc.record({
    type: kind('kind-changed'),
    kind: fc.constantFrom('chat' as const, 'class' as const),
  }),
  fc.record({ type: kind('keep-days-changed'), days: fc.constantFrom(0, 1) }),
  fc.record({
    type: kind('poll-creators-changed'),
    creators: fc.constantFrom('everyone' as const, 'moderators' as const),
  }),
);

const action = fc.oneof(
  setting,
  fc.record({ type: kind('history-cleared') }),
  fc.record({ type: kind('room-deleted') }),
  fc.record({ type: kind('slow-mode-changed'), seconds: fc.constantFrom(0, 30) }),
  fc.record({ type: kind('lock-changed'), enabled: fc.boolean() }),
  fc.record({ type: kind('ownership-transferred'), whom }),
  fc.record({
    type: fc.constantFrom('user-muted' as const, 'user-banned' as const),
    whom,
    minutes: fc.constantFrom(1, null),
    address: fc.constantFrom(null, 'of u1'),
  }),
  fc.record({ type: kind('restrictions-lifted'), whom }),
  fc.record({ type: fc.constantFrom('message-pinned' as const, 'message-unpinned' as const), id }),
  fc.record({
    type: kind('room-created'),
    title: text,
    topic: text,
    isListed: fc.boolean(),
    passwordHash: fc.constant(null),
  }),
);

const poll = fc.record({
  kind: fc.constantFrom('choice' as const, 'applause' as const, 'word-cloud' as const),
  isAnonymous: fc.boolean(),
  minutes: fc.constantFrom(null, 1),
  resultsVisibility: fc.constantFrom('always' as const, 'after-vote' as const),
});
const spec = poll.map((part) => ({
  ...SPEC,
  ...part,
  options: part.kind === 'word-cloud' ? [] : SPEC.options,
}));

/** An event of any kind, that may be accepted or not. */
const event: fc.Arbitrary<Undated<Event>> = fc.oneof(
  { weight: 4, arbitrary: anyPost() },
  fc.record({ kind: kind('message-edited'), ...base, id, body: text }),
  fc.record({ kind: kind('message-deleted'), ...base, id }),
  fc.record({
    ...{ kind: kind('reaction-toggled'), ...base, id },
    emoji: fc.constantFrom(...EMOJI),
    enabled: fc.constantFrom(null, true, false),
  }),
  fc.record({ kind: kind('room-action'), ...base, action }),
  fc.record({
    ...{ kind: kind('poll-created'), ...base, cid: fc.constant(null), poll: spec },
    files: fc.constant([]),
  }),
  fc.record({ kind: kind('votes-set'), ...base, id, options: fc.constantFrom([0], [1], [0, 2]) }),
  fc.record({ kind: kind('vote-toggled'), ...base, id, option: fc.nat(2), enabled: fc.boolean() }),
  text.chain((suggested) =>
    fc.record({
      ...{ kind: kind('option-suggested'), ...base, id, enabled: fc.boolean() },
      text: fc.constant(suggested),
      key: fc.constant(foldWord(suggested)),
    }),
  ),
  fc.record({
    ...{ kind: kind('option-moderated'), ...base, id, option: fc.nat(2) },
    state: fc.constantFrom('open' as const, 'answered' as const, 'removed' as const),
  }),
  fc.record({ kind: kind('poll-extended'), ...base, id, seconds: fc.constantFrom(1, 60) }),
  fc.record({ kind: kind('poll-tallied'), room, id }),
  fc.record({ kind: kind('messages-expired'), room, keepDays: fc.constantFrom(null, 1) }),
  fc.record({
    ...{ kind: kind('poll-changed'), ...base, id },
    action: fc.constantFrom(...(['closed', 'reopened', 'reset', 'revealed', 'hidden'] as const)),
  }),
  fc.record({
    ...{ kind: kind('poll-prepared'), ...base, id: fc.constant(null), poll: spec },
    files: fc.constantFrom([] as const, ['f1'] as const),
    imageOptions: fc.constant([0]),
  }),
  fc.record({ kind: kind('prepared-poll-started'), ...base, id: fc.constant(null) }),
  fc.record({ kind: kind('prepared-poll-removed'), ...base, id }),
  fc.record({
    ...{ kind: kind('prepared-poll-moved'), ...base, id },
    direction: fc.constantFrom('up' as const, 'down' as const),
  }),
  fc.record({
    ...{ kind: kind('stage-set'), ...base },
    view: fc.constantFrom(undefined, 'poll' as const, 'join' as const, 'blank' as const),
    poll: fc.oneof(fc.constantFrom(undefined, null), id),
  }),
  fc.record({ kind: kind('question-staged'), ...base, id, option: fc.constantFrom(null, 0, 1) }),
  fc.record({ kind: kind('message-reported'), ...base, id, reason: text }),
  fc.record({ kind: kind('reports-dismissed'), ...base, id }),
  signedIn(),
  fc.record({ kind: kind('signed-out-everywhere'), session: hash, uid }),
  fc.record({
    ...{ kind: kind('server-settings-changed'), session: hash },
    settings: fc.record({
      roomCreators: fc.constantFrom(...ROOM_CREATORS),
      guestsMayWrite: fc.boolean(),
      name: text,
      accent: fc.constantFrom(...accents),
    }),
  }),
  fc.record({
    kind: kind('person-erased'),
    uids: fc.array(uid, { minLength: 1, maxLength: 2 }),
    session: fc.oneof(fc.constant(null), hash),
  }),
  { weight: 3, arbitrary: fc.record({ kind: kind('erasure-continued') }) },
  fc.record({ kind: kind('server-owned'), session: hash, before: fc.constant(null) }),
  fc.record({
    kind: fc.constantFrom(
      'signed-out' as const,
      'session-touched' as const,
      'moderator-granted' as const,
    ),
    session: hash,
  }),
  fc.record({
    ...{ kind: kind('password-changed'), session: hash },
    ...{ nextSession: hash, passwordHash: fc.constant('of a password') },
  }),
  fc.record({
    kind: kind('memberships-changed'),
    changes: fc.array(fc.record({ uid, room, readId: id, notifications: fc.constant(null) }), {
      minLength: 1,
      maxLength: 3,
    }),
  }),
  fc.record({ kind: kind('uploads-expired'), files: fc.constant(['f1']) }),
  uploaded(),
  // The same id again: nothing that applies it can know what to do.
  uploaded(),
);

function anyPost() {
  return fc.record({
    ...{ kind: kind('message-posted'), ...base, body: text },
    cid: fc.constantFrom(null, 'c1', 'c2'),
    reply: fc.oneof(fc.constant(null), id),
    files: fc.constantFrom([], ['f1']),
  });
}

function signedIn() {
  return fc
    .tuple(fc.constantFrom(...NAMES), uid, fc.constantFrom(null, 'u1'))
    .map(([name, by, guest]) => ({
      ...{ kind: 'signed-in' as const, uid: by, name, nameSkeleton: name.toLowerCase(), guest },
      ...{ session: `hash of ${by}`, passwordHash: null, verifiedHash: null },
    }));
}

function uploaded() {
  const file = { id: 'f1', name: 'notes.txt', size: 3, picture: null };
  return fc.record({ kind: kind('file-uploaded'), ...base, file: fc.constant(file) });
}

/** What every log begins with: messages, and a poll of each kind. */
const FIRST: readonly Undated<Event>[] = [
  ...['class', 'Lobby 2'].map((name) => ({ ...posted('hello', 'first', actor('u1')), room: name })),
  ...(['choice', 'applause', 'word-cloud', 'q-and-a'] as const).map((poll) => ({
    ...{ kind: 'poll-created' as const, room: 'class', who: actor('u0'), cid: null, files: [] },
    poll: {
      ...SPEC,
      kind: poll,
      isAnonymous: poll === 'q-and-a',
      options: poll === 'choice' ? SPEC.options : [],
    },
  })),
];

/** The entries of a log: what some servers appended, each at its time. */
export const entries = fc
  .array(fc.tuple(fc.array(event, { minLength: 1, maxLength: 6 }), fc.nat(40_000)), {
    minLength: 1,
    maxLength: 25,
  })
  .map((all) => {
    let at = 0;
    const first: [Undated<Event>[], number] = [[...FIRST], 1];
    return [first, ...all].map(([events, after], index) => {
      at += after;
      return { place: index + 1, id: `entry ${index}`, at, events };
    });
  });
