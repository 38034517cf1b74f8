import { parseArgs } from 'node:util';
import { MAX_SERVER_PASSWORD } from './auth/access-passes.ts';
import { StartupError } from './core/errors.ts';
import { MAX_KEEP_DAYS } from './features/retention/keep-days.ts';
import { readHostName } from './http/request/hosts.ts';
import { LOG_FORMATS, type LogFormat } from './log-format.ts';
import { PROGRAM } from './program.ts';
import { isLanguage, type Language, languages } from './shared/i18n.ts';

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

/** What an option accepts, in words. */
class InvalidOption extends Error {}

interface Option<T> {
  /** The name on the command line, without the leading dashes. */
  readonly flag: string;
  readonly env: string;
  readonly value: string;
  readonly default: string;
  readonly help: string;
  /** @throws InvalidOption */
  read(text: string): T;
}

// Errors about a secret do not contain it.
const SERVER_PASSWORD_TOO_LONG = `The server password is limited to ${MAX_SERVER_PASSWORD} characters.`;
const HALF_TLS = 'TLS needs both --tls-cert and --tls-key.';
const SHORT_TOKEN =
  'The metrics token needs 16 characters or more: a shorter one could be guessed.';
const SHORT_SECRET = 'The secret needs 32 characters or more: openssl rand -base64 32 prints one.';
const SHORT_KEY = 'The moderator key needs 12 characters or more: a shorter one could be guessed.';

