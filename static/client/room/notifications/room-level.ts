import type { MessageKey } from '../../../../server/shared/i18n.ts';
import {
  NOTIFICATION_LEVELS,
  type NotificationLevel,
} from '../../../../server/shared/notification-levels.ts';
import type { Permission } from '../../lib/allowed.ts';
import { readLocal, readLocalMap, writeLocalEntry } from '../../lib/storage.ts';

/** The level of rooms without a choice: earlier versions had one level for all rooms. */
const DEFAULT_KEY = 'notify';
/** What the guests of this browser chose, by room. */
const KEY = 'notify-rooms';
const MAX_ROOMS = 100;

/** Why this browser does not notify. */
export const NOTES: Readonly<Record<Permission, MessageKey | undefined>> = {
  granted: undefined,
  default: 'notify-unasked',
  denied: 'notify-denied',
  insecure: 'notify-insecure',
  unsupported: 'notify-unsupported',
};

interface RoomLevelOptions {
  readonly room: string;
  /** The user that the browser is signed in as; empty for a guest. */
  readonly user: () => { readonly uid?: string | undefined; readonly name?: string | undefined };
  readonly permission: () => Permission;
  readonly requestPermission: () => Promise<Permission>;
  /** Shows that notifications are on; `undefined` if the browser can't after all. */
  readonly confirm: () => Pick<Notification, 'close'> | undefined;
  /** Stores the choice of a signed-in user on the server. Resolves whether it has. */
  readonly store: (level: NotificationLevel) => Promise<boolean>;
}

/**
 * What the user is notified of in a room: the server stores it for a signed-in user, and the browser for a
 * guest. Whether notifications are shown depends on the permission that this browser has.
 */
export class RoomLevel {
  readonly #options: RoomLevelOptions;
  /** What the server has stored, and for whom. */
  #stored: { readonly uid: string; readonly level: NotificationLevel | undefined } | undefined;
  /** The browser has the feature, but refused to use it. */
  #isUnsupported = false;
  /** Why the last choice failed. */
  #problem: MessageKey | undefined;
  /** Called when it may have changed. */
  onChange = (): void => {};

  constructor(options: RoomLevelOptions) {
    this.#options = options;
  }

  /** What the user is notified of by this browser. */
  get effective(): NotificationLevel {
    return this.permission === 'granted' ? (this.chosen ?? defaultLevel()) : 'none';
  }

  /** What the user chose for the room; without a choice, what this browser does. */
  get shown(): NotificationLevel {
    return this.chosen ?? this.effective;
  }

  /** What the user chose for the room. What they chose as a guest is theirs after signing in. */
  get chosen(): NotificationLevel | undefined {
    const { uid } = this.#options.user();
    const stored = uid !== undefined && this.#stored?.uid === uid ? this.#stored.level : undefined;
    return stored ?? parseLevel(readLocalMap<string>(KEY).get(this.#options.room));
  }

  /** What keeps the user from being notified; `undefined` if nothing does. */
  get note(): MessageKey | undefined {
    if (this.#problem) return this.#problem;
    if (this.shown === 'none') return undefined;
    const isNameless = this.shown === 'mentions' && this.#options.user().name === undefined;
    return NOTES[this.permission] ?? (isNameless ? 'notify-needs-name' : undefined);
  }

  get permission(): Permission {
    return this.#isUnsupported ? 'unsupported' : this.#options.permission();
  }

  /** Whether the browser would ask the user for its permission, and they have not chosen Off. */
  get canOffer(): boolean {
    return this.permission === 'default' && (this.chosen ?? defaultLevel()) !== 'none';
  }

  /**
   * The user chooses, in a click, for which the browser asks its permission. What this browser can't do, or the server
   * rejects, changes nothing.
   */
  async choose(level: NotificationLevel): Promise<void> {
    this.#problem = level === 'none' ? undefined : NOTES[await this.#request()];
    const shown = level === 'none' || this.#problem ? undefined : this.#options.confirm();
    if (level !== 'none' && !this.#problem && !shown) this.refuse();
    if (!this.#problem && !(await this.#store(level))) shown?.close();
    this.onChange();
  }

  /** The server has stored this for the signed-in user: they chose here, or on another device. */
  onStored(level: string | undefined): void {
    const { uid } = this.#options.user();
    if (uid === undefined) return;
    this.#stored = { uid, level: parseLevel(level) };
    this.onChange();
  }

  /** The browser has the feature and the permission, and does not let a page notify all the same. */
  refuse(): void {
    this.#isUnsupported = true;
    this.#problem = 'notify-unsupported';
    this.onChange();
  }

  async #request(): Promise<Permission> {
    return this.#isUnsupported ? 'unsupported' : this.#options.requestPermission();
  }

  async #store(level: NotificationLevel): Promise<boolean> {
    const { room, user, store } = this.#options;
    if (user().uid === undefined) {
      writeLocalEntry(KEY, room, level, MAX_ROOMS);
      return true;
    }
    if (!(await store(level))) return false;
    this.onStored(level);
    return true;
  }
}

/** What is notified of in a room without a choice, once the browser allows it. */
function defaultLevel(): NotificationLevel {
  return parseLevel(readLocal<unknown>(DEFAULT_KEY, undefined)) ?? 'mentions';
}

function parseLevel(value: unknown): NotificationLevel | undefined {
  return NOTIFICATION_LEVELS.find((level) => level === value);
}
