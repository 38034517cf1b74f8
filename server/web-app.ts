import { fileURLToPath } from 'node:url';
import Koa from 'koa';
import Router from 'koa-router';
import files from 'koa-static';
import views from 'koa-views';
import type { Logger } from 'pino';
import type { AccessPasses } from './auth/access-passes.ts';
import type { Guests } from './auth/guests.ts';
import type { Config } from './config.ts';
import type { Bus } from './core/bus.ts';
import type { Counters } from './core/counters.ts';
import type { PublishedLog } from './core/log.ts';
import { accountRoutes } from './features/accounts/routes.ts';
import { type AdminParts, adminRoutes } from './features/administration/admin-routes.ts';
import { type OwnerParts, ownerRoutes } from './features/administration/owner-routes.ts';
import type { FileStore } from './features/attachments/file-store.ts';
import { fileRoutes } from './features/attachments/routes.ts';
import { commandRoutes } from './features/command-routes.ts';
import { erasureRoutes } from './features/erasure/routes.ts';
import { membershipRoutes } from './features/memberships/routes.ts';
import { messagePageRoutes } from './features/messages/message-page.ts';
import { plainRoutes } from './features/messages/plain-routes.ts';
import { messageRoutes } from './features/messages/routes.ts';
import { pollRoutes } from './features/polls/routes.ts';
import { projectorRoutes } from './features/projector/routes.ts';
import { roomSettingsRoutes } from './features/room-settings/routes.ts';
import { joinRoutes } from './features/rooms/join-routes.ts';
import { panelRoutes } from './features/rooms/panel-routes.ts';
import { roomPasswordRoutes } from './features/rooms/password-routes.ts';
import { redirectToRoomName } from './features/rooms/redirect-to-room-name.ts';
import { type RoomContextParts, recheckAccess } from './features/rooms/room-context.ts';
import { roomListRoutes } from './features/rooms/room-list.ts';
import { prefetchRoutes } from './features/rooms/room-prefetch.ts';
import { roomRoutes } from './features/rooms/routes.ts';
import { searchRoutes } from './features/search/routes.ts';
import { settingsRoutes } from './features/settings/routes.ts';
import type { StoreReader } from './features/store.ts';
import { transportLabRoutes } from './features/transport-lab/routes.ts';
import type { TrafficMeters } from './features/transport-lab/traffic-meters.ts';
import { appearance } from './http/appearance.ts';
import type { Assets } from './http/assets.ts';
import { compressed } from './http/compress.ts';
import { csrfGuard } from './http/csrf.ts';
import { errors } from './http/errors.ts';
import { type JoinOrigins, offerJoinOrigins } from './http/join-origins.ts';
import { localize } from './http/language.ts';
import { createRateLimits, limitRequests } from './http/rate-limits.ts';
import { readYourWrites } from './http/read-your-writes.ts';
import { queryOf } from './http/request/query.ts';
import { embeddable, headers, permissions } from './http/security-headers.ts';
import { serverLook } from './http/server-look.ts';
import { serverPasswordGuard, serverPasswordRoutes } from './http/server-password.ts';
import { sliced } from './http/sliced.ts';
import type { SendLimits } from './limits/send-limits.ts';
import { templatesFolder } from './templates.ts';

const staticFolder = fileURLToPath(new URL('../static/public/', import.meta.url));

interface WebAppParts extends RoomContextParts, OwnerParts, AdminParts {
  /** The log that other nodes write as well, in a cluster. */
  readonly sharedLog: PublishedLog | undefined;
  readonly queries: StoreReader['queries'];
  readonly config: Config;
  /** To the other nodes or workers, if there are any. */
  readonly bus: Bus | undefined;
  /** Origins whose pages may use the server, besides its own. */
  readonly origins: ReadonlySet<string>;
  readonly guests: Guests;
  readonly accessPasses: AccessPasses;
  readonly sendLimits: SendLimits;
  readonly meters: TrafficMeters;
  readonly counters: Counters;
  readonly files: FileStore;
  readonly assets: Assets;
  readonly joinOrigins: JoinOrigins;
  readonly bodyIdleTimeoutMs: number;
  readonly logger: Logger;
}

