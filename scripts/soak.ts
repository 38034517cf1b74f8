import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { ACTIVITIES, type Activity, passesBy } from './soak/activities.ts';
import type { Sample } from './soak/probe.ts';
import { SoakedServer } from './soak/server.ts';
import { requestCount, SoakUser } from './soak/user.ts';

/*
 * Lets people do everything there is to do, for minutes, and prints each minute what the server holds.
 * When all have gone, it has to hold what it held when they came.
 */

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    users: { type: 'string', default: '20' },
    rooms: { type: 'string', default: '5000' },
  },
});
const [minutes, users, rooms] = [values.minutes, values.users, values.rooms].map(Number) as [
  number,
  number,
  number,
];

const MINUTE_MS = 60_000;
/** Rooms that people come back to. */
const POPULAR = 30;
/** Those who go on to other rooms while the others stay. */
const PASSERS = 4;
/** More than the rooms that the server keeps though nobody is in them. */
const KEPT_ROOMS = 150;
/** So long after the last has gone, nothing is under way any more: who leaves is shown for 5 s. */
const QUIET_MS = 15_000;
/** What may be left: of memory, what fragments and caches differ by from one time to another. */
const MARGIN = { heapMb: 16, buffersMb: 8, descriptors: 4, timers: 4, threads: 0 } as const;

const failures = new Map<string, number>();

/** Does things until it is time. What fails is counted, and the next thing is done. */
async function keepBusy(url: string, endMs: number, next: () => [Activity, string] | undefined) {
  for (let what = next(); what && performance.now() < endMs; what = next()) {
    const [activity, room] = what;
    await activity(new SoakUser(url), room).catch((error: unknown) => {
      const { cause } = error as Error;
      const reason = `${activity.name}: ${error}${cause ? `, ${cause}` : ''}`;
      failures.set(reason, (failures.get(reason) ?? 0) + 1);
    });
  }
}

const random = <T>(all: readonly T[]): T => all[Math.floor(Math.random() * all.length)] as T;

/** Lets people use the server for so long. */
async function use(url: string, forMs: number, toPass: number): Promise<void> {
  const endMs = performance.now() + forMs;
  let passed = 0;
  const stay = () =>
    [random(ACTIVITIES), `room-${Math.ceil(Math.random() * POPULAR)}`] as [Activity, string];
  const pass = () =>
    passed < toPass ? ([passesBy, `passing-${++passed}`] as [Activity, string]) : undefined;
  await Promise.all([
    ...Array.from({ length: users }, () => keepBusy(url, endMs, stay)),
    // Those who pass by have no end but their last room: all are opened and left.
    ...Array.from({ length: PASSERS }, () => keepBusy(url, Number.POSITIVE_INFINITY, pass)),
  ]);
}

/** Has the server keep other rooms than those that were used, and waits until nothing is under way. */
async function settle(url: string): Promise<void> {
  for (let n = 0; n < KEPT_ROOMS; n += 1) await passesBy(new SoakUser(url), `settling-${n}`);
  await pause(QUIET_MS);
}

function row(sample: Sample): Record<string, string | number> {
  const numbers = Object.entries(sample).map(([name, value]) => [
    name,
    Math.round(value * 10) / 10,
  ]);
  return { ...Object.fromEntries(numbers), requests: requestCount() };
}

const server = await SoakedServer.start();
console.log(`${minutes} min, ${users} users in ${POPULAR} rooms, ${rooms} rooms opened and left`);
// What is made once, and what is kept for the next to come, is there before the first look.
await use(server.url, Math.min(MINUTE_MS, (minutes * MINUTE_MS) / 4), 200);
await settle(server.url);
const before = await server.sample();
const table: Record<string, object> = { before: row(before) };
let minute = 0;
const ticks = setInterval(async () => {
  minute += 1;
  table[`minute ${minute}`] = row(await server.sample());
  console.log(`minute ${minute}: ${JSON.stringify(table[`minute ${minute}`])}`);
}, MINUTE_MS);
await use(server.url, minutes * MINUTE_MS, rooms);
clearInterval(ticks);
await settle(server.url);
const after = await server.sample();
table.after = row(after);
const code = await server.stop();

console.table(table);
const grown = Object.entries(MARGIN).filter(
  ([name, margin]) => after[name as keyof Sample] - before[name as keyof Sample] > margin,
);
for (const [name, margin] of grown) console.error(`${name} grew by more than ${margin}.`);
for (const [reason, count] of failures) console.error(`${count} × ${reason}`);
if (code !== 0) console.error(`The server ended with ${code}.`);
process.exitCode = grown.length > 0 || failures.size > 0 || code !== 0 ? 1 : 0;
