import { fileURLToPath } from 'node:url';
import Koa from 'koa';
import files from 'koa-static';
import views from 'koa-views';
import type { Logger } from 'pino';
import type { Lobby } from '../chat/lobby.ts';
import type { Config } from '../config.ts';
import { templatesFolder } from '../render/templates.ts';
import type { Assets } from './assets.ts';
import { errors } from './errors.ts';
import { guard } from './guard.ts';
import { headers } from './headers.ts';
import { language } from './language.ts';
import { rooms } from './rooms.ts';

const staticFolder = fileURLToPath(new URL('../../static/public/', import.meta.url));

interface Parts {
  readonly config: Config;
  readonly lobby: Lobby;
  readonly assets: Assets;
  readonly logger: Logger;
}

/** All that is answered over plain HTTP. */
export function createPages({ config, lobby, assets, logger }: Parts): Koa {
  const koa = new Koa();
  koa.on('error', (error) => logger.error(error, 'an answer failed'));
  const router = rooms(lobby);
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
  koa.use(files(staticFolder, { maxage: 60 * 60 * 1000 }));
  koa.use(router.routes());
  koa.use(router.allowedMethods());
  return koa;
}
