/** Why a node must not go on: a code of docs/operations.md, and what is wrong, for the operator. */
export interface ClusterFault {
  readonly code: 'cluster-fault' | 'cluster-newer';
  readonly reason: string;
}

/** An entry has what only a newer version can apply. */
export function newerFault(place: number): ClusterFault {
  const reason = `place ${place} is of a newer version of Typhoon: start this node with the version of the others`;
  return { code: 'cluster-newer', reason };
}

/** A reason as a sentence. */
export function sentence(reason: string): string {
  return `${reason.charAt(0).toUpperCase()}${reason.slice(1)}.`;
}
