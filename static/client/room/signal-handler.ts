import type { GuestIdentity } from '../connection/guest-identity.ts';
import { learnTime } from '../connection/server-clock.ts';
import { byId, parseIds } from '../lib/dom.ts';
import type { AccountBadge } from './account-badge.ts';
import type { PeopleList } from './people-list.ts';
import type { Pins } from './pins.ts';
import type { Polls } from './polls/polls.ts';
import type { Timeline } from './timeline.ts';

interface Options {
  readonly visitor: GuestIdentity;
  readonly me: AccountBadge;
  readonly timeline: Timeline;
  readonly roster: PeopleList;
  readonly polls: Polls;
  readonly pins: Pins;
  /** The server already has the message of this client id. */
  readonly acknowledged: (cid: string | undefined) => void;
  /** Something was refused: the message of this client id, if it was one. */
  readonly refused: (cid: string | undefined, why: HTMLElement, code: string | undefined) => void;
}

/** Handles what the server sends that is not a message. */
export class SignalHandler {
  readonly #options: Options;
  #owner: string | undefined;
  #isModerator = false;

  constructor(options: Options) {
    this.#options = options;
  }

  take(signal: HTMLElement): void {
    const { timeline, roster, polls, refused, acknowledged } = this.#options;
    const { dataset } = signal;
    if (signal.matches('.person')) roster.take(signal);
    if (signal.matches('.results')) polls.takeResults(signal);
    if (signal.id.startsWith('vote-')) this.#chose(dataset);
    switch (signal.id) {
      case 'welcome':
        this.#welcome(dataset);
        break;
      case 'gap':
        timeline.clear();
        break;
      case 'ack':
        acknowledged(dataset.cid);
        break;
      case 'live':
        learnTime(dataset.at);
        timeline.setCursor(dataset.cursor ?? '');
        break;
      case 'room':
        this.#room(dataset);
        break;
      case 'roster-anew':
        roster.renew();
        break;
      case 'people':
        roster.setCount(Number(dataset.count));
        polls.present = Number(dataset.count);
        break;
      case 'notice':
        refused(dataset.cid, signal, dataset.code);
        break;
    }
  }

  #chose({ poll, options, texts = '[]' }: DOMStringMap): void {
    this.#options.polls.setOwnVotes(Number(poll), parseIds(options), JSON.parse(texts));
  }

  #welcome({ uid = '', token, name, moderator }: DOMStringMap): void {
    const { visitor, me, timeline } = this.#options;
    // The user's name is set before mentions of it are looked for.
    me.show({ uid, name });
    if (token) visitor.adopt(token);
    else visitor.signIn(uid);
    this.#isModerator = moderator !== undefined;
    if (!timeline.cursor) timeline.clear();
    this.#showModeratorControls();
  }

  #room({ topic = '', owner, pinned }: DOMStringMap): void {
    byId('topic').textContent = topic;
    this.#options.pins.take(parseIds(pinned));
    this.#owner = owner;
    this.#showModeratorControls();
  }

  /** Shows what only moderators can do. */
  #showModeratorControls(): void {
    const { visitor } = this.#options;
    const isKeeper =
      this.#isModerator || (this.#owner !== undefined && this.#owner === visitor.uid);
    document.body.classList.toggle('keeper', isKeeper);
    byId('keep-link').hidden = !isKeeper;
  }
}
