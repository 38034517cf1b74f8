import { Commands } from '../connection/commands.ts';
import type { Connection } from '../connection/connection.ts';
import type { GuestIdentity } from '../connection/guest-identity.ts';
import { type Entry, Outbox, type Posted } from '../connection/outbox.ts';
import { t } from '../lib/messages.ts';
import { CommandSender } from './command-sender.ts';
import type { Notices } from './notices.ts';
import { RoomRequests } from './room-requests.ts';

interface Options {
  readonly room: string;
  readonly guest: GuestIdentity;
  readonly notices: Notices;
  readonly connection: () => Connection;
  /** Whether the connection delivers only messages. */
  readonly isPolling: () => boolean;
  /** Receives ephemeral state, as fragments. */
  readonly onState: (html: string) => void;
  /** The messages that are not confirmed have changed. */
  readonly onUnconfirmed: (entries: readonly Entry[]) => void;
  /** Messages will not be sent: the user is another. */
  readonly onReleased: (entries: readonly Entry[]) => void;
  /** A message was rejected that was posted by a request. */
  readonly onRejected: (cid: string, why: string, code: string | undefined) => void;
}

/** What is sent to the server: messages and commands, by the connection or by requests. */
export function createSendingParts(options: Options) {
  const { room, guest, notices, connection, isPolling, onState, onRejected } = options;
  const isLive = () => connection().isLive;
  const send = (text: string) => connection().send(text);
  const requests = new RoomRequests({ room, guest, isPolling, onState });
  const outbox = new Outbox({
    ...{ room, isLive, send, post },
    uid: () => guest.uid,
    onUnanswered: () => connection().check(),
    onChange: options.onUnconfirmed,
    onReleased: options.onReleased,
  });
  const commands = new Commands({ send, post: (command) => requests.command(command) });
  const commandSender = new CommandSender({
    ...{ commands, isLive },
    confirm: (command) => requests.confirm(command),
    onRejected: (why) => notices.show('result', why),
    onFailed: () => notices.show('connection', t('offline-not-sent')),
  });

  async function post(entry: Entry, signal: AbortSignal): Promise<Posted> {
    try {
      const error = await requests.message(entry, signal);
      if (!error) return 'accepted';
      onRejected(entry.cid, error.message, error.code);
      return 'rejected';
    } catch {
      return 'unreachable';
    }
  }

  return { requests, outbox, commands, commandSender };
}
