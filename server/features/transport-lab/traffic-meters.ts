import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Fields } from '../../http/request/urlencoded.ts';
import { LruMap } from '../../shared/lru-map.ts';

/** What one transport has cost, in requests and in bytes on the server's sockets. */
interface Cost {
  readonly requests: number;
  readonly received: number;
  readonly sent: number;
}

/** Runs that are counted at once. */
const MAX_RUNS = 100;
const TRANSPORTS = ['polling', 'long-polling', 'sse', 'websocket'] as const;

/**
 * Counts what the requests of a run cost. A run is one browser that compares the transports; its
 * requests carry `meter=RUN.TRANSPORT` in their query.
 */
export class TrafficMeters {
  readonly #runs = new LruMap<string, ReadonlyMap<string, Meter>>(MAX_RUNS);

  /** Starts a run. Returns its id. */
  open(): string {
    const run = randomBytes(8).toString('hex');
    this.#runs.set(run, new Map(TRANSPORTS.map((transport) => [transport, new Meter()])));
    return run;
  }

  /** What each transport has cost so far; `undefined` where there is no such run. */
  read(run: string): Readonly<Record<string, Cost>> | undefined {
    const meters = this.#runs.get(run);
    return (
      meters && Object.fromEntries([...meters].map(([transport, { cost }]) => [transport, cost]))
    );
  }

  /** Counts a request and its response, which may take long. */
  countRequest(query: Fields, request: IncomingMessage, response: ServerResponse): void {
    const { socket } = request;
    const before = socket.bytesWritten;
    this.#meter(query)?.count(response, () => ({
      received: headLength(request),
      sent: socket.bytesWritten - before,
    }));
  }

  /** Counts the socket that an upgrade takes, from its first byte to its last. */
  countUpgrade(query: Fields, { socket }: IncomingMessage): void {
    this.#meter(query)?.count(socket, () => ({
      received: socket.bytesRead,
      sent: socket.bytesWritten,
    }));
  }

  #meter(query: Fields): Meter | undefined {
    const [run = '', transport = ''] = String(query.meter ?? '').split('.', 2);
    return this.#runs.get(run)?.get(transport);
  }
}

type Bytes = Omit<Cost, 'requests'>;

/** The count of one transport: of what has ended, and of what is still open. */
class Meter {
  #ended: Cost = { requests: 0, received: 0, sent: 0 };
  readonly #open = new Set<() => Bytes>();

  count(until: NodeJS.EventEmitter, now: () => Bytes): void {
    this.#open.add(now);
    until.once('close', () => {
      this.#open.delete(now);
      this.#ended = plus(this.#ended, now());
    });
  }

  get cost(): Cost {
    return [...this.#open].reduce((cost, now) => plus(cost, now()), this.#ended);
  }
}

function plus({ requests, received, sent }: Cost, more: Bytes): Cost {
  return { requests: requests + 1, received: received + more.received, sent: sent + more.sent };
}

/** Bytes of a request's head (RFC 9112, section 2.1). */
function headLength({ method = '', url = '', rawHeaders }: IncomingMessage): number {
  const line = `${method} ${url} HTTP/1.1\r\n`.length;
  // A name and its value are two texts, plus `: ` and CRLF: two bytes each.
  return rawHeaders.reduce((total, text) => total + text.length + 2, line + 2);
}
