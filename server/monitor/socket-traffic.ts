import type { Server, Socket } from 'node:net';
import { connectionEvent } from '../transports/connection-event.ts';

interface Traffic {
  readonly received: number;
  readonly sent: number;
}

/** The bytes of all sockets of a server, of those that are closed as well: counted by Node. */
export class SocketTraffic {
  readonly #open = new Set<Socket>();
  #received = 0;
  #sent = 0;

  watch(server: Server): void {
    server.on(connectionEvent(server), (socket: Socket) => {
      this.#open.add(socket);
      socket.once('close', () => {
        this.#open.delete(socket);
        this.#received += socket.bytesRead;
        this.#sent += socket.bytesWritten;
      });
    });
  }

  total(): Traffic {
    let [received, sent] = [this.#received, this.#sent];
    for (const socket of this.#open) {
      received += socket.bytesRead;
      sent += socket.bytesWritten;
    }
    return { received, sent };
  }
}
