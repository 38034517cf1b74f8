import type { Logger } from 'pino';
import { TokenBucket } from '../../limits/rate-limiter.ts';
import type { Rate } from '../../limits/rates.ts';
import { LruMap } from '../../shared/lru-map.ts';

/** Log lines: network scanners try ever new names. */
const LINES: Rate = { burst: 20, perSecond: 1 / 60 };
const MAX_KNOWN = 1_000;

/** Logs which names were refused, for the operator: one of them may be a name of the server. */
export class RefusedHosts {
  readonly #logger: Pick<Logger, 'warn'>;
  readonly #lines: TokenBucket;
  readonly #logged = new LruMap<string, true>(MAX_KNOWN);

  /** @param now a monotonic clock, in milliseconds */
  constructor(logger: Pick<Logger, 'warn'>, now?: () => number) {
    this.#logger = logger;
    this.#lines = new TokenBucket(LINES, now);
  }

  /** Logs a name, unless it was logged before or there are too many of them. */
  report(host: string): void {
    if (this.#logged.has(host) || !this.#lines.take()) return;
    this.#logged.set(host, true);
    this.#logger.warn(
      { code: 'unknown-host', host },
      `refused requests for the host ${host}; if this server has that name, start it with --hosts ${host}`,
    );
  }
}
