import type { MessagePort } from 'node:worker_threads';
import { failureOf, type StorageFailure } from './storage-error.ts';

export interface Call {
  readonly id: number;
  readonly method: string;
  readonly args: readonly unknown[];
}

export type Answer =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: string; readonly failure: StorageFailure };

/** The first message of a thread: it is ready, and these are its methods. */
export interface Ready {
  readonly methods: readonly string[];
}

/**
 * The worker side of a store thread: answers one call after the other, until it receives `close`.
 * Everything in here blocks, and so it does not run in the event loop.
 */
export function serve(port: MessagePort, methods: object & { close(): void }): void {
  port.on('message', (call: Call) => {
    port.postMessage(answer(methods, call));
    if (call.method === 'close') port.close();
  });
  port.postMessage({ methods: Object.keys(methods) } satisfies Ready);
}

function answer(methods: object, { id, method, args }: Call): Answer {
  try {
    // Only the client calls it, which is typed by its methods.
    const call = methods[method as keyof typeof methods] as (
      ...args: readonly unknown[]
    ) => unknown;
    return { id, result: call(...args) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { id, error: message, failure: failureOf(error) };
  }
}