const options: { readonly [K in keyof Config]: Option<Config[K]> } = {
  port: {
    flag: 'port',
    env: 'PORT',
    value: 'NUMBER',
    default: '8888',
    help: 'port to listen on; 0 picks a free port',
    read(text) {
      const port = Number(text);
      if (!/^\d{1,5}$/.test(text) || port > 65_535)
        throw new InvalidOption('a whole number from 0 to 65535');
      return port;
    },
  },
  host: {
    flag: 'host',
    env: 'HOST',
    value: 'ADDRESS',
    default: '',
    help: 'address to listen on (all of this machine; 127.0.0.1: this machine only)',
    read: (text) => text || undefined,
  },
  data: {
    flag: 'data',
    env: 'CHAT_DATA',
    value: 'DIR',
    default: 'data',
    help: 'data directory; :memory: stores nothing on disk',
    read(text) {
      if (text === '') throw new InvalidOption('a directory or :memory:');
      return text;
    },
  },
  publicUrl: {
    flag: 'public-url',
    env: 'CHAT_PUBLIC_URL',
    value: 'URL',
    default: '',
    help: 'public URL of this server, such as https://chat.example',
    read: (text) =>
      text === '' ? undefined : readOrigin(text, 'an origin such as https://chat.example'),
  },
  hosts: {
    flag: 'hosts',
    env: 'CHAT_HOSTS',
    value: 'NAME,NAME',
    default: '',
    help: 'other host names of this server, such as chat.example or *.chat.example',
    read: (text) => new Set(text.split(',').filter(Boolean).map(readHost)),
  },
  origins: {
    flag: 'origins',
    env: 'CHAT_ORIGINS',
    value: 'URL,URL',
    default: '',
    help: 'other origins allowed to use this server, such as https://chat.example',
    read: (text) =>
      new Set(
        text
          .split(',')
          .filter(Boolean)
          .map((origin) => readOrigin(origin)),
      ),
  },
  rateLimits: {
    flag: 'limits',
    env: 'CHAT_LIMITS',
    value: 'on|off',
    default: 'on',
    help: 'rate limiting: on or off (off for benchmarks only)',
    read(text) {
      if (text !== 'on' && text !== 'off') throw new InvalidOption('on or off');
      return text === 'on';
    },
  },
  trustProxy: {
    flag: 'trust-proxy',
    env: 'TRUST_PROXY',
    value: 'N',
    default: '0',
    help: 'number of trusted reverse proxies that set X-Forwarded-For',
    read(text) {
      const hops = Number(text);
      if (!/^\d{1,2}$/.test(text) || hops > 10)
        throw new InvalidOption('a whole number from 0 to 10');
      return hops;
    },
  },
  serverPassword: {
    flag: 'server-password',
    env: 'CHAT_SERVER_PASSWORD',
    value: 'PASSWORD',
    default: '',
    help: 'password for the whole server',
    read(text) {
      if (text.length > MAX_SERVER_PASSWORD) throw new StartupError(SERVER_PASSWORD_TOO_LONG);
      return text || undefined;
    },
  },
  moderatorKey: {
    flag: 'moderator-key',
    env: 'CHAT_MODERATOR_KEY',
    value: 'KEY',
    default: '',
    help: 'key that makes a user moderator of every room; 12 characters or more',
    read(text) {
      if (text !== '' && text.length < 12) throw new StartupError(SHORT_KEY);
      return text || undefined;
    },
  },
  cluster: {
    flag: 'cluster',
    env: 'CHAT_CLUSTER',
    value: 'URL,URL',
    default: '',
    help: 'NATS servers that store the log of a cluster: nats://HOST,nats://HOST,nats://HOST',
    read: (text) =>
      text
        .split(',')
        .filter(Boolean)
        .map((part) => {
          const url = URL.parse(part.trim());
          if (url && /^(?:nats|tls):$/.test(url.protocol) && url.host) return url.href;
          throw new InvalidOption('URLs such as nats://10.0.0.1:4222, separated by commas');
        }),
  },
  secret: {
    flag: 'secret',
    env: 'CHAT_SECRET',
    value: 'SECRET',
    default: '',
    help: 'secret of 32 characters or more that cookies are signed with (stored in the data directory)',
    read(text) {
      if (text !== '' && text.length < 32) throw new StartupError(SHORT_SECRET);
      return text || undefined;
    },
  },
  frameAncestors: {
    flag: 'frames',
    env: 'CHAT_FRAMES',
    value: 'URL,URL',
    default: '',
    help: 'origins allowed to embed rooms in a frame, as /rooms/NAME?embed',
    read: (text) =>
      new Set(
        text
          .split(',')
          .filter(Boolean)
          .map((origin) => readOrigin(origin)),
      ),
  },
  maxUploadMiB: {
    flag: 'max-file',
    env: 'CHAT_MAX_FILE',
    value: 'MIB',
    default: '10',
    help: 'largest file allowed, in MiB; 0 turns uploads off',
    read(text) {
      const size = Number(text);
      if (!/^\d{1,3}$/.test(text) || size > 100)
        throw new InvalidOption('a whole number from 0 to 100');
      return size;
    },
  },
  keepDays: {
    flag: 'keep-days',
    env: 'CHAT_KEEP_DAYS',
    value: 'DAYS',
    default: '0',
    help: 'days after which messages are deleted; 0 keeps them',
    read(text) {
      const days = Number(text);
      if (!/^\d{1,4}$/.test(text) || days > MAX_KEEP_DAYS)
        throw new InvalidOption(`a whole number from 0 to ${MAX_KEEP_DAYS}`);
      return days || null;
    },
  },
  language: {
    flag: 'language',
    env: 'CHAT_LANGUAGE',
    value: languages.join('|'),
    default: 'en',
    help: 'language of clients that request no other',
    read(text) {
      if (!isLanguage(text)) throw new InvalidOption(languages.join(' or '));
      return text;
    },
  },
  metrics: {
    flag: 'metrics',
    env: 'CHAT_METRICS',
    value: 'HOST:PORT',
    default: '',
    help: 'address that serves /metrics for Prometheus, without a token',
    read(text) {
      if (text === '') return undefined;
      const url = URL.parse(`http://${text}/`);
      const port = /:(\d{1,5})$/.exec(text)?.[1];
      if (!url || port === undefined || url.pathname !== '/' || url.username !== '')
        throw new InvalidOption('an address and a port, such as 127.0.0.1:9464');
      return { host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(port) };
    },
  },
  metricsToken: {
    flag: 'metrics-token',
    env: 'CHAT_METRICS_TOKEN',
    value: 'TOKEN',
    default: '',
    help: 'bearer token for /metrics beside the pages; 16 characters or more',
    read(text) {
      if (text !== '' && text.length < 16) throw new StartupError(SHORT_TOKEN);
      return text || undefined;
    },
  },
  tlsCert: {
    flag: 'tls-cert',
    env: 'CHAT_TLS_CERT',
    value: 'FILE',
    default: '',
    help: 'certificate with its chain (PEM), read again when it changes',
    read: (text) => text || undefined,
  },
  tlsKey: {
    flag: 'tls-key',
    env: 'CHAT_TLS_KEY',
    value: 'FILE',
    default: '',
    help: 'private key (PEM) of the certificate',
    read: (text) => text || undefined,
  },
  log: {
    flag: 'log',
    env: 'CHAT_LOG',
    value: LOG_FORMATS.join('|'),
    default: '',
    help: 'format of the log: JSON for programs, text for people (in a terminal text, else json)',
    read(text) {
      if (text === '') return process.stderr.isTTY ? 'text' : 'json';
      const format = LOG_FORMATS.find((name) => name === text);
      if (!format) throw new InvalidOption(LOG_FORMATS.join(' or '));
      return format;
    },
  },
};

