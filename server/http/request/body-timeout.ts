import type { IncomingMessage, ServerResponse } from 'node:http';

/** The response to a request whose body does not arrive in full, as Node has it. */
const TIMED_OUT = 'HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n';

/** Ends the timeouts of requests whose bodies are still being received. */
const running = new WeakMap<IncomingMessage, () => void>();

/** Cuts off a request whose body has not arrived within the time. */
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
 * Gives a request more time while its body is read, as long as data arrives in every `idleMs`. What
 * happens after its last byte does not count: an upload may be queued then.
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
    // Unread data is discarded: a client gets the response when it has sent everything.
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
    // Where data has arrived and is not read yet, it is this server that is slow.
    const isIdle = socket.bytesRead === received && request.readableLength === 0;
    received = socket.bytesRead;
    if (isIdle) cutOff(request, response);
  }, idleMs);
  untilBodyEnds(request, () => clearInterval(timer));
}

/**
 * Ends a timeout with the body, or with the connection: Node does not report the latter to a
 * request that was answered before its body arrived.
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
  // All of it has arrived, but its end has not been read yet.
  if (request.complete) return;
  if (!response.headersSent) request.socket.write(TIMED_OUT);
  request.socket.destroy();
}
