import { connect, type Socket } from 'node:net';

/** A server with short timeouts. */
export const SHORT_TIMEOUTS = { headersTimeoutMs: 200, bodyTimeoutMs: 200 };

/** More than a busy machine needs. */
const ATTEMPTS = 10;

/** The result: a response started, or the server closed the connection. */
export type Outcome = 'answered' | 'closed';

/** Longer than any timeout of the server; a socket that outlives this fails the test. */
const TIMEOUT_MS = 60_000;

/**
 * Sends bytes and then nothing more, and waits for the result.
 * @param ends whether the client ends its side
 */
export async function sendRaw(port: number, bytes: Buffer, ends = false): Promise<Outcome> {
  const socket = connect(port, '127.0.0.1');
  const timer = setTimeout(
    () => socket.destroy(new Error('There was neither a response nor a close.')),
    TIMEOUT_MS,
  );
  let failure: Error | undefined;
  socket.on('error', (error: NodeJS.ErrnoException) => {
    // A reset counts as a close.
    if (!error.code) failure = error;
  });
  if (ends) socket.end(bytes);
  else socket.write(bytes);
  const data = new Promise((resolve) => socket.once('data', resolve));
  const outcome = await Promise.race([
    data.then((): Outcome => 'answered'),
    closed(socket).then((): Outcome => 'closed'),
  ]);
  clearTimeout(timer);
  socket.destroy();
  if (failure) throw failure;
  return outcome;
}

/** Joins a server with short timeouts: it may cut off a client in time while the machine is busy. */
export async function joinShort<T>(join: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await join();
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
    }
  }
}

/** Waits until a socket is closed, by either side or by an error. */
export async function closed(socket: Socket): Promise<void> {
  if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve));
}
