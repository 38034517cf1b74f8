import { Connection, type ConnectionState } from '../connection/connection.ts';
import { FrameBuffer } from '../connection/frame-buffer.ts';
import type { GuestIdentity } from '../connection/guest-identity.ts';
import type { ServerError } from '../connection/post.ts';
import { parseFragments } from '../lib/dom.ts';
import { language } from '../lib/messages.ts';
import { ConnectionPanel } from './connection-panel.ts';
import { Presence, type PresenceCommand } from './presence.ts';
import type { RoomRequests } from './room-requests.ts';

interface Options {
  readonly room: string;
  readonly guest: GuestIdentity;
  readonly requests: RoomRequests;
  /** The cursor of the page; `undefined` during a reset. */
  readonly cursor: () => string | undefined;
  /** Applies what the server sent. */
  readonly receive: (fragments: readonly HTMLElement[]) => void;
  /** The server denies the connection. */
  readonly onDenied: (why: ServerError) => void;
  /** The connection is live: what the last one did not confirm is sent again. */
  readonly onLive: () => void;
  readonly onLost: () => void;
  /** Its state has changed. */
  readonly onState: (state: ConnectionState) => void;
}

/** The connection to the room, what shows its state, and the user's presence in it. */
export function createConnectionParts(options: Options) {
  const { room, guest, requests, cursor, receive, onDenied, onLive, onLost, onState } = options;
  let state: ConnectionState = 'connecting';
  const frames = new FrameBuffer({ parse: parseFragments, apply: receive });
  const connection = new Connection({
    room,
    lang: language,
    cursor() {
      frames.flush();
      return cursor();
    },
    token: () => guest.token,
    onFrame: (html) => frames.add(html),
    whenApplied: (call) => frames.whenApplied(call),
    onState: show,
    onDenied,
  });
  const panel = new ConnectionPanel(connection);
  const presence = new Presence(report, () => connection.isLive && state !== 'websocket');

  function show(now: ConnectionState): void {
    state = now;
    panel.show(now);
    if (connection.isLive) {
      onLive();
      presence.report();
    } else onLost();
    onState(now);
  }

  /** Reports presence: if that fails, it is reported again before long. */
  function report(command: PresenceCommand): void {
    if (connection.isLive && !connection.send(JSON.stringify(command)))
      requests.command(command).catch(() => {});
  }

  return {
    ...{ connection, frames, presence },
    isPolling: () => connection.isPolling,
    /** Shows its state before it is opened. */
    showState: () => show(state),
  };
}
