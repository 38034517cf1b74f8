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

/** Which poll the choice of the one on the stage depends on. */
export interface StagedPoll {
  readonly id: number;
  readonly isOpen: boolean;
  /** Whether the stage follows it by itself: polls of users who may start them. */
  readonly isFollowed: boolean;
}

/** The poll on the stage where none was chosen. @param polls the oldest first */
export function automaticPoll(polls: readonly StagedPoll[]): number | undefined {
  const followed = polls.filter(({ isFollowed }) => isFollowed);
  return (followed.findLast(({ isOpen }) => isOpen) ?? followed.at(-1))?.id;
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
