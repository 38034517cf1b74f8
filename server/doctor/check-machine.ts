import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { readCertificate } from '../certificate.ts';
import type { Config } from '../config.ts';
import { MIB, RESERVE_BYTES } from '../features/attachments/disk-space.ts';
import { MIGRATIONS } from '../features/schema.ts';
import { localUrl } from '../listen.ts';
import { formatBytes } from '../shared/format-bytes.ts';
import { assertWritable } from '../storage/data-dir-checks.ts';
import { DATABASE } from '../storage/file-names.ts';
import { assertCompatible } from '../storage/migrate.ts';
import { type Finding, ok, problem, warning } from './finding.ts';

const COMFORTABLE_BYTES = 1024 * MIB;
/** One for each client, and some. */
const FEW_DESCRIPTORS = 4_096;
const DAY_MS = 24 * 60 * 60 * 1_000;
const MINUTE_MS = 60_000;
const SOON_DAYS = 14;

/** The folder and its database, which a server may be using. */
export function checkFolder({ data }: Pick<Config, 'data'>): readonly Finding[] {
  const folder = resolve(data);
  if (data === ':memory:')
    return [warning('data', 'Nothing is stored: history is gone at a restart.')];
  if (!existsSync(folder))
    return [ok('data', `${data} does not exist yet: the server creates it.`)];
  try {
    assertWritable(folder, data);
  } catch (error) {
    return [problem('data', (error as Error).message)];
  }
  const file = join(folder, DATABASE);
  if (!existsSync(file)) return [ok('data', `${data} has no database yet: the server creates it.`)];
  return [ok('data', `${data} can be written.`), ...checkDatabase(file)];
}

function checkDatabase(file: string): readonly Finding[] {
  try {
    const db = new DatabaseSync(file, { readOnly: true });
    try {
      assertCompatible(db, MIGRATIONS.length);
      const verdict = String(db.prepare('PRAGMA quick_check(1)').get()?.quick_check);
      if (verdict !== 'ok')
        return [problem('database', `It is damaged (${verdict}): restore a backup.`)];
      const latest = Number(db.prepare('SELECT max(at) AS at FROM events').get()?.at ?? 0);
      const future = latest - Date.now();
      return [
        ok('database', 'It is sound.'),
        future > MINUTE_MS
          ? warning(
              'clock',
              `It is ${Math.round(future / MINUTE_MS)} minutes behind what was stored: set it.`,
            )
          : ok('clock', 'Nothing that was stored is in the future.'),
      ];
    } finally {
      db.close();
    }
  } catch (error) {
    return [problem('database', `Cannot open it: ${(error as Error).message}`)];
  }
}

export async function checkDisk({ data }: Pick<Config, 'data'>): Promise<readonly Finding[]> {
  const folder = existsSync(resolve(data)) ? resolve(data) : '.';
  const { bavail, bsize, files, ffree } = await statfs(folder);
  const free = bavail * bsize;
  const text = `${formatBytes(free)} are free`;
  if (files > 0 && ffree < 1_000)
    return [problem('disk', `Only ${ffree} inodes are free (df -i).`)];
  if (free < RESERVE_BYTES) return [problem('disk', `${text}: uploads are refused. Free space.`)];
  if (free < COMFORTABLE_BYTES) return [warning('disk', `${text}: free some before it is full.`)];
  return [ok('disk', `${text}.`)];
}

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
