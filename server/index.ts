import { type App, startApp } from './app.ts';
import { help, readConfig } from './config.ts';
import { StartError } from './errors.ts';

/** A server that has not ended by then, after it was told to, is ended. */
const LAST_MS = 9_000;
/** How often it looks whether the shell that npm started it in is still there. */
const ORPHAN_CHECK_MS = 500;

try {
  const config = readConfig(process.argv.slice(2), process.env);
  if (config === 'help') console.log(help);
  else await run(config);
} catch (error) {
  if (!(error instanceof StartError)) throw error;
  console.error(error.message);
  process.exit(1);
}

async function run(config: Parameters<typeof startApp>[0]): Promise<void> {
  let app: App | undefined;
  const onFatal = () => {
    process.exitCode = 1;
    void stop();
  };
  app = await startApp(config, undefined, onFatal);
  console.log(`Typhoon is at ${app.url}, the history in ${app.history}`);

  async function stop(): Promise<void> {
    setTimeout(() => process.exit(1), LAST_MS).unref();
    await app?.close();
  }
  process.once('SIGTERM', stop).once('SIGINT', stop);
  if (process.env.npm_lifecycle_event) onOrphaned(stop);
}

/** npm's shell dies of a signal without passing it on: what is told to it, is told to us. */
function onOrphaned(stop: () => void): void {
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    stop();
  }, ORPHAN_CHECK_MS);
  watch.unref();
}
