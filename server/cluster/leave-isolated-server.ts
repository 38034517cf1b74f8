import type { StreamInfo } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { STREAM } from './log-stream.ts';
import { QUORUM_MS, quorumAgeMs } from './quorum-age.ts';

const CHECK_MS = 1_000;
/** How often in a row no quorum is found before another server is tried: two may fall into an election. */
const MAX_FAILURES = 3;
/** Answered by the server that leads the log. */
const QUESTION = `$JS.API.STREAM.INFO.${STREAM}`;
/** No log has been founded yet; the server that says so is the leader of all of JetStream. */
const NO_STREAM = 10_059;

type Answer =
  | Pick<StreamInfo, 'cluster'>
  | { readonly error: { readonly err_code?: number | undefined } };

/**
 * Moves a connection to another server where its own is cut off from the others: such a server is alive, and
 * keeps its connections. For up to ten seconds it takes itself for the leader, if it was; then it says that
 * there is none.
 */
export async function leaveIsolatedServer(connection: NatsConnection): Promise<void> {
  let failures = 0;
  let isAsking = false;
  const ask = async () => {
    if (isAsking) return;
    isAsking = true;
    failures = (await findsQuorum(connection)) ? 0 : failures + 1;
    isAsking = false;
    if (failures < MAX_FAILURES) return;
    failures = 0;
    // Where it is closed by now, there is nothing to be moved.
    await connection.reconnect().catch(() => {});
  };
  const timer = setInterval(() => void ask(), CHECK_MS).unref();
  for await (const { type } of connection.status()) if (type === 'reconnect') failures = 0;
  clearInterval(timer);
}

/** Whether a leader answers that has just heard of a quorum. */
async function findsQuorum(connection: NatsConnection): Promise<boolean> {
  try {
    const message = await connection.request(QUESTION, '', { timeout: CHECK_MS });
    const answer = message.json<Answer>();
    if ('error' in answer) return answer.error.err_code === NO_STREAM;
    return quorumAgeMs(answer.cluster?.replicas ?? []) <= QUORUM_MS;
  } catch {
    return false;
  }
}
