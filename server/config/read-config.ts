import { parseArgs } from 'node:util';
import type { Config } from '../config.ts';
import { StartupError } from '../core/errors.ts';
import { PROGRAM } from '../program.ts';
import { type Option, options } from './options.ts';
import { InvalidValue } from './values.ts';

const WORKERS_IN_CLUSTER =
  'Nodes of a cluster have no workers: start several nodes instead, without --workers.';
const WORKERS_IN_MEMORY = 'Several workers need a data directory: they cannot share :memory:.';
const HALF_TLS = 'TLS needs both --tls-cert and --tls-key.';

const names = Object.keys(options) as (keyof Config)[];

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
      if (!(error instanceof InvalidValue)) throw error;
      const source = typeof flag === 'string' ? `--${option.flag}` : option.env;
      throw new StartupError(`${source} must be ${error.message}, not "${text}".`);
    }
  };
  const [tlsCert, tlsKey] = [read('tlsCert'), read('tlsKey')];
  if ((tlsCert === undefined) !== (tlsKey === undefined)) throw new StartupError(HALF_TLS);
  const [workers, cluster, data] = [read('workers'), read('cluster'), read('data')];
  if (workers > 1 && cluster.length > 0) throw new StartupError(WORKERS_IN_CLUSTER);
  if (workers > 1 && data === ':memory:') throw new StartupError(WORKERS_IN_MEMORY);
  return {
    port: read('port'),
    host: read('host'),
    data,
    publicUrl: read('publicUrl'),
    hosts: read('hosts'),
    origins: read('origins'),
    rateLimits: read('rateLimits'),
    serverPassword: read('serverPassword'),
    moderatorKey: read('moderatorKey'),
    cluster,
    workers,
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
