import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { availableParallelism } from 'node:os';
import { readCertificate } from '../certificate.ts';
import type { Config } from '../config.ts';
import { localUrl } from '../listen.ts';
import { type Finding, ok, problem, warning } from './finding.ts';

/** One for each client, and some. */
const FEW_DESCRIPTORS = 4_096;
const DAY_MS = 24 * 60 * 60 * 1_000;
const SOON_DAYS = 14;

/** @param cores of this machine, for this process */
export function checkWorkers(
  { workers }: Pick<Config, 'workers'>,
  cores = availableParallelism(),
): readonly Finding[] {
  if (workers === 1) return [];
  const text = `${workers} on ${cores === 1 ? 'one core' : `${cores} cores`}`;
  if (workers <= cores) return [ok('workers', `${text}.`)];
  return [warning('workers', `${text}: more workers than cores only cost memory.`)];
}

/** On Linux: see proc_pid_limits(5). */
export function checkDescriptors(file = '/proc/self/limits'): readonly Finding[] {
  if (!existsSync(file)) return [];
  const [, soft] = /^Max open files +(\d+|unlimited)/m.exec(readFileSync(file, 'utf8')) ?? [];
  if (soft === undefined || soft === 'unlimited' || Number(soft) >= FEW_DESCRIPTORS)
    return [ok('descriptors', `${soft ?? 'An unknown number of'} files can be open.`)];
  const text = `Only ${soft} files can be open, one for each client: raise the limit (ulimit -n 65536, or`;
  return [warning('descriptors', `${text} LimitNOFILE=65536 in the unit of systemd).`)];
}

/** Whether the port is free, or Typhoon uses it. */
export async function checkPort(
  config: Pick<Config, 'port' | 'host' | 'tlsCert'>,
): Promise<readonly Finding[]> {
  const { port, host, tlsCert } = config;
  const server = createServer();
  try {
    await once(server.listen({ port, host }), 'listening');
    server.close();
    return [ok('port', `${port} is free.`)];
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EADDRINUSE') return [problem('port', `Cannot listen on ${port}: ${code}.`)];
  }
  if (tlsCert !== undefined)
    return [warning('port', `${port} is in use: by Typhoon, if that is running.`)];
  const url = `${localUrl(config, port)}/up`;
  const up = await fetch(url, { signal: AbortSignal.timeout(10_000) }).then(
    (response) => response.text().then((text) => ({ status: response.status, text: text.trim() })),
    () => undefined,
  );
  if (up?.text === 'ok') return [ok('port', `A Typhoon at ${port} accepts messages.`)];
  if (up?.status === 503)
    return [problem('port', `The Typhoon at ${port} refuses messages: ${up.text}`)];
  return [problem('port', `Another program uses ${port}: stop it, or choose another --port.`)];
}

export function checkCertificate({
  tlsCert,
  tlsKey,
}: Pick<Config, 'tlsCert' | 'tlsKey'>): readonly Finding[] {
  if (tlsCert === undefined || tlsKey === undefined) return [];
  try {
    const { cert } = readCertificate({ cert: tlsCert, key: tlsKey });
    const end = new X509Certificate(cert).validToDate;
    const days = Math.floor((end.getTime() - Date.now()) / DAY_MS);
    const until = `until ${end.toISOString().slice(0, 10)}`;
    if (days < 0) return [problem('certificate', `It was valid ${until}: renew it.`)];
    if (days < SOON_DAYS) return [warning('certificate', `It is valid ${until}: renew it.`)];
    return [ok('certificate', `It is valid ${until}.`)];
  } catch (error) {
    return [problem('certificate', `Cannot use it: ${(error as Error).message}`)];
  }
}
