import type { Msg } from '@nats-io/transport-node';
import { NANOS_PER_MS } from './nanoseconds.ts';

/** A message of a consumer: an entry of the log, or a sign of life. */
export type ConsumerMessage =
  | {
      readonly type: 'entry';
      readonly place: number;
      readonly id: string;
      readonly at: number;
      readonly data: Uint8Array;
      /** Entries that follow and are there already. */
      readonly pending: number;
    }
  | { readonly type: 'heartbeat' }
  /** The engine goes on when it has an answer under this subject. */
  | { readonly type: 'flow-control'; readonly answer: string };

const STATUS = 100;

/**
 * Reads a message of a push consumer. Where an entry is, and since when, is in its reply subject:
 * `$JS.ACK.STREAM.CONSUMER.DELIVERED.PLACE.SEQUENCE.NANOSECONDS.PENDING`, before which newer servers
 * put a domain and an account, and a token after it (nats-architecture-and-design, ADR-15).
 * @returns `undefined` for a message that is none of a consumer
 */
export function readMessage(message: Msg): ConsumerMessage | undefined {
  if (message.headers?.code === STATUS) {
    // A heartbeat repeats a request whose answer was lost.
    const answer = message.reply || message.headers.get('Nats-Consumer-Stalled');
    return answer ? { type: 'flow-control', answer } : { type: 'heartbeat' };
  }
  const tokens = message.reply?.split('.') ?? [];
  if (tokens[0] !== '$JS' || tokens[1] !== 'ACK' || tokens.length < 9) return undefined;
  const [, place = '', , nanos = '', pending = ''] = tokens.slice(tokens.length === 9 ? 4 : 6);
  const id = message.headers?.get('Nats-Msg-Id') ?? '';
  return {
    type: 'entry',
    place: Number(place),
    id,
    at: Number(BigInt(nanos) / BigInt(NANOS_PER_MS)),
    data: message.data,
    pending: Number(pending),
  };
}
