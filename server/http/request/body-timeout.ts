import type { IncomingMessage, ServerResponse } from 'node:http';

/** What a request whose body does not come to its end is answered, as Node answers it. */
const TIMED_OUT = 'HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n';

/** Ends the timeouts of the requests whose bodies are still being received. */
const running = new WeakMap<IncomingMessage, () => void>();

/** Cuts off a request whose body is not there within the time. */
export function startBodyTimeout(
  request: IncomingMessage,
  response: ServerResponse,
  withinMs: number,
): void {
  const { headers } = request;
  if (headers['content-length'] === undefined && !headers['transfer-encoding']) return;
  const timer = setTimeout(() => cutOff(request, response), withinMs);
  untilBodyEnds(request, () => clearTimeout(timer));
}

/**
 * Gives a request more time while its body is read, as long as something of it comes in every `idleMs`.
 * What happens after its last byte has no part in this: an upload may wait for its turn then.
 */
export async function withIdleTimeout<T>(
  request: IncomingMessage,
  response: ServerResponse,
  idleMs: number,
  read: () => Promise<T>,
): Promise<T> {
  running.get(request)?.();
  if (!request.complete) startIdleTimeout(request, response, idleMs);
  try {
    return await read();
  } finally {
    // What was not read is let go by: a client hears the answer when it has sent everything.
    request.resume();
  }
}

function startIdleTimeout(
  request: IncomingMessage,
  response: ServerResponse,
  idleMs: number,
): void {
  const { socket } = request;
  let received = socket.bytesRead;
  const timer = setInterval(() => {
    // Where some of it is here and not taken yet, it is this server that is slow.
    const isIdle = socket.bytesRead === received && request.readableLength === 0;
    received = socket.bytesRead;
    if (isIdle) cutOff(request, response);
  }, idleMs);
  untilBodyEnds(request, () => clearInterval(timer));
}

/**
 * Has a timeout end with the body, or with the connection: a request that was answered before its body
 * was there is not told of that by Node.
 */
function untilBodyEnds(request: IncomingMessage, clear: () => void): void {
  const { socket } = request;
  const stop = () => {
    clear();
    request.off('end', stop);
    socket.off('close', stop);
    running.delete(request);
  };
  running.set(request, stop);
  request.once('end', stop);
  socket.once('close', stop);
}

function cutOff(request: IncomingMessage, response: ServerResponse): void {
  running.get(request)?.();
  // All of it is here, and nobody has taken the end yet.
  if (request.complete) return;
  if (!response.headersSent) request.socket.write(TIMED_OUT);
  request.socket.destroy();
}
