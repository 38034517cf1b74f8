import type { Context, Middleware } from 'koa';
import { setCookie, YEAR_MS } from './cookies.ts';
import { readCookie } from './request/cookies.ts';

const COOKIE = 'appearance';

const themes = ['system', 'light', 'dark'] as const;
const densities = ['cosy', 'compact'] as const;

/** How pages look in this browser; every template has it. The first of each is the default. */
export interface Appearance {
  readonly theme: (typeof themes)[number];
  readonly density: (typeof densities)[number];
}

/** Anything unknown is the default. */
export function parseAppearance(theme: string, density: string): Appearance {
  return {
    theme: themes.find((name) => name === theme) ?? themes[0],
    density: densities.find((name) => name === density) ?? densities[0],
  };
}

/** Gives the templates the appearance, from a cookie: so a page has it from the start, without scripts too. */
export const appearance: Middleware = (ctx, next) => {
  const [theme = '', density = ''] = (readCookie(ctx.req, COOKIE) ?? '').split('.');
  Object.assign(ctx.state, parseAppearance(theme, density));
  return next();
};

export function setAppearance(ctx: Context, { theme, density }: Appearance): void {
  setCookie(ctx, COOKIE, `${theme}.${density}`, YEAR_MS);
}
