import { MAX_SERVER_PASSWORD } from '../auth/access-passes.ts';
import type { Config } from '../config.ts';
import { MAX_KEEP_DAYS } from '../features/retention/keep-days.ts';
import { LOG_FORMATS } from '../log-format.ts';
import { languages } from '../shared/i18n.ts';
import {
  hostName,
  InvalidValue,
  list,
  listenAddress,
  natsUrl,
  oneOf,
  origin,
  secretText,
  textOrNone,
  wholeNumber,
} from './values.ts';

export interface Option<T> {
  /** The name on the command line, without the leading dashes. */
  readonly flag: string;
  readonly env: string;
  readonly value: string;
  readonly default: string;
  readonly help: string;
  /** @throws InvalidValue, or StartupError where the value is not to be shown */
  read(text: string): T;
}

/** Presence is exchanged among so many. */
const MAX_WORKERS = 32;
const SERVER_PASSWORD_TOO_LONG = `The server password is limited to ${MAX_SERVER_PASSWORD} characters.`;
const SHORT_TOKEN =
  'The metrics token needs 16 characters or more: a shorter one could be guessed.';
const SHORT_SECRET = 'The secret needs 32 characters or more: openssl rand -base64 32 prints one.';
const SHORT_KEY = 'The moderator key needs 12 characters or more: a shorter one could be guessed.';

/** What the server can be started with. */
export const options: { readonly [K in keyof Config]: Option<Config[K]> } = {
  port: {
    flag: 'port',
    env: 'PORT',
    value: 'NUMBER',
    default: '8888',
    help: 'port to listen on; 0 picks a free port',
    read: wholeNumber(65_535),
  },
  host: {
    flag: 'host',
    env: 'HOST',
    value: 'ADDRESS',
    default: '',
    help: 'address to listen on (all of this machine; 127.0.0.1: this machine only)',
    read: textOrNone,
  },
  data: {
    flag: 'data',
    env: 'CHAT_DATA',
    value: 'DIR',
    default: 'data',
    help: 'data directory; :memory: stores nothing on disk',
    read: (text) => {
      if (text === '') throw new InvalidValue('a directory or :memory:');
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
      text === '' ? undefined : origin(text, 'an origin such as https://chat.example'),
  },
  hosts: {
    flag: 'hosts',
    env: 'CHAT_HOSTS',
    value: 'NAME,NAME',
    default: '',
    help: 'other host names of this server, such as chat.example or *.chat.example',
    read: (text) => new Set(list(hostName)(text)),
  },
  origins: {
    flag: 'origins',
    env: 'CHAT_ORIGINS',
    value: 'URL,URL',
    default: '',
    help: 'other origins allowed to use this server, such as https://chat.example',
    read: (text) => new Set(list(origin)(text)),
  },
  rateLimits: {
    flag: 'limits',
    env: 'CHAT_LIMITS',
    value: 'on|off',
    default: 'on',
    help: 'rate limiting: on or off (off for benchmarks only)',
    read: (text) => oneOf(['on', 'off'])(text) === 'on',
  },
  trustProxy: {
    flag: 'trust-proxy',
    env: 'TRUST_PROXY',
    value: 'N',
    default: '0',
    help: 'number of trusted reverse proxies that set X-Forwarded-For',
    read: wholeNumber(10),
  },
  serverPassword: {
    flag: 'server-password',
    env: 'CHAT_SERVER_PASSWORD',
    value: 'PASSWORD',
    default: '',
    help: 'password for the whole server',
    read: secretText({ max: MAX_SERVER_PASSWORD }, SERVER_PASSWORD_TOO_LONG),
  },
  moderatorKey: {
    flag: 'moderator-key',
    env: 'CHAT_MODERATOR_KEY',
    value: 'KEY',
    default: '',
    help: 'key that makes a user moderator of every room; 12 characters or more',
    read: secretText({ min: 12 }, SHORT_KEY),
  },
  cluster: {
    flag: 'cluster',
    env: 'CHAT_CLUSTER',
    value: 'URL,URL',
    default: '',
    help: 'NATS servers that store the log of a cluster: nats://HOST,nats://HOST,nats://HOST',
    read: list(natsUrl),
  },
  workers: {
    flag: 'workers',
    env: 'CHAT_WORKERS',
    value: 'N',
    default: '1',
    help: 'number of processes that serve requests on the port, one for each core to be used',
    read: wholeNumber(MAX_WORKERS, 1),
  },
  secret: {
    flag: 'secret',
    env: 'CHAT_SECRET',
    value: 'SECRET',
    default: '',
    help: 'secret of 32 characters or more that cookies are signed with (stored in the data directory)',
    read: secretText({ min: 32 }, SHORT_SECRET),
  },
  frameAncestors: {
    flag: 'frames',
    env: 'CHAT_FRAMES',
    value: 'URL,URL',
    default: '',
    help: 'origins allowed to embed rooms in a frame, as /rooms/NAME?embed',
    read: (text) => new Set(list(origin)(text)),
  },
  maxUploadMiB: {
    flag: 'max-file',
    env: 'CHAT_MAX_FILE',
    value: 'MIB',
    default: '10',
    help: 'largest file allowed, in MiB; 0 turns uploads off',
    read: wholeNumber(100),
  },
  keepDays: {
    flag: 'keep-days',
    env: 'CHAT_KEEP_DAYS',
    value: 'DAYS',
    default: '0',
    help: 'days after which messages are deleted; 0 keeps them',
    read: (text) => wholeNumber(MAX_KEEP_DAYS)(text) || null,
  },
  language: {
    flag: 'language',
    env: 'CHAT_LANGUAGE',
    value: languages.join('|'),
    default: 'en',
    help: 'language of clients that request no other',
    read: oneOf(languages),
  },
  metrics: {
    flag: 'metrics',
    env: 'CHAT_METRICS',
    value: 'HOST:PORT',
    default: '',
    help: 'address that serves /metrics for Prometheus, without a token',
    read: listenAddress,
  },
  metricsToken: {
    flag: 'metrics-token',
    env: 'CHAT_METRICS_TOKEN',
    value: 'TOKEN',
    default: '',
    help: 'bearer token for /metrics beside the pages; 16 characters or more',
    read: secretText({ min: 16 }, SHORT_TOKEN),
  },
  tlsCert: {
    flag: 'tls-cert',
    env: 'CHAT_TLS_CERT',
    value: 'FILE',
    default: '',
    help: 'certificate with its chain (PEM), read again when it changes',
    read: textOrNone,
  },
  tlsKey: {
    flag: 'tls-key',
    env: 'CHAT_TLS_KEY',
    value: 'FILE',
    default: '',
    help: 'private key (PEM) of the certificate',
    read: textOrNone,
  },
  log: {
    flag: 'log',
    env: 'CHAT_LOG',
    value: LOG_FORMATS.join('|'),
    default: '',
    help: 'format of the log: JSON for programs, text for people (in a terminal text, else json)',
    read: (text) => {
      if (text === '') return process.stderr.isTTY ? 'text' : 'json';
      return oneOf(LOG_FORMATS)(text);
    },
  },
};
