import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { ACTIVITIES, type Activity, passesBy } from './soak/activities.ts';
import type { Sample } from './soak/probe.ts';
import { SoakedServer } from './soak/server.ts';
import { requestCount, SoakUser } from './soak/user.ts';

/*
 * Simulates users who do everything possible, for minutes, and prints the server's resources every
 * minute. When all users have left, they have to be what they were before.
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
/** Rooms that users open again. */
const POPULAR = 30;
/** Users who move on to other rooms while the others stay. */
const PASSERS = 4;
/** More than the idle rooms that the server keeps in memory. */
const KEPT_ROOMS = 150;
/** The delay after which nothing is in progress any more: users who leave are shown for 5 s. */
const QUIET_MS = 15_000;
/** The allowed growth: memory varies by fragmentation and caches. */
const MARGIN = { heapMb: 16, buffersMb: 8, descriptors: 4, timers: 4, threads: 0 } as const;

const failures = new Map<string, number>();

/** Runs activities until the time is over. Failures are counted and do not stop it. */
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

/** Lets users use the server for so long. */
async function use(url: string, forMs: number, toPass: number): Promise<void> {
  const endMs = performance.now() + forMs;
  let passed = 0;
  const stay = () =>
    [random(ACTIVITIES), `room-${Math.ceil(Math.random() * POPULAR)}`] as [Activity, string];
  const pass = () =>
    passed < toPass ? ([passesBy, `passing-${++passed}`] as [Activity, string]) : undefined;
  await Promise.all([
    ...Array.from({ length: users }, () => keepBusy(url, endMs, stay)),
    // The passers-by have no time limit: all rooms are opened and left.
    ...Array.from({ length: PASSERS }, () => keepBusy(url, Number.POSITIVE_INFINITY, pass)),
  ]);
}

/** Fills the server's cache with other rooms, and waits until nothing is in progress. */
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
// Lazy initialization and caches are done before the first sample.
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
