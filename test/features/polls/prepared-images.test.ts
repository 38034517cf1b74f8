import assert from 'node:assert/strict';
import { test } from 'node:test';
import { appender } from '../../../server/features/appender.ts';
import type { Event } from '../../../server/features/events.ts';
import { parsePoll } from '../../../server/features/polls/poll.ts';
import { queries } from '../../../server/features/queries.ts';
import { openDatabase } from '../../../server/features/schema.ts';
import { who } from '../../support/events.ts';
import { SPEC } from '../../support/poll.ts';

const ROOM = 'class';
const [CAT, DOG] = ['c'.repeat(32), 'd'.repeat(32)] as const;

test('The images of a prepared poll are there as long as it is, for the user who starts it', (t) => {
  const db = openDatabase(':memory:');
  t.after(() => db.close());
  const append = appender(db);
  const { unusedFiles, preparedPolls } = queries(db);
  const [ada, ben] = ['ada', 'ben'].map((uid) => who(uid, { isModerator: true }));
  assert.ok(ada && ben);
  const run = (event: Event) => append([event])[0];
  const upload = (id: string) => {
    const size = { width: 4, height: 3 };
    const picture = {
      type: 'image/png',
      ...size,
      preview: null,
    };
    run({
      kind: 'file-uploaded',
      room: ROOM,
      who: ada,
      at: 0,
      file: { id, name: 'x.png', size: 9, picture },
    });
  };
  const prepare = (files: readonly string[], more: object = {}) =>
    run({
      ...{ kind: 'poll-prepared', room: ROOM, who: ada, at: 1, id: null, files },
      ...{ poll: SPEC, imageOptions: files.map((__, n) => n + 1), ...more },
    });
  upload(CAT);
  upload(DOG);
  assert.deepEqual(prepare(['e'.repeat(32)]), { refused: 'no-such-file', details: {} });
  assert.ok('change' in (prepare([CAT]) ?? {}));
  const [prepared] = preparedPolls(ROOM);
  assert.deepEqual([prepared?.files, prepared?.imageOptions], [[CAT], [1]]);

  // What nobody has is deleted after a while; this one is not.
  assert.deepEqual(unusedFiles(10), [DOG]);
  const expired = run({ kind: 'uploads-expired', files: [CAT, DOG], at: 10 });
  assert.deepEqual(expired && 'change' in expired && expired.change.freed, [DOG]);

  // Another moderator changes it, and starts it from the list.
  const id = prepared?.id ?? 0;
  assert.ok('change' in (prepare([CAT], { who: ben, id }) ?? {}));
  const started = run({ kind: 'prepared-poll-started', room: ROOM, who: ben, id, at: 11 });
  assert.ok(started && 'change' in started && started.change.message);
  const { pictures } = parsePoll(started.change.message.body);
  assert.deepEqual(
    pictures?.map((picture) => picture?.path),
    [undefined, `/rooms/class/files/${CAT}`],
  );
  assert.deepEqual(preparedPolls(ROOM), []);

  upload(DOG);
  prepare([DOG]);
  run({
    kind: 'prepared-poll-removed',
    room: ROOM,
    who: ada,
    id: preparedPolls(ROOM)[0]?.id ?? 0,
    at: 12,
  });
  assert.deepEqual(unusedFiles(13), [DOG], 'deleted, it has its images no more');
});
