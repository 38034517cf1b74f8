import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { hostname, networkInterfaces } from 'node:os';
import { Server as TlsServer } from 'node:tls';
import type { Logger } from 'pino';
import manifest from '../package.json' with { type: 'json' };
import { AccessPasses } from './auth/access-passes.ts';
import { BrowserCookies } from './auth/browsers.ts';
import { GuestTokens } from './auth/guest-tokens.ts';
import { Guests } from './auth/guests.ts';
import { Identity } from './auth/identity.ts';
import { PasswordAttempts } from './auth/password-attempts.ts';
import { PasswordHasher } from './auth/password-hasher.ts';
import { RoomAccess } from './auth/room-access.ts';
import { Sessions } from './auth/sessions.ts';
import { type Backend, type BackendParts, openBackend } from './backend.ts';
import { Certificate } from './certificate.ts';
import type { Config } from './config.ts';
import { Counters } from './core/counters.ts';
import { PresenceExchange } from './core/presence-exchange.ts';
import { OWNER_LINK, OwnerLinks } from './features/administration/owner-links.ts';
import type { ServerStatus } from './features/administration/server-status.ts';
import { FileStore } from './features/attachments/file-store.ts';
import { ERASE_REQUEST, EraseRequests } from './features/erasure/erase-requests.ts';
import { MembershipWriter } from './features/memberships/membership-writer.ts';
import { Renderer } from './features/messages/renderer.ts';
import { ReactionExchange } from './features/reactions/reaction-exchange.ts';
import { ChatRooms } from './features/rooms/chat-rooms.ts';
import { TrafficMeters } from './features/transport-lab/traffic-meters.ts';
import { Housekeeping } from './housekeeping.ts';
import { bundleAssets } from './http/assets.ts';
import { JoinOrigins } from './http/join-origins.ts';
import type { NetworkInterfaces } from './http/network-addresses.ts';
import { KnownHosts, serverNames } from './http/request/hosts.ts';
import { RefusedHosts } from './http/request/refused-hosts.ts';
import { AdmissionQueue } from './limits/admission-queue.ts';
import { ConnectionLimiter } from './limits/connection-limiter.ts';
import { OpenResponses } from './limits/open-responses.ts';
import { SendLimits } from './limits/send-limits.ts';
import { listen } from './listen.ts';
import { createLogger } from './log-format.ts';
import { diskUsage } from './monitor/disk-usage.ts';
import { Health } from './monitor/health.ts';
import { createMonitor } from './monitor/monitor.ts';
import { OperatorLog } from './operator-log.ts';
import { CommitMonitor } from './storage/commit-monitor.ts';
import { TIMEOUTS, type Timeouts } from './timeouts.ts';
import { ConnectionRegistry } from './transports/connection-registry.ts';
import { serveRequests } from './transports/request-handler.ts';
import { StalledSockets } from './transports/stalled-sockets.ts';
import { WebSocketEndpoint } from './transports/websocket.ts';
import { createWebApp } from './web-app.ts';

/**
 * Bytes that a socket buffers before it signals backpressure. With one more batch, a client that
 * has stopped reading costs at most 64 KiB.
 */
const SOCKET_BYTES = 32 * 1024;

export interface App {
  /** The address to open in a browser on this machine. */
  readonly url: string;
  /** Where others can open it. */
  readonly joinOrigins: Pick<JoinOrigins, 'all' | 'isPrivate'>;
  /** The path of the link that makes a user the owner of the server; `undefined` where it has one. */
  readonly ownerPath: string | undefined;
  /** Where the data is stored, for display. */
  readonly dataDir: string;
  /** Reads the certificate again, where the server has one. */
  reloadCertificate(): void;
  /** Commits what was accepted, notifies the clients, and shuts down. */
  close(): Promise<void>;
}

export interface AppOptions {
  /** @default TIMEOUTS */
  readonly timeouts?: Timeouts;
  /** @default a hasher as costly as it has to be */
  readonly passwordHasher?: PasswordHasher;
  /** @default one that writes to the standard error output */
  readonly logger?: Logger;
  /** @default the data directory, and the log in it or of a cluster */
  readonly openBackend?: (parts: BackendParts) => Promise<Backend>;
  /** @default those of this machine */
  readonly interfaces?: () => NetworkInterfaces;
  /** Called where the server cannot go on, and has to be closed. */
  readonly onFatal?: () => void;
}

