import { pollCreators } from '../../auth/permissions.ts';
import type { Settings } from '../../auth/room-settings.ts';
import { newestPoll, stagedPoll } from '../../shared/stage.ts';
import { participation } from '../polls/participation.ts';
import { baseOf, canHide, isPublic, type Poll, share, visibleOptions } from '../polls/poll.ts';

interface RoomPoll {
  readonly id: number;
  readonly poll: Poll;
}

/**
 * What the remote of a room shows: the poll on the stage, what can be done with it, and its
 * neighbours.
 * @param polls the oldest first
 */
export function remoteView(polls: readonly RoomPoll[], settings: Settings) {
  const isForAll = pollCreators(settings) === 'everyone';
  const all = polls.map(({ id, poll }) => ({
    id,
    poll,
    isFollowed: isForAll || poll.isByModerator,
  }));
  const shown = stagedPoll(all, settings.stage.poll);
  if (!shown) return { view: settings.stage.view, shown: undefined };
  const at = all.indexOf(shown);
  const newest = newestPoll(all)?.id;
  // On the newest, the stage follows what is started next.
  const choice = (index: number) => {
    const id = all[index]?.id;
    return id === newest ? 0 : id;
  };
  const { id, poll } = shown;
  return {
    view: settings.stage.view,
    shown: {
      id,
      question: poll.question,
      kind: poll.kind,
      isOpen: poll.isOpen,
      isPublic: isPublic(poll),
      canHide: canHide(poll),
      participation: participation(poll),
      position: `${at + 1} / ${all.length}`,
      options: poll.kind === 'q-and-a' ? [] : results(poll),
      questions: poll.kind === 'q-and-a' ? questions(id, poll, settings) : [],
    },
    previous: at > 0 ? choice(at - 1) : undefined,
    next: at + 1 < all.length ? choice(at + 1) : undefined,
  };
}

function results(poll: Poll) {
  return visibleOptions(poll)
    .map(({ text, count }) => ({ text, count, share: share(count, baseOf(poll)) }))
    .slice(0, MAX_OPTIONS);
}

/** Of a word cloud, the first words are enough. */
const MAX_OPTIONS = 20;

/** The open questions, those with the most votes first; the one on the stage is marked. */
function questions(id: number, poll: Poll, { stage }: Settings) {
  const open = visibleOptions(poll)
    .filter(({ state }) => state === 'open')
    .sort((a, b) => b.count - a.count);
  const chosen = stage.question?.poll === id ? stage.question.option : undefined;
  const staged = open.find(({ index }) => index === chosen) ?? open[0];
  return open.map((question) => ({ ...question, isStaged: question === staged }));
}
