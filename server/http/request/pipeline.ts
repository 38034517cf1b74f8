import type { RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Requests of one connection that may wait for the response to another. */
export const MAX_WAITING = 100;

interface Pipeline {
  /** The response to the latest request. */
  last: ServerResponse;
  waiting: number;
}

/**
 * Starts a request when the response before it on its connection has been sent, in another turn of
 * the event loop. A client need not wait between requests (RFC 9112, section 9.3.2): Node would
 * start thousands from one packet at once, and keep every response until the first is read. No
 * browser does so; a connection with more than `MAX_WAITING` is cut off.
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
