import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { HttpClient } from './http-client.ts';
import { percentiles } from './load.ts';
import { PollViewer } from './poll-viewer.ts';
import type { MeasuredServer } from './server.ts';

/** Votes in a room's poll, which is watched while users chat. */
interface VoteLoad {
  readonly votes: number;
  readonly votesPerSecond: number;
  readonly viewers: number;
  readonly messagesPerSecond: number;
}

interface VoteResult extends VoteLoad {
  readonly seconds: number;
  /** From the write of a message to its arrival at a viewer, over all messages and viewers. */
  readonly chatMs: { readonly p50: number; readonly p99: number; readonly max: number };
  /** From the write of a vote to the response, which comes when it is on disk. */
  readonly voteMs: { readonly p50: number; readonly p99: number; readonly max: number };
  /** How often the poll was sent to a viewer: in all, and at most within one second. */
  readonly updates: { readonly all: number; readonly maxPerSecond: number };
  /** From the response to the last vote to the right counts at the last viewer. */
  readonly settledMs: number;
  /** CPU usage, in cores. Near 1 the clients are the limit, not the server. */
  readonly serverCpu: number;
  readonly clientCpu: number;
  /** What is wrong; none of it is a matter of time. */
  readonly failures: readonly string[];
}

const ROOM = 'votes';
const OPTIONS = ['one', 'two', 'three', 'four'] as const;
/** Votes in flight; voters have a connection each, and do not wait for one another. */
const CONNECTIONS = 1_000;
/** Counts that are not right after this are wrong. */
const SETTLE_MS = 10_000;

/** Each user votes once, for the options in turn. */
export async function measureVotes(server: MeasuredServer, load: VoteLoad): Promise<VoteResult> {
  const httpClient = new HttpClient(server.port, Math.min(load.votes, CONNECTIONS));
  const path = `/rooms/${ROOM}/commands`;
  const tokens = await Promise.all(
    Array.from({ length: load.votes }, async (): Promise<string> => {
      return JSON.parse(await httpClient.post('/guests', {})).token;
    }),
  );
  const viewers = Array.from({ length: load.viewers }, () => new PollViewer(server.port, ROOM));
  await Promise.all(viewers.map((viewer) => viewer.ready()));
  viewers[0]?.send(JSON.stringify({ type: 'create-poll', question: 'Which?', options: OPTIONS }));
  while (viewers.some(({ pollsAt }) => pollsAt.length === 0)) await pause(1);
  const poll = viewers[0]?.poll ?? 0;
  // The presence updates are over before the votes start.
  await pause(1_000);

  const before = await server.usage();
  const ownBefore = process.cpuUsage();
  const start = performance.now();
  const due = (perSecond: number) => ((performance.now() - start) * perSecond) / 1_000;
  const answers: Promise<number>[] = [];
  const sentAt: number[] = [];
  const vote = async (token: string | undefined, option: number): Promise<number> => {
    const from = performance.now();
    await httpClient.post(path, { type: 'set-votes', id: poll, options: option }, token);
    return performance.now() - from;
  };
  while (answers.length < load.votes) {
    while (answers.length < Math.min(load.votes, due(load.votesPerSecond))) {
      answers.push(vote(tokens[answers.length], answers.length % OPTIONS.length));
    }
    if (sentAt.length < due(load.messagesPerSecond)) {
      sentAt.push(performance.now());
      viewers[0]?.send(JSON.stringify({ message: `message ${sentAt.length}` }));
    }
    await pause(1);
  }
  const voteMs = await Promise.all(answers);
  const answeredAt = performance.now();

  const expected = OPTIONS.map((_, option) => votesFor(option, load.votes)).join();
  const isComplete = ({ counts, messagesAt }: PollViewer) =>
    counts.join() === expected && messagesAt.length === sentAt.length;
  while (!viewers.every(isComplete) && performance.now() < answeredAt + SETTLE_MS) await pause(1);
  const settledMs = performance.now() - answeredAt;
  const seconds = (performance.now() - start) / 1_000;
  const own = process.cpuUsage(ownBefore);
  const { cpuSeconds } = await server.usage();

  const stored = storedCounts(server.file, poll).join();
  const failures = [
    ...(stored === expected ? [] : [`The store has ${stored} and not ${expected}.`]),
    ...viewers.flatMap(({ counts }, index) =>
      counts.join() === stored ? [] : [`Viewer ${index} received ${counts} and not ${stored}.`],
    ),
    ...viewers.flatMap(({ messagesAt: { length } }, index) =>
      length === sentAt.length
        ? []
        : [`Viewer ${index} received ${length} of ${sentAt.length} messages.`],
    ),
  ];
  await Promise.all(viewers.map((viewer) => viewer.close()));
  httpClient.close();

  const chatMs = viewers.flatMap(({ messagesAt }) =>
    messagesAt.map((at, index) => at - (sentAt[index] ?? 0)),
  );
  return {
    ...load,
    seconds,
    chatMs: percentiles(chatMs),
    voteMs: percentiles(voteMs),
    updates: {
      all: Math.max(...viewers.map(({ pollsAt }) => pollsAt.length)),
      maxPerSecond: Math.max(...viewers.map(({ pollsAt }) => maxWithin(1_000, pollsAt))),
    },
    settledMs,
    serverCpu: (cpuSeconds - before.cpuSeconds) / seconds,
    clientCpu: (own.user + own.system) / 1e6 / seconds,
    failures,
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
function maxWithin(ms: number, times: readonly number[]): number {
  let from = 0;
  let max = 0;
  for (const [index, time] of times.entries()) {
    while (time - (times[from] ?? 0) >= ms) from += 1;
    max = Math.max(max, index - from + 1);
  }
  return max;
}