const names = Object.keys(options) as (keyof Config)[];

/** A web origin as a browser sends it (RFC 6454, section 6.2). */
function readOrigin(
  text: string,
  expected = 'origins such as https://chat.example, separated by commas',
): string {
  const url = URL.parse(text.trim());
  if (!url || !/^https?:$/.test(url.protocol) || url.href !== `${url.origin}/`) {
    throw new InvalidOption(expected);
  }
  return url.origin;
}

function readHost(text: string): string {
  const name = readHostName(text);
  if (name !== undefined) return name;
  throw new InvalidOption('host names such as chat.example without a port, separated by commas');
}

export const help = `Typhoon, a chat room server

  ${PROGRAM} [options]

${names.map(describe).join('\n')}
  --help                                  show this help

Options can also be set by the environment variables in capitals; flags take precedence.`;

function describe(name: keyof Config): string {
  const { flag, env, value, help, default: standard } = options[name];
  return `  ${`--${flag} ${value}`.padEnd(20)} ${env.padEnd(18)} ${help}${standard && ` (${standard})`}`;
}

/**
 * Reads the flags, then the environment, then the defaults.
 * @returns 'help' where that was requested
 * @throws StartupError, a sentence on what is wrong
 */
export function readConfig(args: readonly string[], env: NodeJS.ProcessEnv): Config | 'help' {
  const flags = readFlags(args);
  if (flags.help) return 'help';
  const read = <K extends keyof Config>(name: K): Config[K] => {
    const option: Option<Config[K]> = options[name];
    const flag = flags[option.flag];
    const text = typeof flag === 'string' ? flag : (env[option.env] ?? option.default);
    try {
      return option.read(text);
    } catch (error) {
      if (!(error instanceof InvalidOption)) throw error;
      const source = typeof flag === 'string' ? `--${option.flag}` : option.env;
      throw new StartupError(`${source} must be ${error.message}, not "${text}".`);
    }
  };
  const [tlsCert, tlsKey] = [read('tlsCert'), read('tlsKey')];
  if ((tlsCert === undefined) !== (tlsKey === undefined)) throw new StartupError(HALF_TLS);
  return {
    port: read('port'),
    host: read('host'),
    data: read('data'),
    publicUrl: read('publicUrl'),
    hosts: read('hosts'),
    origins: read('origins'),
    rateLimits: read('rateLimits'),
    serverPassword: read('serverPassword'),
    moderatorKey: read('moderatorKey'),
    cluster: read('cluster'),
    secret: read('secret'),
    frameAncestors: read('frameAncestors'),
    maxUploadMiB: read('maxUploadMiB'),
    keepDays: read('keepDays'),
    language: read('language'),
    metrics: read('metrics'),
    metricsToken: read('metricsToken'),
    log: read('log'),
    tlsCert,
    tlsKey,
    trustProxy: read('trustProxy'),
  };
}

function readFlags(args: readonly string[]): Record<string, string | boolean | undefined> {
  try {
    return parseArgs({
      args: [...args],
      options: {
        ...Object.fromEntries(
          names.map((name) => [options[name].flag, { type: 'string' as const }]),
        ),
        help: { type: 'boolean' as const, short: 'h' },
      },
    }).values;
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('. ')[0] ?? '') : String(error);
    throw new StartupError(`${reason}. See ${PROGRAM} --help.`);
  }
}
