import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import { WebSocketServer } from 'ws';
import type { Lobby } from '../chat/lobby.ts';
import type { Room } from '../chat/room.ts';
import type { Config } from '../config.ts';
import { Refusal } from '../errors.ts';
import { languageOf } from '../people/language.ts';
import { isFromHere } from '../people/origin.ts';
import type { Visitors } from '../people/visitor.ts';
import { html, json, tornado } from '../render/websocket.ts';
import type { Timing } from '../timing.ts';
import { ChatHandler, CLOSE } from './chat-handler.ts';
import { readTarget, refuseUpgrade, type Target } from './upgrade.ts';

/** The largest message taken from a client; a larger one is answered with 1009. */
const MAX_BYTES = 64 * 1024;

interface Parts {
  readonly config: Config;
  readonly timing: Timing;
  readonly lobby: Lobby;
  readonly visitors: Visitors;
  readonly logger: Logger;
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
  readonly #handlers = new Set<ChatHandler>();
  readonly #beats: NodeJS.Timeout;
  #isClosing = false;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#beats = setInterval(() => {
      for (const handler of this.#handlers) handler.beat();
    }, parts.timing.pingMs);
  }

  /** Takes what Node's HTTP server gives to its `upgrade` listeners. */
  async accept(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    // Until ws has the socket, a reset would be an error that nobody listens for.
    socket.on('error', ignore);
    try {
      const { lobby, config } = this.#parts;
      if (!isFromHere(request.headers, config.origins)) throw new Refusal('foreign-origin');
      const target = readTarget(request);
      const room = await lobby.room(target.room);
      if (this.#isClosing) throw new Refusal('closing');
      this.#upgrade(request, socket, head, room, target);
    } catch (error) {
      if (!(error instanceof Refusal)) this.#parts.logger.error(error, 'an upgrade failed');
      refuseUpgrade(request, socket, error instanceof Refusal ? error : new Refusal('broken'));
    }
  }

  /** Tells all that the server goes, and ends when they are gone. */
  async close(): Promise<void> {
    this.#isClosing = true;
    clearInterval(this.#beats);
    const { goodbyeMs } = this.#parts.timing;
    await Promise.all([...this.#handlers].map((h) => h.end(CLOSE.serviceRestart, goodbyeMs)));
  }

  #upgrade(
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    room: Room,
    { isTornado, after, token }: Target,
  ): void {
    const { config, timing, visitors, logger } = this.#parts;
    this.#server.handleUpgrade(request, socket, head, (ws) => {
      socket.off('error', ignore);
      const handler = new ChatHandler({
        ws,
        socket,
        room,
        visitor: visitors.admit(token),
        encoding: isTornado ? tornado : ws.protocol === 'json' ? json : html,
        language: languageOf(request),
        isLimited: config.limits,
        stallMs: timing.stallMs,
        logger,
      });
      this.#handlers.add(handler);
      ws.on('close', () => this.#handlers.delete(handler));
      handler.open(after);
    });
  }
}

function ignore(): void {}
