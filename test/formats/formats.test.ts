import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { describeFormat, type FormatDescription } from '../../scripts/formats/description.ts';
import { decide, hashOf, nameOf, type RecordedEntry } from '../../scripts/formats/recorded-log.ts';
import { NEWEST_FORMAT } from '../../server/core/format.ts';

const HELP = `
The nodes of a cluster would decide otherwise than those of the version before, and stop. If a release has format
${NEWEST_FORMAT}: raise NEWEST_FORMAT in server/core/format.ts, and let the change take effect in the new format only. Then
\`npm run formats\` records the format. See "A new format" in docs/new-feature.md.`;

/** What happens where a format is raised is in test/cluster/nodes/formats.test.ts. */
const OTHERWISE_TESTED = 'format-raised';

function path(format: number, ending: string): URL {
  return new URL(`format-${format}.${ending}`, import.meta.url);
}

function recorded(format: number): FormatDescription {
  return JSON.parse(readFileSync(path(format, 'json'), 'utf8'));
}

/** The logs that were recorded in a format. */
function logs(format: number): readonly (readonly RecordedEntry[])[] {
  const lines = readFileSync(path(format, 'log.jsonl'), 'utf8').trim().split('\n');
  const all: RecordedEntry[][] = [];
  for (const line of lines) {
    const entry: RecordedEntry = JSON.parse(line);
    if (entry.place === 1) all.push([]);
    all.at(-1)?.push(entry);
  }
  return all;
}

/** What is not the same in both, by the names of their parts. */
function differing(one: object, other: object): readonly string[] {
  const [now, then] = [new Map(Object.entries(one)), new Map(Object.entries(other))];
  const names = new Set([...now.keys(), ...then.keys()]);
  return [...names].filter((name) => !isDeepStrictEqual(now.get(name), then.get(name)));
}

/** The events of a log that are decided otherwise than they were. */
function decidedOtherwise(log: readonly RecordedEntry[], format: number): readonly string[] {
  const entries = log.map(({ place, at, decided }) => {
    return { place, id: `${place}`, at, events: decided.map(([event]) => event) };
  });
  const outcomes = decide(entries, format);
  return log.flatMap(({ place, decided }, index) =>
    decided.flatMap(([event, then], nth) => {
      const outcome = outcomes[index]?.[nth];
      if (hashOf(outcome) === then) return [];
      const what = `${nameOf(event)} at place ${place}: ${JSON.stringify(event)}`;
      return [`${what} is decided as ${JSON.stringify(outcome)}`];
    }),
  );
}

suite('The newest format', () => {
  const then = recorded(NEWEST_FORMAT);
  const now = describeFormat();

  const parts = {
    events: 'event',
    actions: 'room action',
    change: 'field of what an event changes',
  };
  for (const [part, what] of Object.entries(parts) as [keyof FormatDescription, string][]) {
    test(`has each ${what} as it was recorded, and no other`, () => {
      const names = differing(Object(now[part]), Object(then[part]));
      assert.ok(names.length === 0, `Not as recorded: ${what} ${names.join(', ')}. ${HELP}`);
    });
  }

  test('was recorded with each kind of event and of room action', () => {
    const events = logs(NEWEST_FORMAT).flatMap((log) => log.flatMap(({ decided }) => decided));
    const names = new Set(events.map(([event]) => nameOf(event)));
    const kinds = Object.keys(now.events).filter((kind) => kind !== 'room-action');
    const actions = Object.keys(now.actions).map((type) => `room-action ${type}`);
    const missing = [...kinds, ...actions].filter((name) => !names.has(name));
    assert.deepEqual(missing, [OTHERWISE_TESTED], 'test/support/any-events.ts makes them');
  });
});

for (const format of [NEWEST_FORMAT, NEWEST_FORMAT - 1]) {
  if (!existsSync(path(format, 'json'))) continue;
  test(`Each event of a log in format ${format} is decided as when it was recorded.`, () => {
    const all = logs(format).flatMap((log) => decidedOtherwise(log, format));
    const [first = ''] = all;
    assert.ok(all.length === 0, `${all.length} are decided otherwise. The first: ${first} ${HELP}`);
  });
}
