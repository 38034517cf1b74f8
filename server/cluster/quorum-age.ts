import type { PeerInfo } from '@nats-io/jetstream';
import { NANOS_PER_MS } from './nanoseconds.ts';

/**
 * A leader that heard of a quorum within this time is the only one: an election takes longer. It hears of each
 * follower once a second.
 */
export const QUORUM_MS = 2_000;

/**
 * For how many milliseconds a leader has not heard of a quorum.
 * @param followers when the leader last heard of each; none where it is alone
 */
export function quorumAgeMs(followers: readonly PeerInfo[]): number {
  const needed = Math.floor((followers.length + 1) / 2);
  if (needed === 0) return 0;
  const ages = followers.map(({ active, offline }) =>
    offline ? Number.POSITIVE_INFINITY : active,
  );
  return (ages.sort((a, b) => a - b)[needed - 1] ?? 0) / NANOS_PER_MS;
}
