/** What decides which polls of a room are the current ones. */
export interface PollSummary {
  readonly id: number;
  readonly kind: string;
  readonly isOpen: boolean;
  /** Whether a moderator created it. */
  readonly isByModerator: boolean;
}

/** The ids of the polls that an audience sees first. */
export interface CurrentPolls {
  /** The poll that is running: the latest open one, but no Q&A. */
  readonly running: number | undefined;
  /** The poll that was closed last, while none is running. */
  readonly closed: number | undefined;
  /** The Q&A: the latest open one, or else the latest. */
  readonly questions: number | undefined;
}

/**
 * Chooses the current polls.
 * @param polls the latest polls of a room
 * @param creators who can start polls there: only theirs are seen first
 */
export function currentPolls(
  polls: readonly PollSummary[],
  creators: 'moderators' | 'everyone',
): CurrentPolls {
  const ordered = polls
    .filter(({ isByModerator }) => creators === 'everyone' || isByModerator)
    .toSorted((a, b) => b.id - a.id);
  const questions = ordered.filter(({ kind }) => kind === 'q-and-a');
  const others = ordered.filter(({ kind }) => kind !== 'q-and-a');
  const running = others.find(({ isOpen }) => isOpen)?.id;
  return {
    running,
    closed: running === undefined ? others[0]?.id : undefined,
    questions: (questions.find(({ isOpen }) => isOpen) ?? questions[0])?.id,
  };
}
