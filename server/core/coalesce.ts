interface Changed {
  readonly id: number;
  readonly seq: number;
}

/** Of several changes of one message, the last. */
export function latestPerMessage<T extends Changed>(changes: readonly T[]): T[] {
  const last = new Map(changes.map(({ id, seq }) => [id, seq]));
  return changes.filter(({ id, seq }) => last.get(id) === seq);
}

/**
 * The same, and what is new as it was posted: some hear nothing else. However many people react to
 * a message in the time of one commit, it is rendered and sent once.
 */
export function coalesce<T extends Changed>(changes: readonly T[]): T[] {
  const last = new Set(latestPerMessage(changes));
  return changes.filter((change) => change.id === change.seq || last.has(change));
}
