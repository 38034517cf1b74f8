import { setTimeout as wait } from 'node:timers/promises';
import type { ReplicaPosition } from '../core/replication.ts';
import type { LogStream } from './log-stream.ts';
import { QUORUM_MS } from './quorum-age.ts';

/**
 * How often in a row a server has to contradict. One that hung reads, when it goes on, what the others sent to it
 * before: for a moment it takes itself for the leader, and for one that has just heard of a quorum.
 */
const CONTRADICTIONS = 3;
/** Heartbeats of a new leader, which end that moment, are a second apart. */
const PAUSE_MS = 1_500;

type Stream = Pick<LogStream, 'range' | 'entryAt'>;
type Position = Pick<ReplicaPosition, 'place' | 'id' | 'at'>;

/**
 * Compares what the engine has with what was applied here. After a power cut an engine that had not
 * synced may have gone back, and use its places a second time: then what a place means here is not
 * what it means there.
 * @returns what is wrong, for the operator; `undefined` where the log can be continued
 * @throws where no server answers that is the leader for certain
 */
export async function tipFault(
  stream: Stream,
  position: Position,
  pauseMs = PAUSE_MS,
): Promise<string | undefined> {
  let fault = await contradiction(stream, position);
  for (let count = 1; fault && count < CONTRADICTIONS; count += 1) {
    await wait(pauseMs);
    fault = await contradiction(stream, position);
  }
  return fault;
}

async function contradiction(
  stream: Stream,
  { place, id, at }: Position,
): Promise<string | undefined> {
  const { first, last, quorumAgeMs } = await stream.range();
  if (quorumAgeMs > QUORUM_MS) throw new Error('the leader is cut off');
  if (last < place)
    return `the log went back: it ends at place ${last}, and this node has applied place ${place}`;
  if (first > place + 1)
    return `the log begins at place ${first}, and this node has applied no more than place ${place}`;
  if (place === 0 || first > place) return undefined;
  const entry = await stream.entryAt(place);
  if (entry?.id === id && entry.at === at) return undefined;
  return `the log is another one: it has other events at place ${place} than this node has applied`;
}
