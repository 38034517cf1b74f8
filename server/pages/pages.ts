import { fileURLToPath } from 'node:url';
import Koa from 'koa';
import Router from 'koa-router';
import files from 'koa-static';
import views from 'koa-views';
import type { Logger } from 'pino';
import type { Lobby } from '../chat/lobby.ts';
import type { Config } from '../config.ts';
import { Limits, NO_LIMIT, type Rate } from '../edge/limiter.ts';
import type { Meters } from '../edge/meter.ts';
import type { Visitors } from '../people/visitor.ts';
import { templatesFolder } from '../render/templates.ts';
import type { Assets } from './assets.ts';
import { errors } from './errors.ts';
import { guard } from './guard.ts';
import { headers } from './headers.ts';
import { language } from './language.ts';
import { messages } from './messages.ts';
import { rooms } from './rooms.ts';
import { transports } from './transports.ts';

/** Messages that may come by POST from one address: a class behind one router shares it. */
const POSTS: Rate = { burst: 100, perSecond: 20 };

const staticFolder = fileURLToPath(new URL('../../static/public/', import.meta.url));

interface Parts {
  readonly config: Config;
  readonly lobby: Lobby;
  readonly visitors: Visitors;
  readonly meters: Meters;
  readonly assets: Assets;
  readonly logger: Logger;
}

/** Whether a client went away, was cut off or sent what is no HTTP: nothing is wrong with the server. */
function isOfTheLine({ code }: NodeJS.ErrnoException): boolean {
  return /^(ECONN|EPIPE|HPE_|ERR_HTTP_REQUEST_TIMEOUT|ERR_STREAM_PREMATURE_CLOSE)/.test(code ?? '');
}

/** All that is answered over plain HTTP. */
export function createPages({ config, lobby, visitors, meters, assets, logger }: Parts): Koa {
  const koa = new Koa();
  koa.on('error', (error) =>
    logger[isOfTheLine(error) ? 'debug' : 'error'](error, 'an answer failed'),
  );
  koa.use(headers);
  koa.use(
    views(fileURLToPath(templatesFolder), {
      map: { html: 'ejs' },
      options: { cache: true, assets },
    }),
  );
  koa.use(language);
  koa.use(errors(logger));
  koa.use(guard(config.origins));
  koa.use(assets.serve);
  const router = new Router({ sensitive: true });
  rooms(router, lobby);
  messages(router, { lobby, visitors, limits: new Limits(config.limits ? POSTS : NO_LIMIT) });
  transports(router, meters);
  koa.use(router.routes());
  koa.use(router.allowedMethods());
  koa.use(files(staticFolder, { maxage: 60 * 60 * 1000 }));
  return koa;
}
