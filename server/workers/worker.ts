import cluster from 'node:cluster';
import { type App, startApp } from '../app.ts';
import type { Config } from '../config.ts';
import { StartupError } from '../core/errors.ts';
import { createLogger } from '../log-format.ts';
import { toStartupError } from '../start-error.ts';
import { Channel } from './channel.ts';
import type { ChannelToPrimary } from './methods.ts';
import { portOf } from './process-port.ts';
import { openWorkerBackend } from './worker-backend.ts';

/** Runs a worker until the primary stops it. Where the primary ends, node:cluster ends it at once. */
export async function runWorker(config: Config): Promise<void> {
  // A primary that reads nothing does not serve this worker any more.
  const channel: ChannelToPrimary = new Channel(portOf(process), () => process.exit(1));
  let app: App | undefined;
  const stop = () => void (app?.close() ?? Promise.resolve()).finally(() => process.exit());
  channel.serve({ stop, reloadCertificate: () => app?.reloadCertificate() });
  // A terminal, and systemd, send their signals to all processes of the server.
  process.on('SIGTERM', stop).on('SIGINT', stop);
  if (config.tlsCert !== undefined) process.on('SIGHUP', () => app?.reloadCertificate());
  try {
    app = await startApp(config, {
      logger: createLogger(config.log).child({ worker: cluster.worker?.id }),
      openBackend: (parts) => openWorkerBackend(channel, config, parts),
      onFatal() {
        process.exitCode = 1;
        stop();
      },
    });
  } catch (error) {
    const reason = toStartupError(error);
    if (!(reason instanceof StartupError)) throw error;
    await channel.call('failed', reason.message);
    process.exit(1);
  }
  const { url, joinOrigins } = app;
  const { all, isPrivate } = joinOrigins;
  channel.post('listening', { url, joinOrigins: { all, isPrivate } });
}
