import type { NatsConnection } from '@nats-io/transport-node';

const CHECK_MS = 1_000;
/** Questions without an answer before another server is tried: two may fall into an election. */
const MAX_UNANSWERED = 3;
/** Answered by whichever server leads all of JetStream. */
const QUESTION = '$JS.API.INFO';

/**
 * Moves a connection to another server where its own is cut off from the others: such a server is alive, and
 * keeps its connections, over which nothing comes any more.
 */
export async function leaveSilentServer(connection: NatsConnection): Promise<void> {
  let unanswered = 0;
  let isAsking = false;
  const ask = async () => {
    if (isAsking) return;
    isAsking = true;
    try {
      await connection.request(QUESTION, '', { timeout: CHECK_MS });
      unanswered = 0;
    } catch {
      unanswered += 1;
      if (unanswered >= MAX_UNANSWERED) {
        unanswered = 0;
        // Where it is closed by now, there is nothing to be moved.
        await connection.reconnect().catch(() => {});
      }
    } finally {
      isAsking = false;
    }
  };
  const timer = setInterval(() => void ask(), CHECK_MS).unref();
  await connection.closed();
  clearInterval(timer);
}
