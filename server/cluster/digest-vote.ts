import type { Checkpoint } from '../core/replication.ts';

/** What a node has decided, at some places. */
export interface Voter {
  readonly id: string;
  readonly host: string;
  readonly checkpoints: readonly Checkpoint[];
}

/** How a store compares with the nodes that are right. */
export interface Verdict {
  /** The place up to which they were compared. */
  readonly place: number;
  readonly isRight: boolean;
  /** The machines of the nodes that are right, for the operator. */
  readonly hosts: string;
}

/**
 * Compares the digests of a store with those of nodes, at the place that most of them have in common with
 * it. Nodes that have the same digest are one side; the larger side is right, of two as large the one with
 * the smallest id: all nodes find the same one.
 * @returns `undefined` where they have no place in common
 */
export function compareDigests(
  own: readonly Checkpoint[],
  voters: readonly Voter[],
): Verdict | undefined {
  const compared = own
    .map(({ place, digest }) => ({ place, digest, votes: votesAt(place, voters) }))
    .filter(({ votes }) => votes.length > 0)
    .sort((a, b) => b.votes.length - a.votes.length || b.place - a.place)
    .at(0);
  if (!compared) return undefined;
  const { place, digest, votes } = compared;
  const [right = []] = [...Map.groupBy(votes, (vote) => vote.digest).values()].sort(
    (a, b) => b.length - a.length || (smallestId(a) < smallestId(b) ? -1 : 1),
  );
  const hosts = right.map(({ voter }) => voter.host).join(', ');
  return { place, isRight: right.some((vote) => vote.digest === digest), hosts };
}

/** What is wrong with a node that is not right. */
export function faultOf({ place, hosts }: Verdict): string {
  return `up to place ${place} this node has decided otherwise than the nodes of ${hosts}`;
}

/** Whether two nodes have decided the same; `undefined` where they have no place in common yet. */
export function agrees(
  own: readonly Checkpoint[],
  other: readonly Checkpoint[],
): boolean | undefined {
  // A digest is a chain: the last place that both have stands for all before it.
  const last = own.findLast(({ place }) => other.some((checkpoint) => checkpoint.place === place));
  return last && other.some(({ place, digest }) => place === last.place && digest === last.digest);
}

interface Vote {
  readonly voter: Voter;
  readonly digest: string;
}

function votesAt(place: number, voters: readonly Voter[]): readonly Vote[] {
  return voters.flatMap((voter) => {
    const found = voter.checkpoints.find((checkpoint) => checkpoint.place === place);
    return found ? [{ voter, digest: found.digest }] : [];
  });
}

function smallestId(side: readonly Vote[]): string {
  return side.map(({ voter }) => voter.id).sort()[0] ?? '';
}
