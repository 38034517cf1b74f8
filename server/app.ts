import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { hostname } from 'node:os';
import { pino } from 'pino';
import { Doors } from './auth/access-passes.ts';
import { Browsers } from './auth/browsers.ts';
import { Visitors } from './auth/guest-tokens.ts';
import { People } from './auth/identity.ts';
import { readKeys } from './auth/load-keyring.ts';
import { PasswordAttempts } from './auth/password-attempts.ts';
import { Passphrases } from './auth/password-hasher.ts';
import { Door } from './auth/room-access.ts';
import { Sessions } from './auth/sessions.ts';
import type { Config } from './config.ts';
import { CommitMonitor } from './core/commit-monitor.ts';
import { SqliteLog } from './core/group-commit-log.ts';
import { Lobby } from './core/room-registry.ts';
import { Files } from './features/attachments/file-store.ts';
import { Renderer } from './features/messages/renderer.ts';
import { bundleAssets } from './http/assets.ts';
import { KnownHosts, serverNames } from './http/request/hosts.ts';
import { RefusedHosts } from './http/request/refused-hosts.ts';
import { createPages } from './http/web-app.ts';
import { Turns } from './limits/admission-queue.ts';
import { Turnstile } from './limits/connection-limiter.ts';
import { OpenResponses } from './limits/open-responses.ts';
import { SendLimits } from './limits/send-limits.ts';
import { listen } from './listen.ts';
import { OperatorLog } from './operator-log.ts';
import { openFolder } from './storage/data-dir.ts';
import { Store } from './storage/store.ts';
import { StoreMonitor } from './storage/store-monitor.ts';
import type { StoreObserver } from './storage/worker-client.ts';
import { TIMING, type Timing } from './timeouts.ts';
import { Streams } from './transports/connection-registry.ts';
import { serveRequests } from './transports/request-handler.ts';
import { StalledSockets } from './transports/stalled-sockets.ts';
import { Meters } from './transports/traffic-meters.ts';
import { WebSockets } from './transports/websocket.ts';

/**
 * Bytes that may wait in a socket before it asks to wait. With a batch more, so much is kept at most
 * for one who has stopped reading: 64 KiB.
 */
const SOCKET_BYTES = 32 * 1024;

export interface App {
  /** The address to open in a browser of this machine. */
  readonly url: string;
  /** Where the history is kept, for people to read. */
  readonly history: string;
  /** Commits what was accepted, tells the clients, and ends. */
  close(): Promise<void>;
}

/**
 * Puts the parts together and listens.
 * @param onFatal is called where the server cannot go on, and has to be closed
 * @throws StartError, a sentence for the one who starts it
 */
export async function startApp(
  config: Config,
  timing: Timing = TIMING,
  onFatal: () => void = () => {},
): Promise<App> {
  const logger = pino({ level: 'warn' }, pino.destination({ fd: 2, sync: true }));
  const operatorLog = new OperatorLog(logger);
  const [{ folder, store, keys }, assets] = await Promise.all([
    openStorage(config.data, new StoreMonitor(operatorLog, onFatal)),
    bundleAssets(),
  ]);
  const exposed = folder.exposed();
  if (exposed.length > 0) operatorLog.report('data-exposed', { paths: exposed });
  const visitors = new Visitors(keys);
  const log = new SqliteLog(store, new CommitMonitor(operatorLog));
  const maxMib = config.maxFile;
  const files = await Files.open({ folder, log, store, operatorLog, maxMib, timing });
  const sessions = new Sessions({ log, store, keys, passphrases: new Passphrases() });
  const browsers = new Browsers(keys);
  const people = new People({ visitors, sessions, browsers, hops: config.trustProxy });
  const attempts = new PasswordAttempts(browsers);
  const doors = new Doors(keys, config.passcode, attempts);
  const door = new Door(doors, browsers, attempts);
  const { graceMs } = timing;
  const lobby = new Lobby({ log, store, renderer: new Renderer(), graceMs }, (room, error) =>
    operatorLog.report('room-failed', { room, error }),
  );
  const streams = new Streams(timing.pingMs, sessions);
  log.tail((batch) => streams.endSessions(batch.flatMap(({ ended = [] }) => ended)));
  const meters = new Meters();
  const refusedHosts = new RefusedHosts(logger);
  const hosts = new KnownHosts(serverNames(config, hostname()), (host) =>
    refusedHosts.report(host),
  );
  const shared = { lobby, people, doors, door, meters, logger };
  const sendLimits = new SendLimits(config.limits);
  const turnstile = new Turnstile(config.limits);
  const openResponses = new OpenResponses(config.limits);
  const parts = { ...shared, turnstile, openResponses, turns: new Turns(), streams, timing };
  const origins = new Set(config.origins);
  if (config.publicUrl !== undefined) origins.add(config.publicUrl);
  const sockets = new WebSockets({ ...parts, hosts, origins, sendLimits });
  const koa = createPages({
    ...shared,
    files,
    stallMs: timing.requestMs,
    config,
    origins,
    sendLimits,
    visitors,
    sessions,
    browsers,
    attempts,
    assets,
  });
  const stalledSockets = new StalledSockets(timing.stallMs);
  const server = createServer(
    {
      headersTimeout: timing.headersMs,
      requestTimeout: timing.uploadMs,
      connectionsCheckingInterval: timing.headersMs / 4,
      highWaterMark: SOCKET_BYTES,
      shouldUpgradeCallback,
      // It is looked at below, for upgrades too.
      requireHostHeader: false,
    },
    serveRequests({ ...parts, hosts, pages: koa.callback() }),
  );
  stalledSockets.watch(server);
  server.on('upgrade', (...upgrade) => sockets.accept(...upgrade));

  const end = async () => {
    const closed = server.listening && once(server, 'close');
    server.close();
    // What was accepted is on the disk, and has gone out, before anybody is told to leave.
    await log.close();
    // Uploads that wait are refused, so that they are answered while their connections last.
    const filesClosed = files.close();
    await streams.close(timing.goodbyeMs);
    server.closeIdleConnections();
    const timer = setTimeout(() => server.closeAllConnections(), timing.goodbyeMs);
    await closed;
    clearTimeout(timer);
    stalledSockets.close();
    await filesClosed;
    await store.close();
    folder.release();
  };

  let ended: Promise<void> | undefined;
  const close = () => {
    ended ??= end();
    return ended;
  };
  try {
    return { url: await listen(server, config), history: folder.name, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** All that is kept between two starts. Where a part of it cannot be opened, none is held. */
async function openStorage(data: string, observer: StoreObserver) {
  const folder = openFolder(data);
  let store: Store | undefined;
  try {
    store = await Store.open(folder, observer);
    // After the database: where there is none, a secret tells that it is missing.
    return { folder, store, keys: readKeys(folder) };
  } catch (error) {
    await store?.close();
    folder.release();
    throw error;
  }
}

/** Only to WebSocket is there a switch; what else a client would upgrade to is answered as it is. */
function shouldUpgradeCallback({ headers }: IncomingMessage): boolean {
  return headers.upgrade?.toLowerCase() === 'websocket';
}
