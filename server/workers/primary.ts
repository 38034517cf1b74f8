import manifest from '../../package.json' with { type: 'json' };
import type { App } from '../app.ts';
import { openBackend } from '../backend.ts';
import type { Config } from '../config.ts';
import { Counters } from '../core/counters.ts';
import { OWNER_LINK, OwnerLinks } from '../features/administration/owner-links.ts';
import { FileFolder } from '../features/attachments/file-folder.ts';
import { ERASE_REQUEST, EraseRequests } from '../features/erasure/erase-requests.ts';
import { Housekeeping } from '../housekeeping.ts';
import { bundleAssets } from '../http/assets.ts';
import { createLogger } from '../log-format.ts';
import { OperatorLog } from '../operator-log.ts';
import { CommitMonitor } from '../storage/commit-monitor.ts';
import { TIMEOUTS } from '../timeouts.ts';
import { PrimaryMonitor } from './primary-monitor.ts';
import { Supervisor } from './supervisor.ts';
import { WorkerLinks } from './worker-links.ts';

/** How long workers may take to shut down: less than the server as a whole. */
const STOP_TIMEOUT_MS = 8_000;

/**
 * Starts the process that owns the data directory and writes the log, and as many workers as requested,
 * which serve all requests on one port.
 * @param onFatal is called where the server cannot go on, and has to be closed
 * @throws StartupError, a sentence for the operator
 */
export async function startPrimary(config: Config, onFatal: () => void): Promise<App> {
  const operatorLog = new OperatorLog(createLogger(config.log));
  const counters = new Counters();
  const observer = new CommitMonitor(operatorLog);
  const [backend] = await Promise.all([
    openBackend(config, { counters, observer, operatorLog, onFatal }),
    // The workers find them in the cache.
    bundleAssets(),
  ]);
  const { log, store, folder, keys } = backend;
  const housekeeping = new Housekeeping({
    ...{ config, timeouts: TIMEOUTS, log, queries: store.queries, operatorLog },
    ownerLinks: new OwnerLinks(folder.path(OWNER_LINK)),
    eraseRequests: new EraseRequests(folder.path(ERASE_REQUEST)),
    ...{ folder: new FileFolder(backend.files, operatorLog), copies: undefined },
  });
  const links = new WorkerLinks();
  log.onCommit((batch) => links.publish(batch));
  log.onCommit((batch) => housekeeping.apply(batch));
  log.onCommit((batch) => counters.count(batch));
  const welcome = (id: string) => ({
    id,
    position: { epoch: log.epoch, head: log.head },
    keys: keys.keys,
  });
  // Nothing is measured that nobody can read.
  const isRead = config.metrics !== undefined || config.metricsToken !== undefined;
  const monitor = isRead
    ? new PrimaryMonitor({ config, counters, observer, folder, log, store })
    : undefined;
  const supervisor = new Supervisor({
    count: config.workers,
    operatorLog,
    stopTimeoutMs: STOP_TIMEOUT_MS,
    onStart(id, channel) {
      channel.serve({
        enter: () => welcome(id),
        search: (request, from) => store.search(request, from),
        probe: () => store.probe(),
        connections: () => links.countConnections(),
      });
      links.add(id, channel, log);
      monitor?.add(id, channel);
    },
    onEnd(id) {
      links.delete(id);
      monitor?.delete(id);
    },
  });

  const shutdown = async () => {
    operatorLog.report('stopping');
    // Their last appends come before the log is closed.
    await supervisor.close();
    await housekeeping.close();
    await log.close();
    await monitor?.close();
    await backend.close();
    operatorLog.report('stopped');
  };
  let ended: Promise<void> | undefined;
  const close = () => {
    ended ??= shutdown();
    return ended;
  };
  try {
    await monitor?.start();
    await housekeeping.start();
    const ownerPath = await housekeeping.issueOwnerLink();
    const { url, joinOrigins } = await supervisor.start();
    const { workers } = config;
    operatorLog.report('started', { version: manifest.version, url, data: folder.name, workers });
    return {
      ...{ url, joinOrigins, ownerPath, dataDir: folder.name, close },
      reloadCertificate() {
        for (const channel of links.all) channel.post('reloadCertificate');
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}
