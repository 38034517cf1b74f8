import type { User } from '../../auth/user.ts';
import { type EncodedFrames, encodeOnce } from '../../core/encoded-frames.ts';
import { ChatError } from '../../core/errors.ts';
import type { SendEach } from '../../core/room.ts';
import type { ChatChange } from '../change.ts';
import type { Store } from '../store.ts';
import type { MembershipCommand } from './commands.ts';
import type { Membership } from './membership.ts';
import { membershipText } from './membership-view.ts';
import type { MembershipWriter } from './membership-writer.ts';

interface Parts {
  /** The room's name. */
  readonly room: string;
  readonly store: Store;
  readonly writer: MembershipWriter;
  readonly sendEach: SendEach;
}

/** The memberships of the signed-in users in a room: all tabs and devices of a user follow. */
export class RoomMemberships {
  readonly #parts: Parts;
  /** What tabs and devices have not received yet, by the uid of their user. */
  readonly #unsent = new Map<string, EncodedFrames>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** What is stored of a signed-in user; `undefined` for a guest, and before they read anything. */
  async of(user: User | undefined): Promise<Membership | undefined> {
    if (!user?.session) return undefined;
    return this.#parts.store.queries.membership(user.uid, this.#parts.room);
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
    this.#unsent.set(
      uid,
      encodeOnce((type) => [membershipText(membership, type)]),
    );
  }

  #send(): void {
    this.#parts.sendEach(({ uid }) => this.#unsent.get(uid));
    this.#unsent.clear();
  }
}
