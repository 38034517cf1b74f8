import type { Polls } from '../polls/polls.ts';
import type { Timeline } from '../timeline.ts';
import { NowStrip } from './now-strip.ts';
import { ReactionBar } from './reaction-bar.ts';
import { Stage } from './stage.ts';
import { Views } from './views.ts';

interface Options {
  readonly timeline: Timeline;
  readonly polls: Polls;
  readonly send: (command: object) => void;
  /** Fetches what is running; see `Stage`. */
  readonly fetch: ConstructorParameters<typeof Stage>[0]['fetch'];
  /** Another view is shown. */
  readonly onView: () => void;
}

/** What is running in the room now, and the views it is shown in. */
export function createStageParts({ timeline, polls, send, fetch, onView }: Options) {
  const views = new Views(onView);
  const nowStrip = new NowStrip({
    showNow: () => views.show('now'),
    highlight(id) {
      const isHere = document.getElementById(`m-${id}`) !== null;
      if (isHere) timeline.highlight(id);
      return isHere;
    },
  });
  const stage = new Stage({
    decorate: (article) => polls.decorate(article),
    fetch,
    onRunning: (poll) => nowStrip.show(poll),
  });
  return { stage, nowStrip, reactionBar: new ReactionBar(send) };
}
