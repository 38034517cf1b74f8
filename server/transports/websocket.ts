import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { Admission } from '../auth/admission.ts';
import type { Person } from '../auth/user.ts';
import { type Cursor, readCursor } from '../core/cursor.ts';
import { asRefusal, Refusal } from '../core/errors.ts';
import type { Room } from '../core/room.ts';
import type { KnownHosts } from '../http/request/hosts.ts';
import { languageOf } from '../http/request/language.ts';
import { isFromHere } from '../http/request/origin.ts';
import { dropLongPreferences } from '../http/request/preferences.ts';
import type { SendLimits } from '../limits/send-limits.ts';
import { ChatHandler } from './chat-handler.ts';
import type { TransportParts } from './connection-registry.ts';
import { tornado, webSocketHtml, webSocketJson } from './framing/websocket.ts';
import { refuseUpgrade } from './reject.ts';
import { type Address, readAddress } from './route.ts';

/** The largest message taken from a client; a larger one is answered with 1009. */
const MAX_BYTES = 64 * 1024;
/** The parts in which it may come, frames or reads of the socket: each is an object of its own. */
const MAX_PARTS = 1_024;

interface Parts extends TransportParts {
  readonly hosts: KnownHosts;
  /** Origins allowed besides the server's own. */
  readonly origins: ReadonlySet<string>;
  readonly sendLimits: SendLimits;
}

/** One who may have a socket, and what it is for. */
interface Admitted {
  readonly room: Room;
  readonly person: Person;
  readonly admission: Admission;
  readonly way: 'chat' | 'live';
  readonly after: Cursor | undefined;
}

/** The WebSockets of the server: Tornado's contract on `/chat`, and the live stream of each room. */
export class WebSockets {
  readonly #parts: Parts;
  readonly #server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: MAX_BYTES,
    maxFragments: MAX_PARTS,
    maxBufferedChunks: MAX_PARTS,
    autoPong: false,
    handleProtocols: (offered) => (offered.has('json') ? 'json' : offered.has('html') && 'html'),
  });

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Takes what Node's HTTP server gives to its `upgrade` listeners. */
  async accept(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    // Until ws has the socket, a reset would be an error that nobody listens for.
    socket.on('error', ignore);
    dropLongPreferences(request);
    const { hosts, origins, lobby, people, doors, door, turnstile, streams, meters, logger } =
      this.#parts;
    try {
      hosts.accept(request);
      await this.#parts.turns.take(people.address(request));
      if (!isFromHere(request.headers, origins)) throw new Refusal('foreign-origin');
      const address = readAddress(request);
      if (address?.way !== 'chat' && address?.way !== 'live') throw new Refusal('no-page');
      const after = readAfter(address);
      meters.upgrade(address.query, request);
      doors.enter(request, people.address(request));
      const person = await people.admit(request, tokenOf(request));
      const room = await lobby.room(address.room);
      const admission = door.enter(room, request, person, person.address);
      if (streams.isClosed) throw new Refusal('closing');
      // Who went away meanwhile would not be heard to leave.
      if (socket.destroyed) return;
      socket.once('close', turnstile.enter(person.address));
      this.#upgrade(request, socket, head, { room, person, admission, way: address.way, after });
    } catch (error) {
      const note = (wrong: unknown) => logger.error(wrong, 'an upgrade failed');
      refuseUpgrade(request, socket, asRefusal(error, note));
    }
  }

  #upgrade(
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    { room, person, admission, way, after }: Admitted,
  ): void {
    const { sendLimits, streams, logger } = this.#parts;
    this.#server.handleUpgrade(request, socket, head, (ws) => {
      socket.off('error', ignore);
      const live = ws.protocol === 'json' ? webSocketJson : webSocketHtml;
      const handler = new ChatHandler({
        ws,
        socket,
        room,
        person,
        admission,
        encoding: way === 'chat' ? tornado : live,
        language: languageOf(request),
        sendLimits,
        streams,
        logger,
      });
      handler.open(after);
    });
  }
}

/** Tornado's contract knows no cursor: it begins with the history. */
function readAfter({ way, query }: Address): Cursor | undefined {
  return way === 'chat' || query.after === undefined ? undefined : readCursor(query.after);
}

/** A browser cannot set headers on an upgrade; among the subprotocols it offers is the token. */
function tokenOf({ headers }: IncomingMessage): string | undefined {
  const offered = headers['sec-websocket-protocol']?.split(',').map((name) => name.trim());
  return offered?.find((name) => name.startsWith('token.'))?.slice('token.'.length);
}

function ignore(): void {}
