import { parseArgs } from 'node:util';
import { shipped } from './bench/contenders.ts';
import { MeasuredServer } from './bench/server.ts';
import { measureVotes } from './bench/votes.ts';

/*
 * npm run bench:votes [-- --viewers 1000 --votes 10000 --rate 1000 --chat 10]
 *
 * A server in its own process, with its log on disk: a poll in which thousands vote within seconds,
 * and its effect on the clients that view it and chat. Prints a table, then the same as JSON. It fails if a
 * count is wrong, not if something is slow.
 */

const { values } = parseArgs({
  options: {
    viewers: { type: 'string', default: '1000' },
    votes: { type: 'string', default: '10000' },
    rate: { type: 'string', default: '1000' },
    chat: { type: 'string', default: '10' },
  },
});

const server = await MeasuredServer.start(shipped);
try {
  const result = await measureVotes(server, {
    viewers: Number(values.viewers),
    votes: Number(values.votes),
    votesPerSecond: Number(values.rate),
    messagesPerSecond: Number(values.chat),
  });
  const ms = ({ p50, p99, max }: (typeof result)['chatMs']) =>
    [p50, p99, max].map((number) => number.toFixed(1)).join(' / ');
  console.table({
    viewers: result.viewers,
    votes: `${result.votes} at ${result.votesPerSecond} a second`,
    'chat, ms: p50 / p99 / max': ms(result.chatMs),
    'votes, ms: p50 / p99 / max': ms(result.voteMs),
    'updates of the poll': result.updates.all,
    'at most in one second': result.updates.maxPerSecond,
    'right at the end after, ms': result.settledMs.toFixed(0),
    'server CPU': result.serverCpu.toFixed(2),
    'client CPU': result.clientCpu.toFixed(2),
    failures: result.failures.length,
  });
  console.log(JSON.stringify(result, null, 2));
  if (result.failures.length > 0) process.exitCode = 1;
} finally {
  await server.stop();
}
