import { randomBytes } from 'node:crypto';
import type { NatsConnection } from '@nats-io/transport-node';
import { z } from 'zod';
import type { Bus } from '../core/bus.ts';
import { ConnectionState } from './connect.ts';
import type { Envelope } from './envelope.ts';

/** A message, sealed: more is neither sent nor read. */
const MAX_BYTES = 512 * 1024;

const told = z.object({ node: z.string().min(1).max(32), body: z.unknown() });

/** The bus of a cluster: messages of core NATS, which no server stores. */
export class NatsBus implements Bus {
  readonly node = randomBytes(9).toString('base64url');
  readonly #connection: NatsConnection;
  readonly #state: ConnectionState;
  readonly #envelope: Envelope;

  constructor(connection: NatsConnection, envelope: Envelope) {
    this.#connection = connection;
    this.#state = new ConnectionState(connection);
    this.#envelope = envelope;
  }

  tell(topic: string, body: unknown): void {
    // Without a connection it would be buffered, and come when it is no longer true.
    if (!this.#state.isConnected || this.#connection.isClosed()) return;
    const sealed = this.#envelope.sealJson({ node: this.node, body }, purposeOf(topic));
    if (sealed.length <= MAX_BYTES) this.#connection.publish(subjectOf(topic), sealed);
  }

  hear(topic: string, onTold: (body: unknown, node: string) => void): void {
    this.#connection.subscribe(subjectOf(topic), {
      callback: (error, message) => {
        const heard = error ? undefined : this.#open(topic, message.data);
        if (heard && heard.node !== this.node) onTold(heard.body, heard.node);
      },
    });
  }

  /** Resolves when the server has what was told, and knows what is heard. */
  flush(): Promise<void> {
    return this.#connection.flush();
  }

  close(): Promise<void> {
    return this.#connection.close();
  }

  /** `undefined` for what no node has sealed, or one of another version. */
  #open(topic: string, sealed: Uint8Array) {
    if (sealed.length > MAX_BYTES) return undefined;
    try {
      return told.safeParse(this.#envelope.openJson(sealed, purposeOf(topic))).data;
    } catch {
      return undefined;
    }
  }
}

function subjectOf(topic: string): string {
  return `typhoon.bus.${topic}`;
}

function purposeOf(topic: string): string {
  return `bus ${topic}`;
}
