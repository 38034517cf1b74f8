import type { LogFormat } from './log-format.ts';
import type { Language } from './shared/i18n.ts';

export interface Config {
  readonly port: number;
  /** The address to listen on; `undefined` means all of this machine. */
  readonly host: string | undefined;
  /** A directory, or `:memory:`. */
  readonly data: string;
  /** The public origin of the server, where it is behind a proxy. */
  readonly publicUrl: string | undefined;
  /** Host names the server answers to, besides its own. */
  readonly hosts: ReadonlySet<string>;
  /** Origins allowed besides the server's own. */
  readonly origins: ReadonlySet<string>;
  /** Whether rate limits apply. */
  readonly rateLimits: boolean;
  /** How many proxies are between the clients and this server. */
  readonly trustProxy: number;
  /** The server password, if there is one. */
  readonly serverPassword: string | undefined;
  /** The key that makes a user a moderator; without one, nobody can be. */
  readonly moderatorKey: string | undefined;
  /** URLs of the NATS servers that store the log of a cluster; none for a single server. */
  readonly cluster: readonly string[];
  /** How many processes of this machine serve requests. */
  readonly workers: number;
  /** From which the keys are derived that sign cookies; without it they are stored in the data directory. */
  readonly secret: string | undefined;
  /** Origins whose pages may show a room in a frame. */
  readonly frameAncestors: ReadonlySet<string>;
  /** The largest upload, in MiB; 0 disables uploads. */
  readonly maxUploadMiB: number;
  /** How many days messages are kept; `null`: without end. */
  readonly keepDays: number | null;
  /** The language of clients that prefer none of the others. */
  readonly language: Language;
  /** Where metrics are served apart from the pages, if anywhere. */
  readonly metrics: ListenAddress | undefined;
  /** The bearer token of metrics beside the pages, if there are any. */
  readonly metricsToken: string | undefined;
  readonly log: LogFormat;
  /** The files of the certificate and its key, where the server speaks TLS itself: both or none. */
  readonly tlsCert: string | undefined;
  readonly tlsKey: string | undefined;
}

/** Where to listen. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}
