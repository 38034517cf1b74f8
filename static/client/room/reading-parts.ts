import type { Commands } from '../connection/commands.ts';
import type { GuestIdentity } from '../connection/guest-identity.ts';
import type { AccountBadge } from './account-badge.ts';
import type { CommandSender } from './command-sender.ts';
import type { HistoryNavigation } from './history-navigation.ts';
import { Notifications } from './notifications/notifications.ts';
import type { Timeline } from './timeline.ts';
import { ReadTracker } from './unread/read-tracker.ts';

interface Options {
  readonly timeline: Timeline;
  readonly navigation: HistoryNavigation;
  readonly guest: GuestIdentity;
  readonly account: AccountBadge;
  readonly commands: Commands;
  readonly commandSender: CommandSender;
  readonly isLive: () => boolean;
}

/** How far the user has read, and what they are notified of. */
export function createReadingParts(options: Options) {
  const { timeline, navigation, guest, account, commands, commandSender, isLive } = options;
  const readTracker = new ReadTracker(timeline, {
    isLive,
    openAfter: (id) => navigation.openAfter(id),
    uid: () => account.signedIn.uid,
    report: (id) => store(id),
    token: () => guest.token,
  });
  const notifications = new Notifications(timeline, account, (level) =>
    commandSender.send({ type: 'set-notifications', level }),
  );

  /** Stores what a signed-in user has read; `false` if that failed, and is tried again. */
  async function store(id: number): Promise<boolean> {
    try {
      return (await commands.send({ type: 'mark-read', id }, true)) === undefined;
    } catch {
      return false;
    }
  }

  /** The server has stored what a signed-in user has read and chosen, here or on another device. */
  function onMembership(readId: number, level: string | undefined): void {
    readTracker.onStored(readId);
    notifications.onStored(level);
  }

  return { readTracker, notifications, onMembership };
}
