import type { GuestIdentity } from '../connection/guest-identity.ts';
import { learnTime } from '../connection/server-clock.ts';
import { byId, parseIds } from '../lib/dom.ts';
import type { JoinLink } from '../lib/join-link.ts';
import { showTitle } from '../lib/room-title.ts';
import type { AccountBadge } from './account-badge.ts';
import type { PeopleList } from './people-list.ts';
import type { Pins } from './pins.ts';
import type { Polls } from './polls/polls.ts';
import type { ReactionBar } from './stage/reaction-bar.ts';
import type { Stage } from './stage/stage.ts';
import type { Timeline } from './timeline.ts';
import type { WriteAccess } from './write-access.ts';

interface Options {
  readonly guest: GuestIdentity;
  readonly accountBadge: AccountBadge;
  readonly timeline: Timeline;
  readonly peopleList: PeopleList;
  readonly polls: Polls;
  readonly pins: Pins;
  readonly joinLink: JoinLink;
  readonly stage: Stage;
  readonly reactionBar: ReactionBar;
  readonly writeAccess: WriteAccess;
  /** The user has read up to a message, or chose what they are notified of, here or on another device. */
  readonly onMembership: (readId: number, notifications: string | undefined) => void;
  /** The server has executed the command of this client id. */
  readonly acknowledged: (cid: string | undefined) => void;
  /** Something was rejected: the message of this client id, if it was a message. */
  readonly rejected: (cid: string | undefined, why: HTMLElement, code: string | undefined) => void;
}

/** Handles what the server sends that is not a message. */
export class SignalHandler {
  readonly #options: Options;
  #owner: string | undefined;
  #isModerator = false;

  constructor(options: Options) {
    this.#options = options;
  }

  handle(signal: HTMLElement): void {
    const { timeline, peopleList, polls, rejected, acknowledged } = this.#options;
    const { dataset } = signal;
    if (signal.matches('.member')) peopleList.apply(signal);
    if (signal.matches('.results')) polls.applyResults(signal);
    if (signal.id.startsWith('vote-')) this.#setOwnVotes(dataset);
    switch (signal.id) {
      case 'welcome':
        this.#welcome(dataset);
        break;
      case 'membership':
        this.#options.onMembership(Number(dataset.readId), dataset.notifications);
        break;
      case 'reset':
        timeline.clear();
        void this.#options.stage.reset();
        break;
      case 'live-reactions':
        this.#options.reactionBar.show(JSON.parse(dataset.counts ?? '{}'));
        break;
      case 'ack':
        acknowledged(dataset.cid);
        break;
      case 'synced':
        learnTime(dataset.at);
        timeline.setCursor(dataset.cursor ?? '');
        break;
      case 'room-state':
        this.#room(dataset);
        break;
      case 'mute':
        this.#setMute(dataset);
        break;
      case 'presence-reset':
        peopleList.reset();
        break;
      case 'presence-count':
        peopleList.setCount(Number(dataset.count));
        // Who owns the room asks, and does not answer.
        polls.present = Number(dataset.count) - Number(peopleList.has(this.#owner));
        break;
      case 'error':
        rejected(dataset.cid, signal, dataset.code);
        break;
    }
  }

  #setOwnVotes({ poll, round, options, texts = '[]' }: DOMStringMap): void {
    const votes = {
      round: Number(round ?? 0),
      options: parseIds(options),
      texts: JSON.parse(texts),
    };
    this.#options.polls.setOwnVotes(Number(poll), votes);
  }

  #setMute({ muted, until }: DOMStringMap): void {
    const end = until === undefined ? null : Date.parse(until);
    this.#options.writeAccess.setMute(muted === undefined ? undefined : end);
  }

  #welcome({ uid = '', token, name, moderator, formerGuests }: DOMStringMap): void {
    const { guest, accountBadge, timeline } = this.#options;
    // The user's name is set before mentions of it are looked for.
    const former = formerGuests?.split(' ');
    accountBadge.show({ uid, name, formerGuests: former });
    if (token) guest.adopt(token);
    else guest.signIn(uid, former ?? []);
    this.#isModerator = moderator !== undefined;
    this.#options.writeAccess.setNamed(name !== undefined);
    if (!timeline.cursor) timeline.clear();
    this.#showModeratorControls();
  }

  #room(state: DOMStringMap): void {
    const { title = '', topic = '', kind, code, owner, polls, pinned, expired } = state;
    const { locked, named, guests } = state;
    document.body.dataset.kind = kind;
    this.#options.stage.creators = polls;
    showTitle(title);
    this.#options.joinLink.code = code;
    byId('topic').textContent = topic;
    document.body.classList.toggle('polls-restricted', polls === 'moderators');
    this.#options.pins.set(parseIds(pinned));
    this.#options.timeline.expire(Number(expired));
    this.#owner = owner;
    this.#options.peopleList.owner = owner;
    this.#options.writeAccess.setLocked(locked !== undefined);
    this.#options.writeAccess.setNameRequired(named !== undefined);
    this.#options.writeAccess.setReadOnlyForGuests(guests === 'read-only');
    this.#showModeratorControls();
  }

  /** Shows what only moderators can do. */
  #showModeratorControls(): void {
    const { guest } = this.#options;
    const canModerate =
      this.#isModerator || (this.#owner !== undefined && this.#owner === guest.uid);
    document.body.classList.toggle('can-moderate', canModerate);
    this.#options.writeAccess.setModerator(canModerate);
    for (const id of ['settings-link', 'remote-link']) byId(id).hidden = !canModerate;
  }
}
