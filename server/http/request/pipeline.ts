import type { RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Requests of one connection that may wait for the answer to another. */
export const MAX_WAITING = 100;

interface Pipeline {
  /** The answer to the request that came last. */
  last: ServerResponse;
  waiting: number;
}

/**
 * Begins with a request when the answer to the one before it on its connection has gone out, in another
 * turn of the event loop. A client need not wait between requests (RFC 9112, section 9.3.2): Node
 * would begin with thousands that come in one packet at once, and keep every answer until the first
 * is read. No browser sends them so; a connection on which more than `MAX_WAITING` wait is cut off.
 */
export function oneByOne(handle: RequestListener): RequestListener {
  const pipelines = new WeakMap<Socket, Pipeline>();
  return (request, response) => {
    const { socket } = request;
    const pipeline = pipelines.get(socket);
    if (!pipeline || pipeline.last.closed) {
      pipelines.set(socket, { last: response, waiting: 0 });
      handle(request, response);
      return;
    }
    if (pipeline.waiting >= MAX_WAITING) socket.destroy();
    if (socket.destroyed) return;
    pipeline.waiting += 1;
    pipeline.last.once('close', () => {
      setImmediate(() => {
        pipeline.waiting -= 1;
        if (!socket.destroyed) handle(request, response);
      });
    });
    pipeline.last = response;
  };
}
