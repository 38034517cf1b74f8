import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { Asker } from './asker.ts';
import { spread } from './load.ts';
import type { MeasuredServer } from './server.ts';
import { Watcher } from './watchers.ts';

/** Votes in a room's poll, which is watched while users chat. */
export interface VoteLoad {
  readonly votes: number;
  readonly votesPerSecond: number;
  readonly watchers: number;
  readonly messagesPerSecond: number;
}

export interface VoteResult extends VoteLoad {
  readonly seconds: number;
  /** From the write of a message to its arrival at a watcher, over all messages and watchers. */
  readonly chatMs: { readonly p50: number; readonly p99: number; readonly max: number };
  /** From the write of a vote to the response, which comes when it is on disk. */
  readonly voteMs: { readonly p50: number; readonly p99: number; readonly max: number };
  /** How often the poll was sent to a watcher: in all, and at most within one second. */
  readonly updates: { readonly all: number; readonly mostInOneSecond: number };
  /** From the response to the last vote to the right counts at the last watcher. */
  readonly settledMs: number;
  /** CPU usage, in cores. Near 1 the clients are the limit, not the server. */
  readonly serverCpu: number;
  readonly clientCpu: number;
  /** What is wrong; none of it is a matter of time. */
  readonly wrongs: readonly string[];
}

const ROOM = 'votes';
const OPTIONS = ['one', 'two', 'three', 'four'] as const;
/** Votes in flight; voters have a connection each, and do not wait for one another. */
const CONNECTIONS = 1_000;
/** Counts that are not right after this are wrong. */
const SETTLE_MS = 10_000;

/** Each user votes once, for the options in turn. */
export async function measureVotes(server: MeasuredServer, load: VoteLoad): Promise<VoteResult> {
  const asker = new Asker(server.port, Math.min(load.votes, CONNECTIONS));
  const path = `/rooms/${ROOM}/commands`;
  const tokens = await Promise.all(
    Array.from({ length: load.votes }, async (): Promise<string> => {
      return JSON.parse(await asker.post('/guests', {})).token;
    }),
  );
  const watchers = Array.from({ length: load.watchers }, () => new Watcher(server.port, ROOM));
  await Promise.all(watchers.map((watcher) => watcher.ready()));
  watchers[0]?.send(JSON.stringify({ type: 'create-poll', question: 'Which?', options: OPTIONS }));
  while (watchers.some(({ pollsAt }) => pollsAt.length === 0)) await pause(1);
  const poll = watchers[0]?.poll ?? 0;
  // The presence updates are over before the votes start.
  await pause(1_000);

  const before = await server.usage();
  const ownBefore = process.cpuUsage();
  const start = performance.now();
  const due = (perSecond: number) => ((performance.now() - start) * perSecond) / 1_000;
  const answers: Promise<number>[] = [];
  const saidAt: number[] = [];
  const vote = async (token: string | undefined, option: number): Promise<number> => {
    const from = performance.now();
    await asker.post(path, { type: 'set-votes', id: poll, options: option }, token);
    return performance.now() - from;
  };
  while (answers.length < load.votes) {
    while (answers.length < Math.min(load.votes, due(load.votesPerSecond))) {
      answers.push(vote(tokens[answers.length], answers.length % OPTIONS.length));
    }
    if (saidAt.length < due(load.messagesPerSecond)) {
      saidAt.push(performance.now());
      watchers[0]?.send(JSON.stringify({ message: `message ${saidAt.length}` }));
    }
    await pause(1);
  }
  const voteMs = await Promise.all(answers);
  const answeredAt = performance.now();

  const expected = OPTIONS.map((_, option) => votesFor(option, load.votes)).join();
  const isSettled = ({ counts, messagesAt }: Watcher) =>
    counts.join() === expected && messagesAt.length === saidAt.length;
  while (!watchers.every(isSettled) && performance.now() < answeredAt + SETTLE_MS) await pause(1);
  const settledMs = performance.now() - answeredAt;
  const seconds = (performance.now() - start) / 1_000;
  const own = process.cpuUsage(ownBefore);
  const { cpuSeconds } = await server.usage();

  const stored = storedCounts(server.file, poll).join();
  const wrongs = [
    ...(stored === expected ? [] : [`The store has ${stored} and not ${expected}.`]),
    ...watchers.flatMap(({ counts }, index) =>
      counts.join() === stored ? [] : [`Watcher ${index} was told ${counts} and not ${stored}.`],
    ),
    ...watchers.flatMap(({ messagesAt: { length } }, index) =>
      length === saidAt.length
        ? []
        : [`Watcher ${index} heard ${length} of ${saidAt.length} messages.`],
    ),
  ];
  await Promise.all(watchers.map((watcher) => watcher.leave()));
  asker.close();

  const chatMs = watchers.flatMap(({ messagesAt }) =>
    messagesAt.map((at, index) => at - (saidAt[index] ?? 0)),
  );
  return {
    ...load,
    seconds,
    chatMs: spread(chatMs),
    voteMs: spread(voteMs),
    updates: {
      all: Math.max(...watchers.map(({ pollsAt }) => pollsAt.length)),
      mostInOneSecond: Math.max(...watchers.map(({ pollsAt }) => mostWithin(1_000, pollsAt))),
    },
    settledMs,
    serverCpu: (cpuSeconds - before.cpuSeconds) / seconds,
    clientCpu: (own.user + own.system) / 1e6 / seconds,
    wrongs,
  };
}

/** Votes for an option, if the voters choose the options in turn. */
function votesFor(option: number, votes: number): number {
  return Math.floor((votes + OPTIONS.length - 1 - option) / OPTIONS.length);
}

/** The votes on disk, counted here. */
function storedCounts(file: string, poll: number): readonly number[] {
  const db = new DatabaseSync(file, { readOnly: true });
  const rows = db.prepare('SELECT option, uid FROM votes WHERE poll = ?').all(poll);
  db.close();
  return OPTIONS.map((_, option) => rows.filter((row) => row.option === option).length);
}

/** The maximum number of the ascending times within `ms` of each other. */
function mostWithin(ms: number, times: readonly number[]): number {
  let from = 0;
  let most = 0;
  for (const [index, time] of times.entries()) {
    while (time - (times[from] ?? 0) >= ms) from += 1;
    most = Math.max(most, index - from + 1);
  }
  return most;
}
