import { byId } from './dom.ts';
import type { Me } from './me.ts';
import type { Polls } from './polls.ts';
import type { Roster } from './roster.ts';
import type { Timeline } from './timeline.ts';
import type { Visitor } from './visitor.ts';

interface Options {
  readonly visitor: Visitor;
  readonly me: Me;
  readonly timeline: Timeline;
  readonly roster: Roster;
  readonly polls: Polls;
  /** Something was refused: the message of this id, if it was one. */
  readonly refused: (cid: string | undefined, why: HTMLElement, code: string | undefined) => void;
}

/** Takes what the server says beside the messages. */
export class Signals {
  readonly #options: Options;
  #owner: string | undefined;
  #isModerator = false;

  constructor(options: Options) {
    this.#options = options;
  }

  take(signal: HTMLElement): void {
    const { timeline, roster, polls, refused } = this.#options;
    const { dataset } = signal;
    if (signal.matches('.person')) roster.take(signal);
    if (signal.matches('.results')) polls.takeResults(signal);
    if (signal.id.startsWith('vote-')) polls.chose(Number(dataset.poll), numbers(dataset.options));
    switch (signal.id) {
      case 'welcome':
        this.#welcome(dataset);
        break;
      case 'gap':
        timeline.clear();
        break;
      case 'live':
        timeline.isLevel(dataset.cursor ?? '');
        break;
      case 'room':
        this.#room(dataset);
        break;
      case 'roster-anew':
        roster.renew();
        break;
      case 'people':
        roster.counted(Number(dataset.count));
        polls.present = Number(dataset.count);
        break;
      case 'notice':
        refused(dataset.cid, signal, dataset.code);
        break;
    }
  }

  #welcome({ uid = '', token, name, moderator }: DOMStringMap): void {
    const { visitor, me, timeline } = this.#options;
    if (token) visitor.know(token);
    else visitor.signIn(uid);
    this.#isModerator = moderator !== undefined;
    me.show({ uid, name });
    if (!timeline.cursor) timeline.clear();
    this.#showKeeping();
  }

  #room({ topic = '', owner }: DOMStringMap): void {
    byId('topic').textContent = topic;
    this.#owner = owner;
    this.#showKeeping();
  }

  /** What only those can do who keep the room. */
  #showKeeping(): void {
    const { visitor, timeline } = this.#options;
    const isKeeper =
      this.#isModerator || (this.#owner !== undefined && this.#owner === visitor.uid);
    timeline.isKeeper = isKeeper;
    document.body.classList.toggle('keeper', isKeeper);
    byId('keep-link').hidden = !isKeeper;
  }
}

function numbers(text = ''): number[] {
  return text.split(' ').filter(Boolean).map(Number);
}
