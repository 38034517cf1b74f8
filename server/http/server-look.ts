import type { Middleware } from 'koa';
import type { ServerSettings } from '../auth/server-settings.ts';

/** What the server is called where its owner gave it no name. */
const DEFAULT_NAME = 'Typhoon';

/** Gives the templates the name of the server and its accent, as its owner set them. */
export function serverLook(settings: () => Pick<ServerSettings, 'name' | 'accent'>): Middleware {
  return (ctx, next) => {
    const { name, accent } = settings();
    Object.assign(ctx.state, { serverName: name || DEFAULT_NAME, accent });
    return next();
  };
}
