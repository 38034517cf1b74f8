import type { TestContext } from 'node:test';
import {
  Connection,
  type ConnectionOptions,
  type ConnectionState,
} from '../../static/client/connection/connection.ts';
import type { PageLifecycle } from '../../static/client/connection/page-lifecycle.ts';
import type { ServerError } from '../../static/client/connection/post.ts';
import type { TransportHandlers } from '../../static/client/connection/transports/transport.ts';
import type { TransportEntry, TransportName } from '../../static/client/connection/transports.ts';

const LIVE = '<div id="synced" data-cursor="a.1"></div>';
const NAMES = ['websocket', 'sse', 'long-polling', 'polling'] as const;

/** A page whose events are emitted by the test. */
export class FakePage implements PageLifecycle {
  isHidden = false;
  readonly #onVisibility: (() => void)[] = [];
  readonly #onOnline: (() => void)[] = [];
  readonly #onPaint: (() => void)[] = [];
  readonly #onPulse: (() => void)[] = [];

  onVisibility(call: () => void): void {
    this.#onVisibility.push(call);
  }

  onOnline(call: () => void): void {
    this.#onOnline.push(call);
  }

  onPulse(call: () => void): void {
    this.#onPulse.push(call);
  }

  beforePaint(call: () => void): void {
    this.#onPaint.push(call);
  }

  hide(isHidden: boolean): void {
    this.isHidden = isHidden;
    for (const call of this.#onVisibility) call();
  }

  goOnline(): void {
    for (const call of this.#onOnline) call();
  }

  pulse(): void {
    for (const call of this.#onPulse) call();
  }

  paint(): void {
    for (const call of this.#onPaint.splice(0)) call();
  }
}

/** An attempt of the connection to use a transport. */
export class FakeTransport {
  readonly name: TransportName;
  readonly handlers: TransportHandlers;
  readonly sent: string[] = [];
  isClosed = false;

  constructor(name: TransportName, handlers: TransportHandlers) {
    this.name = name;
    this.handlers = handlers;
  }

  /** The server's frame for a client that has caught up; later, its heartbeat. */
  heartbeat(): void {
    this.handlers.onFrame(LIVE);
  }

  lose(why?: ServerError): void {
    this.handlers.onLost(why);
  }
}

/** How each transport behaves: it works, it fails at once, or nothing ever arrives. */
type Network = Record<TransportName, 'works' | 'fails' | 'is silent'>;

/** An open connection over fake transports and a fake clock. */
export function openConnection(
  t: TestContext,
  more: Partial<Network> = {},
  options: Partial<ConnectionOptions> = {},
) {
  t.mock.timers.enable({ apis: ['setTimeout', 'setInterval', 'Date'] });
  const network: Network = {
    websocket: 'works',
    sse: 'works',
    'long-polling': 'works',
    polling: 'works',
    ...more,
  };
  const page = new FakePage();
  const states: ConnectionState[] = [];
  const attempts: FakeTransport[] = [];
  const refusals: ServerError[] = [];
  const open = (name: TransportName) => (handlers: TransportHandlers) => {
    const transport = new FakeTransport(name, handlers);
    attempts.push(transport);
    queueMicrotask(() => {
      if (transport.isClosed) return;
      if (network[name] === 'works') transport.heartbeat();
      if (network[name] === 'fails') transport.lose();
    });
    return {
      close() {
        transport.isClosed = true;
      },
      ...(name === 'websocket' && { send: (text: string) => void transport.sent.push(text) }),
    };
  };
  const connection = new Connection(
    {
      room: 'room',
      lang: 'en',
      cursor: () => undefined,
      token: () => undefined,
      onFrame() {},
      whenApplied: (call) => call(),
      onState: (state) => void states.push(state),
      onDenied: (why) => void refusals.push(why),
      ...options,
    },
    NAMES.map((name) => ({ name, open: open(name) }) as TransportEntry),
    page,
  );
  connection.open();
  /** Advances the clock. */
  const passTime = async (ms: number) => {
    for (let left = ms; left > 0; left -= 1_000) {
      t.mock.timers.tick(Math.min(1_000, left));
      page.pulse();
      // When a transport fails, the next one is tried.
      for (let n = 0; n <= NAMES.length; n += 1) await Promise.resolve();
    }
  };
  return {
    ...{ connection, network, page, states, attempts, refusals, passTime },
    last: () => attempts.at(-1),
    names: () => attempts.map(({ name }) => name),
  };
}
