import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { User } from '../auth/user.ts';
import type { Admission } from '../core/admission.ts';
import { type Cursor, parseCursor } from '../core/cursor.ts';
import { ChatError, toChatError } from '../core/errors.ts';
import type { ChatRoom } from '../features/rooms/chat-room.ts';
import type { KnownHosts } from '../http/request/hosts.ts';
import { languageOf } from '../http/request/language.ts';
import { isFromHere } from '../http/request/origin.ts';
import { dropLongPreferences } from '../http/request/preferences.ts';
import type { SendLimits } from '../limits/send-limits.ts';
import { ChatHandler } from './chat-handler.ts';
import type { TransportParts } from './connection-registry.ts';
import { tornadoFraming, webSocketFraming } from './framing/websocket.ts';
import { rejectUpgrade } from './reject.ts';
import { matchRoute, type Route } from './route.ts';

/** The largest message accepted from a client; a larger one is answered with 1009. */
const MAX_BYTES = 64 * 1024;
/** The parts it may come in, frames or reads of the socket: each is an object of its own. */
const MAX_PARTS = 1_024;

interface Parts extends TransportParts {
  readonly hosts: KnownHosts;
  /** Origins allowed besides the server's own. */
  readonly origins: ReadonlySet<string>;
  readonly sendLimits: SendLimits;
}

/** A client that may open a socket, and what it is for. */
interface UpgradeContext {
  readonly room: ChatRoom;
  readonly user: User;
  readonly admission: Admission;
  readonly endpoint: 'chat' | 'live';
  readonly after: Cursor | undefined;
}

/** The server's WebSockets: Tornado's protocol on `/chat`, and the live stream of each room. */
export class WebSocketEndpoint {
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

  /** The `upgrade` listener of Node's HTTP server. */
  async accept(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    // Until ws has the socket, a connection reset would be an unhandled error.
    socket.on('error', ignore);
    dropLongPreferences(request);
    const {
      hosts,
      origins,
      rooms,
      identity,
      accessPasses,
      roomAccess,
      connectionLimiter,
      connections,
      meters,
      logger,
    } = this.#parts;
    try {
      hosts.accept(request);
      await this.#parts.admissionQueue.admit(identity.address(request));
      if (!isFromHere(request.headers, origins)) throw new ChatError('origin-not-allowed');
      const address = matchRoute(request);
      if (address?.endpoint !== 'chat' && address?.endpoint !== 'live')
        throw new ChatError('not-found');
      const after = parseAfter(address);
      meters.countUpgrade(address.query, request);
      accessPasses.requireServerAccess(request, identity.address(request));
      const person = await identity.authenticateOrCreate(request, tokenOf(request));
      const room = await rooms.open(address.room);
      const admission = roomAccess.authorize(room, request, person, person.address);
      const refusing = connections.whyRefusing;
      if (refusing) throw new ChatError(refusing);
      // A socket that is closed already will not emit `close`.
      if (socket.destroyed) return;
      socket.once('close', connectionLimiter.acquire(person.address));
      this.#upgrade(request, socket, head, {
        room,
        user: person,
        admission,
        endpoint: address.endpoint,
        after,
      });
    } catch (error) {
      const note = (wrong: unknown) => logger.error(wrong, 'an upgrade failed');
      const refusal = toChatError(error, note);
      this.#parts.counters.refused(refusal.code);
      rejectUpgrade(socket, refusal, languageOf(request, this.#parts.language));
    }
  }

  #upgrade(
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    { room, user, admission, endpoint, after }: UpgradeContext,
  ): void {
    const { sendLimits, connections, counters, logger } = this.#parts;
    this.#server.handleUpgrade(request, socket, head, (ws) => {
      socket.off('error', ignore);
      const language = languageOf(request, this.#parts.language);
      const live = webSocketFraming(ws.protocol === 'json' ? 'json' : language);
      const handler = new ChatHandler({
        ws,
        socket,
        room,
        user,
        admission,
        framing: endpoint === 'chat' ? tornadoFraming(language) : live,
        language,
        sendLimits,
        connections,
        counters,
        logger,
      });
      handler.open(after);
    });
  }
}

/** Tornado's protocol has no cursor: it starts with the history. */
function parseAfter({ endpoint, query }: Route): Cursor | undefined {
  return endpoint === 'chat' || query.after === undefined ? undefined : parseCursor(query.after);
}

/** A browser cannot set headers on an upgrade; the token is among the subprotocols it offers. */
function tokenOf({ headers }: IncomingMessage): string | undefined {
  const offered = headers['sec-websocket-protocol']?.split(',').map((name) => name.trim());
  return offered?.find((name) => name.startsWith('token.'))?.slice('token.'.length);
}

function ignore(): void {}
