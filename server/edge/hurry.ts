import type { IncomingMessage } from 'node:http';

/** What a request that does not come to its end is answered, as Node answers it. */
const TOO_SLOW = 'HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n';

/** The requests under way whose bodies are waited for. */
const timers = new WeakMap<IncomingMessage, NodeJS.Timeout>();

/** Cuts a request off whose body is not there within the time. */
export function hurry(request: IncomingMessage, withinMs: number): void {
  const { headers, socket } = request;
  if (headers['content-length'] === undefined && !headers['transfer-encoding']) return;
  const timer = setTimeout(() => {
    if (request.complete) return;
    socket.write(TOO_SLOW);
    socket.destroy();
  }, withinMs);
  timers.set(request, timer);
  request.once('close', () => clearTimeout(timer));
}

/** Gives a request more time, as long as its body goes on coming. */
export async function unhurried<T>(
  request: IncomingMessage,
  stallMs: number,
  read: () => Promise<T>,
): Promise<T> {
  clearTimeout(timers.get(request));
  request.setTimeout(stallMs, () => request.destroy());
  try {
    return await read();
  } finally {
    request.setTimeout(0);
    // What was not read is let go by: a client hears the answer when it has sent everything.
    request.resume();
  }
}