/**
 * Wires the parts together and listens.
 * @throws StartupError, a sentence for the operator
 */
export async function startApp(
  config: Config,
  {
    timeouts = TIMEOUTS,
    passwordHasher = new PasswordHasher(),
    logger = createLogger(config.log),
    openBackend: open = (parts) => openBackend(config, parts),
    interfaces = networkInterfaces,
    onFatal = () => {},
  }: AppOptions = {},
): Promise<App> {
  const operatorLog = new OperatorLog(logger);
  const { tlsCert: cert, tlsKey: key } = config;
  const certificate = cert && key ? new Certificate({ cert, key }, operatorLog) : undefined;
  const counters = new Counters();
  const commitMonitor = new CommitMonitor(operatorLog);
  const parts = { counters, observer: commitMonitor, operatorLog, onFatal };
  const [backend, assets] = await Promise.all([open(parts), bundleAssets()]);
  const { folder, store, keys, log, shared, node } = backend;
  const guests = new Guests(new GuestTokens(keys), store.queries);
  const maxMib = config.maxUploadMiB;
  const files = new FileStore({
    path: backend.files,
    shared: shared?.files,
    isLevel: () => node?.lack === undefined && (node?.lag ?? 0) === 0,
    log,
    store,
    operatorLog,
    maxMib,
    timing: timeouts,
  });
  const sessions = new Sessions({
    log,
    queries: store.queries,
    keys,
    passwords: passwordHasher,
  });
  const browsers = new BrowserCookies(keys);
  const identity = new Identity({
    guests,
    sessions,
    browsers,
    trustedProxies: config.trustProxy,
  });
  const attempts = new PasswordAttempts(browsers, shared?.bus);
  const accessPasses = new AccessPasses(keys, config.serverPassword, attempts);
  const roomAccess = new RoomAccess(accessPasses, browsers, attempts);
  const { presenceGraceMs } = timeouts;
  const memberships = new MembershipWriter(log);
  const exchange = shared && new PresenceExchange(shared.bus);
  const rooms = new ChatRooms(
    {
      ...{ log, store, memberships, renderer: new Renderer(), exchange, counters },
      graceMs: presenceGraceMs,
      reactions: shared && new ReactionExchange(shared.bus),
    },
    (room, error) => operatorLog.report('room-failed', { room, error }),
  );
  const ownerLinks = new OwnerLinks(folder.path(OWNER_LINK));
  const housekeeping = backend.isWorker
    ? undefined
    : new Housekeeping({
        ...{ config, timeouts, ownerLinks, log, queries: store.queries, operatorLog },
        eraseRequests: new EraseRequests(folder.path(ERASE_REQUEST)),
        ...{ folder: files.folder, copies: files.copies },
      });
  const connections = new ConnectionRegistry({
    beatMs: timeouts.pingIntervalMs,
    sessions,
    guests,
    isStalled: () => node?.isStalled ?? false,
  });
  // The listeners of the log, in their order: connections of ended sessions are closed before the rooms
  // send to them, and files are removed after the messages that had them.
  log.onCommit((batch) => sessions.apply(batch));
  log.onCommit((batch) => guests.apply(batch));
  log.onCommit((batch) => connections.apply(batch));
  log.onCommit((batch) => rooms.apply(batch));
  log.onCommit((batch) => housekeeping?.apply(batch));
  log.onCommit((batch) => counters.count(batch));
  const meters = new TrafficMeters();
  const refusedHosts = new RefusedHosts(logger);
  const hosts = new KnownHosts(serverNames(config, hostname()), (host) =>
    refusedHosts.report(host),
  );
  const deps = { rooms, identity, accessPasses, roomAccess, meters, counters, logger };
  const sendLimits = new SendLimits(config.rateLimits);
  const connectionLimiter = new ConnectionLimiter(config.rateLimits);
  const openResponses = new OpenResponses(config.rateLimits);
  const transportParts = {
    ...deps,
    connectionLimiter,
    openResponses,
    admissionQueue: new AdmissionQueue(),
    connections,
    timeouts,
    language: config.language,
  };
  const origins = new Set(config.origins);
  if (config.publicUrl !== undefined) origins.add(config.publicUrl);
  const sockets = new WebSocketEndpoint({ ...transportParts, hosts, origins, sendLimits });
  const { serverOwner } = store.queries;
  const status: ServerStatus = {
    version: manifest.version,
    startedAt: Math.round(Date.now() - process.uptime() * 1_000),
    connections: async () =>
      (await backend.metrics?.connections()) ?? connections.countByTransport(),
    disk: () => diskUsage(folder),
    cluster: async () => node?.status(),
  };
  const joinOrigins = new JoinOrigins(config, interfaces);
  const koa = createWebApp({
    ...deps,
    sharedLog: shared && log,
    bus: shared?.bus,
    log,
    ownerLinks,
    serverOwner,
    queries: store.queries,
    status,
    joinOrigins,
    files,
    bodyIdleTimeoutMs: timeouts.bodyTimeoutMs,
    config,
    origins,
    sendLimits,
    guests,
    sessions,
    browsers,
    attempts,
    assets,
  });
  const health = new Health({
    probe: () => store.probe(),
    lack: () => node?.lack,
    observer: commitMonitor,
  });
  const monitor = createMonitor(config, {
    health,
    counters,
    folder,
    connections,
    rooms,
    log,
    node,
    common: backend.metrics,
  });
  const stalledSockets = new StalledSockets(timeouts.writeTimeoutMs);
  const server = createServerFor(
    certificate,
    timeouts,
    config.trustProxy > 0,
    serveRequests({ ...transportParts, hosts, webApp: monitor.wrap(koa.callback()) }),
  );
  stalledSockets.watch(server);
  monitor.traffic.watch(server);
  if (server instanceof TlsServer) certificate?.watch(server, timeouts.certificateCheckMs);
  server.on('upgrade', (...upgrade) => sockets.accept(...upgrade));

  const shutdown = async () => {
    const hasStarted = server.listening;
    if (hasStarted) operatorLog.report('stopping');
    health.close();
    const closed = server.listening && once(server, 'close');
    server.close();
    // What was accepted is on the disk, and has been sent, before clients are disconnected.
    memberships.close();
    exchange?.close();
    await backend.leave();
    await housekeeping?.close();
    await log.close();
    // Queued uploads are refused, so that they get a response while their connections last.
    const filesClosed = files.close();
    await connections.close(timeouts.shutdownTimeoutMs);
    server.closeIdleConnections();
    const timer = setTimeout(() => server.closeAllConnections(), timeouts.shutdownTimeoutMs);
    await closed;
    clearTimeout(timer);
    stalledSockets.close();
    certificate?.close();
    await filesClosed;
    await monitor.close();
    await backend.close();
    if (hasStarted) operatorLog.report('stopped');
  };

  let ended: Promise<void> | undefined;
  const close = () => {
    ended ??= shutdown();
    return ended;
  };
  try {
    await monitor.start();
    await backend.start({
      onLapse: (hasLapsed) => connections.suspend(hasLapsed),
      countConnections: () => connections.countByTransport(),
    });
    exchange?.start();
    await Promise.all([files.start(), housekeeping?.start(), rooms.start()]);
    const ownerPath = await housekeeping?.issueOwnerLink();
    await backend.mayListen();
    const { url, bound } = await listen(server, config);
    joinOrigins.bound = bound;
    operatorLog.report('started', { version: manifest.version, url, data: folder.name });
    const reloadCertificate = () => certificate?.reload();
    return { url, joinOrigins, ownerPath, dataDir: folder.name, reloadCertificate, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function createServerFor(
  certificate: Certificate | undefined,
  timeouts: Timeouts,
  isBehindProxy: boolean,
  listener: RequestListener,
) {
  const { headersTimeoutMs, uploadTimeoutMs, idleTimeoutMs, proxyIdleTimeoutMs } = timeouts;
  const options = {
    keepAliveTimeout: isBehindProxy ? proxyIdleTimeoutMs : idleTimeoutMs,
    headersTimeout: headersTimeoutMs,
    requestTimeout: uploadTimeoutMs,
    connectionsCheckingInterval: headersTimeoutMs / 4,
    highWaterMark: SOCKET_BYTES,
    shouldUpgradeCallback,
    // It is checked by the listener, for upgrades too.
    requireHostHeader: false,
  };
  if (!certificate) return createServer(options, listener);
  const { current } = certificate;
  const handshakeTimeout = headersTimeoutMs;
  return createTlsServer({ ...options, ...current, handshakeTimeout }, listener);
}

/** WebSocket is the only upgrade; requests for others are answered without one. */
function shouldUpgradeCallback({ headers }: IncomingMessage): boolean {
  return headers.upgrade?.toLowerCase() === 'websocket';
}
