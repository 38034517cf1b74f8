import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { Room } from '../chat/room.ts';
import type { Config } from '../config.ts';
import { languageOf } from '../edge/language.ts';
import { isFromHere } from '../edge/origin.ts';
import { Refusal } from '../errors.ts';
import type { Visitors } from '../people/visitor.ts';
import { tornado, webSocketHtml, webSocketJson } from '../render/websocket.ts';
import { ChatHandler } from './chat-handler.ts';
import type { TransportParts } from './streams.ts';
import { readTarget, refuseUpgrade, type Target } from './upgrade.ts';

/** The largest message taken from a client; a larger one is answered with 1009. */
const MAX_BYTES = 64 * 1024;

interface Parts extends TransportParts {
  readonly config: Config;
  readonly visitors: Visitors;
}

/** The WebSockets of the server: Tornado's contract on `/chat`, and the live stream of each room. */
export class WebSockets {
  readonly #parts: Parts;
  readonly #server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: MAX_BYTES,
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
    const { lobby, config, streams, logger } = this.#parts;
    try {
      if (!isFromHere(request.headers, config.origins)) throw new Refusal('foreign-origin');
      const target = readTarget(request);
      const room = await lobby.room(target.room);
      if (streams.isClosed) throw new Refusal('closing');
      this.#upgrade(request, socket, head, room, target);
    } catch (error) {
      if (!(error instanceof Refusal)) logger.error(error, 'an upgrade failed');
      refuseUpgrade(request, socket, error instanceof Refusal ? error : new Refusal('broken'));
    }
  }

  #upgrade(
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    room: Room,
    { isTornado, after, token }: Target,
  ): void {
    const { config, timing, visitors, streams, logger } = this.#parts;
    this.#server.handleUpgrade(request, socket, head, (ws) => {
      socket.off('error', ignore);
      const live = ws.protocol === 'json' ? webSocketJson : webSocketHtml;
      const handler = new ChatHandler({
        ws,
        socket,
        room,
        visitor: visitors.admit(token),
        encoding: isTornado ? tornado : live,
        language: languageOf(request),
        isLimited: config.limits,
        stallMs: timing.stallMs,
        streams,
        logger,
      });
      handler.open(after);
    });
  }
}

function ignore(): void {}
