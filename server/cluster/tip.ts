import type { ReplicaPosition } from '../core/replication.ts';
import type { LogStream } from './log-stream.ts';
import { QUORUM_MS } from './quorum-age.ts';

/**
 * Compares what the engine has with what was applied here. After a power cut an engine that had not
 * synced may have gone back, and use its places a second time: then what a place means here is not
 * what it means there.
 * @returns what is wrong, for the operator; `undefined` where the log can be continued
 * @throws where no server answers that is the leader for certain
 */
export async function tipFault(
  stream: Pick<LogStream, 'range' | 'entryAt'>,
  { place, id, at }: Pick<ReplicaPosition, 'place' | 'id' | 'at'>,
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
