import cluster from 'node:cluster';
import { type App, startApp } from '../app.ts';
import { help, readConfig } from '../config/read-config.ts';
import type { Config } from '../config.ts';
import { onOrphaned } from '../orphaned.ts';

/** A server that is still shutting down after this time is ended. */
const SHUTDOWN_TIMEOUT_MS = 9_000;

/** Runs the server until a signal ends it. */
export async function run(args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const config = readConfig(args, env);
  if (config === 'help') {
    console.log(help);
    return;
  }
  // A single process loads nothing of this.
  if (cluster.isWorker) return (await import('../workers/worker.ts')).runWorker(config);
  let app: App | undefined;
  const onFatal = () => {
    process.exitCode = 1;
    void stop();
  };
  app = await start(config, onFatal);
  const { url, dataDir, joinOrigins, ownerPath } = app;
  const owning = ownerPath === undefined ? '' : ownerAdvice(config.publicUrl ?? url, ownerPath);
  console.log(
    `Typhoon is running at ${url} (data in ${dataDir})\n${joinAdvice(joinOrigins)}${owning}`,
  );

  async function stop(): Promise<void> {
    setTimeout(() => process.exit(1), SHUTDOWN_TIMEOUT_MS).unref();
    await app?.close();
  }
  if (config.tlsCert !== undefined) process.on('SIGHUP', () => app?.reloadCertificate());
  process.once('SIGTERM', stop).once('SIGINT', stop);
  if (process.env.npm_lifecycle_event) onOrphaned(stop);
}

async function start(config: Config, onFatal: () => void): Promise<App> {
  if (config.workers === 1) return startApp(config, { onFatal });
  const { startPrimary } = await import('../workers/primary.ts');
  return startPrimary(config, onFatal);
}

/** How to become the owner of the server, in a line of its own. */
function ownerAdvice(origin: string, path: string): string {
  return `\nNobody owns this server yet. To own it, open ${new URL(path, origin)}`;
}

/** How others reach the server, in one line. */
function joinAdvice({ all, isPrivate }: App['joinOrigins']): string {
  if (all.length > 0) return `Others join at ${all.join(' or ')}`;
  if (isPrivate) return 'Only this machine can reach it: start without --host to let others join.';
  return 'No network address found: connect to a network, or start with --public-url.';
}
