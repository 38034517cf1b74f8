import fc from 'fast-check';
import type { Undated } from '../../server/core/log.ts';
import type { Outcome } from '../../server/core/outcome.ts';
import type { LogEntry } from '../../server/core/replication.ts';
import type { Event } from '../../server/features/events.ts';
import { decide, hashOf, nameOf, type RecordedEntry } from './recorded-log.ts';

/** Logs to choose from. */
const SAMPLES = 1_000;
/** A log is recorded if it has so many decisions that those before it do not have, or an event of a new kind. */
const MIN_NEW = 5;

/** Few logs that have most of what can be decided, the same ones each time. */
export function chooseLogs(
  entries: fc.Arbitrary<readonly LogEntry<Undated<Event>>[]>,
  format: number,
): readonly RecordedEntry[] {
  const [seen, seenNames] = [new Set<string>(), new Set<string>()];
  return fc.sample(entries, { seed: 1, numRuns: SAMPLES }).flatMap((sample) => {
    // As they are read again: what is undefined is not there.
    const log: typeof sample = JSON.parse(JSON.stringify(sample));
    const outcomes = decide(log, format);
    const decisions = log.flatMap(({ events }, index) =>
      events.map((event, nth) => decision(event, outcomes[index]?.[nth])),
    );
    const names = log.flatMap(({ events }) => events.map(nameOf));
    const added = new Set(decisions.filter((one) => !seen.has(one)));
    if (added.size < MIN_NEW && names.every((name) => seenNames.has(name))) return [];
    for (const one of added) seen.add(one);
    for (const name of names) seenNames.add(name);
    return log.map(({ place, at, events }, index) => ({
      ...{ place, at },
      decided: events.map((event, nth) => [event, hashOf(outcomes[index]?.[nth])] as const),
    }));
  });
}

/** What kind of event it is, and what became of it. */
function decision(event: Undated<Event>, outcome: Outcome | undefined): string {
  if (!outcome || 'refused' in outcome) return `${nameOf(event)} ${outcome?.refused}`;
  return `${nameOf(event)} ${outcome.isNew}`;
}
