interface Changed {
  readonly id: number;
  readonly seq: number;
}

/** Keeps the last of several changes of one message. */
export function latestPerMessage<T extends Changed>(changes: readonly T[]): T[] {
  const last = new Map(changes.map(({ id, seq }) => [id, seq]));
  return changes.filter(({ id, seq }) => last.get(id) === seq);
}

/**
 * The same, but also keeps each new message as it was posted: append-only waiters get nothing else.
 * However many users react to a message during one commit, it is rendered and sent once.
 */
export function coalesce<T extends Changed>(changes: readonly T[]): T[] {
  const last = new Set(latestPerMessage(changes));
  return changes.filter((change) => change.id === change.seq || last.has(change));
}
