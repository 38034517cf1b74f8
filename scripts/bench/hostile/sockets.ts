import { upgradeRequest } from '../../../test/support/wire.ts';
import type { AttackedServer } from './attacked-server.ts';
import { Connection } from './connection.ts';
import type { Fixture } from './fixture.ts';

/** The endpoint of a WebSocket, and its subprotocol. */
export type Endpoint = 'chat' | 'live html' | 'live json';

/** A WebSocket in a room with a fixture. */
interface JoinedSocket {
  readonly connection: Connection;
  readonly fixture: Fixture;
}

/** WebSockets of one kind, each used a few times. */
export class Sockets {
  readonly #endpoint: Endpoint;
  #socket: JoinedSocket | undefined;
  #left = 0;

  constructor(endpoint: Endpoint) {
    this.#endpoint = endpoint;
  }

  /** @param isSpent whether its room cannot be used after that */
  async take(server: AttackedServer, isSpent: boolean): Promise<JoinedSocket> {
    const isGone = !this.#socket || this.#socket.connection.isClosed || this.#left === 0;
    if (isGone || isSpent) {
      this.#socket?.connection.close();
      this.#socket = await join(server, this.#endpoint, isSpent);
      this.#left = server.uses;
      await server.settled();
    }
    this.#left = isSpent ? 0 : this.#left - 1;
    return this.#socket as JoinedSocket;
  }
}

async function join(
  server: AttackedServer,
  endpoint: Endpoint,
  isSpent: boolean,
): Promise<JoinedSocket> {
  const fixture = await server.fixture(isSpent);
  const connection = await Connection.open(server.port);
  connection.write(socketRequest(server, endpoint, fixture));
  await connection.ended(/^HTTP\/1\.1 101.*\r\n\r\n/s);
  return { connection, fixture };
}

/** A WebSocket upgrade request for a room. */
export function socketRequest(
  server: AttackedServer,
  endpoint: Endpoint,
  { room, author }: Pick<Fixture, 'room' | 'author'>,
): string {
  const [name, protocol] = endpoint.split(' ');
  const path = name === 'chat' ? `/chat?room=${room}` : `/rooms/${room}/live`;
  return upgradeRequest(server.port, path, {
    ...(protocol && { 'Sec-WebSocket-Protocol': protocol }),
    'X-Forwarded-For': server.address(),
    Cookie: author.headers.Cookie ?? '',
  }).request;
}