/** Whether a client left, was cut off or sent invalid HTTP: nothing is wrong with the server. */
function isConnectionError({ code }: NodeJS.ErrnoException): boolean {
  return /^(ECONN|EPIPE|HPE_|ERR_HTTP_REQUEST_TIMEOUT|ERR_STREAM_PREMATURE_CLOSE|ERR_STREAM_UNABLE_TO_PIPE)/.test(
    code ?? '',
  );
}

/** Everything that is served over plain HTTP. */
export function createWebApp(parts: WebAppParts): Koa {
  const { config, assets, logger, meters } = parts;
  const koa = new Koa();
  // Koa's own parser takes quadratic time in the number of parameters.
  Object.defineProperty(koa.request, 'query', {
    get(this: Koa.Request) {
      return queryOf(this.req);
    },
  });
  // A proxy of ours sets X-Forwarded-Proto where there is TLS: cookies are `Secure` then.
  koa.proxy = config.trustProxy > 0;
  koa.on('error', (error) =>
    logger[isConnectionError(error) ? 'debug' : 'error'](error, 'an answer failed'),
  );
  koa.use(sliced);
  koa.use(compressed);
  koa.use(headers);
  // Before half a kilobyte of headers that only documents have a use for.
  koa.use(assets.serve);
  koa.use(permissions);
  koa.use(embeddable(config.frameAncestors));
  koa.use(
    views(fileURLToPath(templatesFolder), {
      map: { html: 'ejs' },
      options: {
        cache: true,
        assets,
        maxFile: config.maxUploadMiB,
        keepDays: config.keepDays,
      },
    }),
  );
  koa.use(localize(config.language));
  koa.use(appearance);
  koa.use(serverLook(() => parts.rooms.serverSettings));
  koa.use(offerJoinOrigins(parts.joinOrigins, parts.identity));
  koa.use(errors(parts.browsers, parts.counters, logger));
  koa.use(csrfGuard(parts.origins));
  koa.use(files(staticFolder, { maxage: 60 * 60 * 1000 }));
  const limits = createRateLimits(config.rateLimits, parts.bus);
  const settingsOf = async (room: string) => (await parts.rooms.open(room)).settings;
  koa.use(limitRequests({ ...parts, limits, settingsOf }));
  koa.use(serverPasswordGuard(parts));
  if (parts.sharedLog) koa.use(readYourWrites(parts.sharedLog));
  koa.use(redirectToRoomName(parts.rooms));
  const router = new Router({ sensitive: true });
  serverPasswordRoutes(router, parts);
  roomRoutes(router, parts);
  roomPasswordRoutes(router, parts);
  const fileParts = { ...parts, fileLimits: limits.files };
  messageRoutes(router, fileParts);
  fileRoutes(router, fileParts);
  plainRoutes(router, parts);
  messagePageRoutes(router, parts);
  commandRoutes(router, fileParts);
  roomSettingsRoutes(router, parts);
  pollRoutes(router, { ...parts, limits: limits.voteHistories });
  projectorRoutes(router, parts);
  panelRoutes(router, parts);
  prefetchRoutes(router);
  searchRoutes(router, { ...parts, limits: limits.searches });
  membershipRoutes(router, parts);
  roomListRoutes(router, { ...parts, limits: limits.rooms });
  joinRoutes(router, { ...parts, limits: limits.joinCodes });
  accountRoutes(router, { ...parts, moderatorKey: config.moderatorKey });
  ownerRoutes(router, parts);
  adminRoutes(router, parts);
  settingsRoutes(router, parts);
  erasureRoutes(router, { ...parts, limits: limits.ownData });
  transportLabRoutes(router, meters);
  koa.use(recheckAccess);
  koa.use(router.routes());
  koa.use(router.allowedMethods());
  return koa;
}
