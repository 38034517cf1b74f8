import type { User } from '../../auth/user.ts';
import { type EncodedFrames, encodeOnce } from '../../core/encoded-frames.ts';
import { ChatError } from '../../core/errors.ts';
import type { SendEach } from '../../core/room.ts';
import type { Waiter } from '../../core/waiter.ts';
import type { ChatChange } from '../change.ts';
import type { StoreReader } from '../store.ts';
import type { MembershipCommand } from './commands.ts';
import type { Membership } from './membership.ts';
import { membershipText } from './membership-view.ts';
import type { MembershipWriter } from './membership-writer.ts';

interface Parts {
  /** The room's name. */
  readonly room: string;
  readonly store: StoreReader;
  readonly writer: MembershipWriter;
  readonly sendEach: SendEach;
}

/** The memberships of the signed-in users in a room: all tabs and devices of a user follow. */
export class RoomMemberships {
  readonly #parts: Parts;
  /** What tabs and devices have not received yet, by the uid of their user. */
  readonly #unsent = new Map<string, EncodedFrames>();
  /** Those that are being read for a new stream. */
  readonly #reading = new Set<{ readonly uid: string; isOutdated: boolean }>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** What is stored of a signed-in user; `undefined` for a guest, and before they read anything. */
  async of(user: User | undefined): Promise<Membership | undefined> {
    if (!user?.session) return undefined;
    return this.#parts.store.queries.membership(user.uid, this.#parts.room);
  }

  /** Sends it with a new stream: it may have changed while the user was disconnected. */
  async send(waiter: Waiter, user: User): Promise<void> {
    const reading = { uid: user.uid, isOutdated: false };
    this.#reading.add(reading);
    // The store reports read errors; the page has what it had.
    const membership = await this.of(user).catch(() => undefined);
    this.#reading.delete(reading);
    // What has changed meanwhile was pushed.
    if (membership && !reading.isOutdated) waiter.pushOwn(encoded(membership));
  }

  /** @throws ChatError for a guest: the guest is a tab, so the browser stores what they read */
  async change(command: MembershipCommand, { uid, session }: User): Promise<void> {
    if (session === null) throw new ChatError('sign-in-required');
    await this.#parts.writer.change({
      uid,
      room: this.#parts.room,
      readId: command.type === 'mark-read' ? command.id : null,
      notifications: command.type === 'set-notifications' ? command.level : null,
    });
  }

  /**
   * A change was committed. Hundreds of users are one event: what it changed is sent in one pass over
   * the waiters.
   */
  onChange({ uid, ...membership }: NonNullable<ChatChange['membership']>): void {
    if (this.#unsent.size === 0) queueMicrotask(() => this.#send());
    this.#unsent.set(uid, encoded(membership));
    for (const reading of this.#reading) reading.isOutdated ||= reading.uid === uid;
  }

  #send(): void {
    this.#parts.sendEach(({ uid }) => this.#unsent.get(uid));
    this.#unsent.clear();
  }
}

function encoded(membership: Membership): EncodedFrames {
  return encodeOnce((type) => [membershipText(membership, type)]);
}
