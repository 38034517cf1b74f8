import type { Checkpoint } from '../core/replication.ts';

/** What a node has decided, at some places. */
interface Voter {
  readonly id: string;
  readonly host: string;
  readonly checkpoints: readonly Checkpoint[];
}

/**
 * Compares the digests of nodes at the place that most of them have in common with this one. Nodes that
 * have the same digest are one side; the larger side is right, of two as large the one with the
 * smallest id: all nodes find the same one.
 * @returns what is wrong, where this node is not on that side
 */
export function minorityFault(own: Voter, others: readonly Voter[]): string | undefined {
  const voters = [own, ...others];
  const compared = own.checkpoints
    .map(({ place }) => ({ place, votes: votesAt(place, voters) }))
    .filter(({ votes }) => votes.length > 1)
    .sort((a, b) => b.votes.length - a.votes.length || b.place - a.place)
    .at(0);
  if (!compared) return undefined;
  const sides = [...Map.groupBy(compared.votes, ({ digest }) => digest).values()].sort(
    (a, b) => b.length - a.length || (smallestId(a) < smallestId(b) ? -1 : 1),
  );
  const [right = []] = sides;
  if (right.some(({ voter }) => voter === own)) return undefined;
  const hosts = right.map(({ voter }) => voter.host).join(', ');
  return `up to place ${compared.place} this node has decided otherwise than the nodes of ${hosts}`;
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
