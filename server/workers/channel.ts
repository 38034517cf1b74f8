import { deserialize, serialize } from 'node:v8';
import { ChatError } from '../core/errors.ts';
import type { Arguments, Result } from '../storage/worker-client.ts';
import { type Failure, failureFor, toError } from './failure.ts';

/** Calls that may wait for their answers; more are refused. */
const MAX_WAITING = 10_000;
/** Bytes that may wait for the other process to read them: one that reads nothing is given up. */
const MAX_UNSENT_BYTES = 64 * 1024 * 1024;

/** Sends and receives in order, and loses nothing while both processes live. */
export interface Port {
  /** @param onSent is called when the system has it, or never will */
  send(packet: Uint8Array, onSent: () => void): void;
  onPacket(listener: (packet: Uint8Array) => void): void;
  onClose(listener: () => void): void;
}

type Message =
  | { readonly call: number; readonly method: string; readonly args: readonly unknown[] }
  | { readonly method: string; readonly args: readonly unknown[] }
  | { readonly answer: number; readonly result: unknown }
  | { readonly answer: number; readonly failure: Failure };

/**
 * One end of the connection between the primary and a worker: each calls methods of the other. What is
 * sent in one turn of the event loop is one packet, however many calls and answers that are.
 */
export class Channel<Own extends object, Peer extends object> {
  readonly #port: Port;
  readonly #onStuck: () => void;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  #methods: Partial<Own> = {};
  #lastCall = 0;
  #outgoing: Message[] = [];
  #unsentBytes = 0;
  #isClosed = false;

  /** @param onStuck is called where the other process reads too little */
  constructor(port: Port, onStuck: () => void = () => {}) {
    this.#port = port;
    this.#onStuck = onStuck;
    port.onPacket((packet) => {
      for (const message of deserialize(packet) as readonly Message[]) this.#receive(message);
    });
    port.onClose(() => this.#close());
  }

  /** Adds methods that the other end can call. */
  serve(methods: Partial<Own>): void {
    this.#methods = { ...this.#methods, ...methods };
  }

  /**
   * Calls a method of the other end.
   * @throws ChatError or StorageError as thrown there; `overloaded` where too many calls wait;
   * `unconfirmed` where the other process ended: what was called may have been done
   */
  call<K extends keyof Peer & string>(
    method: K,
    ...args: Arguments<Peer[K]>
  ): Promise<Awaited<Result<Peer[K]>>>;
  call(method: string, ...args: readonly unknown[]): Promise<unknown> {
    if (this.#isClosed) return Promise.reject(new ChatError('unconfirmed'));
    if (this.#waiting.size >= MAX_WAITING) return Promise.reject(new ChatError('overloaded'));
    const waiting = Promise.withResolvers<unknown>();
    this.#lastCall += 1;
    this.#waiting.set(this.#lastCall, waiting);
    this.#send({ call: this.#lastCall, method, args });
    return waiting.promise;
  }

  /** Calls a method of the other end, and waits for nothing. */
  post<K extends keyof Peer & string>(method: K, ...args: Arguments<Peer[K]>): void {
    this.#send({ method, args });
  }

  #send(message: Message): void {
    if (this.#isClosed) return;
    this.#outgoing.push(message);
    if (this.#outgoing.length === 1) setImmediate(() => this.#flush());
  }

  #flush(): void {
    const packet = serialize(this.#outgoing);
    this.#outgoing = [];
    if (this.#isClosed) return;
    this.#unsentBytes += packet.length;
    if (this.#unsentBytes > MAX_UNSENT_BYTES) {
      this.#close();
      this.#onStuck();
      return;
    }
    this.#port.send(packet, () => {
      this.#unsentBytes -= packet.length;
    });
  }

  #receive(message: Message): void {
    if ('answer' in message) {
      const waiting = this.#waiting.get(message.answer);
      this.#waiting.delete(message.answer);
      if ('failure' in message) waiting?.reject(toError(message.failure));
      else waiting?.resolve(message.result);
    } else if ('call' in message) void this.#answer(message.call, message.method, message.args);
    else this.#run(message.method, message.args);
  }

  async #answer(answer: number, method: string, args: readonly unknown[]): Promise<void> {
    try {
      this.#send({ answer, result: await this.#run(method, args) });
    } catch (error) {
      this.#send({ answer, failure: failureFor(error) });
    }
  }

  /** Both ends are of one version, and call by the types of their methods. */
  #run(method: string, args: readonly unknown[]): unknown {
    const own = this.#methods as Readonly<Record<string, (...args: readonly unknown[]) => unknown>>;
    return own[method]?.(...args);
  }

  #close(): void {
    this.#isClosed = true;
    for (const { reject } of this.#waiting.values()) reject(new ChatError('unconfirmed'));
    this.#waiting.clear();
  }
}
