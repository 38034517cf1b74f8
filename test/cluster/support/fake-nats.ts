import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { Scope } from '../../support/server.ts';

const INFO = { server_id: 'x', version: '2.9.10', headers: true, max_payload: 1_048_576 };

/** A server that speaks as much of the protocol of NATS as a client needs to connect and to ask. */
export class FakeNats {
  readonly port: number;
  /** What it answers to every question; nothing, where that is `undefined`. */
  answer: object | undefined;
  /** How many connections it has had. */
  accepted = 0;
  /** What the last client said of itself. */
  client: { readonly user?: string; readonly pass?: string } = {};
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
  }

  static async open(t: Scope, answer?: object, port = 0): Promise<FakeNats> {
    const server = createServer((socket) => fake.#serve(socket)).listen(port, '127.0.0.1');
    await once(server, 'listening');
    const fake = new FakeNats(server);
    fake.answer = answer;
    t.after(() => fake.close());
    return fake;
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  get url(): string {
    return `nats://127.0.0.1:${this.port}`;
  }

  get connections(): number {
    return this.#sockets.size;
  }

  #serve(socket: Socket): void {
    this.accepted += 1;
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('error', () => {});
    socket.write(`INFO ${JSON.stringify(INFO)}\r\n`);
    let subscription = '';
    socket.setEncoding('utf8').on('data', (text: string) => {
      for (const line of text.split('\r\n')) {
        const [verb, , second = ''] = line.split(' ');
        if (verb === 'CONNECT') this.client = JSON.parse(line.slice(verb.length));
        if (verb === 'PING') socket.write('PONG\r\n');
        if (verb === 'SUB') subscription = second;
        if (verb !== 'PUB' || !this.answer) continue;
        const body = JSON.stringify(this.answer);
        socket.write(`MSG ${second} ${subscription} ${body.length}\r\n${body}\r\n`);
      }
    });
  }
}
