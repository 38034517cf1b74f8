/** What fills the screens of a room's projectors: the polls, how to join, or nothing. */
export type View = (typeof VIEWS)[number];

export const VIEWS = ['poll', 'join', 'blank'] as const;

/** What the projectors of a room show, as its moderators have chosen. */
export interface Stage {
  readonly view: View;
  /** The poll on the stage; `null`: the one that was started last. */
  readonly poll: number | null;
  /** The question of a Q&A that is large while that is on the stage; `null`: the first. */
  readonly question: { readonly poll: number; readonly option: number } | null;
}

export const DEFAULT_STAGE: Stage = { view: 'poll', poll: null, question: null };

/** What the choice of the poll on the stage depends on. */
interface StagedPoll {
  readonly id: number;
  /** Whether the stage follows it by itself: polls of users who may start them. */
  readonly isFollowed: boolean;
}

/**
 * The poll on the stage: the chosen one, or else the one that was started last.
 * @param polls the oldest first
 */
export function stagedPoll<P extends StagedPoll>(
  polls: readonly P[],
  chosen: number | null,
): P | undefined {
  return polls.find(({ id }) => id === chosen) ?? newestPoll(polls);
}

/** The poll that was started last. While it is on the stage, that follows the next. */
export function newestPoll<P extends StagedPoll>(polls: readonly P[]): P | undefined {
  return polls.findLast(({ isFollowed }) => isFollowed);
}

/** A stage as the attribute of a fragment; `null` for the default. */
export function formatStage({ view, poll, question }: Stage): string | null {
  if (view === 'poll' && poll === null && question === null) return null;
  return [view, poll ?? '', question?.poll ?? '', question?.option ?? ''].join(',');
}

/** Parses what `formatStage` has made. */
export function parseStage(text: string | undefined): Stage {
  if (text === undefined) return DEFAULT_STAGE;
  const [view, poll = '', of = '', option = ''] = text.split(',');
  return {
    view: VIEWS.find((known) => known === view) ?? 'poll',
    poll: poll === '' ? null : Number(poll),
    question: of === '' ? null : { poll: Number(of), option: Number(option) },
  };
}
