import type { ClusterInfo, StreamInfo } from '@nats-io/jetstream';
import type { LogServer } from './cluster-status.ts';
import { NANOS_PER_MS } from './nanoseconds.ts';

/** An answer is that of all who ask within this time. */
const VALID_MS = 2_000;
/** The leader hears of each server once a second; older versions do not say that one is offline. */
const SILENT_NANOS = 3_000 * NANOS_PER_MS;

/** The NATS servers of the log, as the one that answers knows them: the leader, while there is one. */
export class LogServers {
  readonly #ask: () => Promise<StreamInfo>;
  readonly #alone: string;
  #answer: Promise<readonly LogServer[]> | undefined;
  #validUntilMs = 0;

  /**
   * @param ask rejects within some seconds where no server answers
   * @param alone the name of the server, if there is one only: it does not tell it
   */
  constructor(ask: () => Promise<StreamInfo>, alone: string) {
    this.#ask = ask;
    this.#alone = alone;
  }

  /** None where no server answers. */
  read(): Promise<readonly LogServer[]> {
    if (!this.#answer || performance.now() >= this.#validUntilMs) {
      this.#validUntilMs = Number.POSITIVE_INFINITY;
      this.#answer = this.#ask()
        .then(
          ({ cluster }) => serversOf(cluster ?? { leader: this.#alone }),
          () => [],
        )
        .finally(() => {
          this.#validUntilMs = performance.now() + VALID_MS;
        });
    }
    return this.#answer;
  }
}

/** The servers in the order of their names. */
function serversOf({ leader, replicas = [] }: Partial<ClusterInfo>): readonly LogServer[] {
  const followers = replicas.map(({ name, offline, current, active }): LogServer => {
    if (offline || active > SILENT_NANOS) return { name, role: 'unreachable' };
    return { name, role: current ? 'current' : 'behind' };
  });
  const leading: LogServer[] = leader ? [{ name: leader, role: 'leader' }] : [];
  return [...leading, ...followers].sort((a, b) => (a.name < b.name ? -1 : 1));
}
