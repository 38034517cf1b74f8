import type { Context, Middleware } from 'koa';
import { panelTabs } from '../shared/panel-tabs.ts';
import { mediaOfTheme, type Theme, themes } from '../shared/themes.ts';
import { setCookie, YEAR_MS } from './cookies.ts';
import { readCookie } from './request/cookies.ts';

const COOKIE = 'appearance';

const densities = ['cosy', 'compact'] as const;
const panels = [...panelTabs, 'closed'] as const;

/** How pages look in this browser; every template has it. The first of each is the default. */
export interface Appearance {
  readonly theme: Theme;
  readonly density: (typeof densities)[number];
  /** What the panel beside the messages of a room shows, on a screen that is wide enough for it. */
  readonly panel: (typeof panels)[number];
}

/** Anything unknown is the default. */
export function parseAppearance(theme: string, density: string, panel: string): Appearance {
  return {
    theme: themes.find((name) => name === theme) ?? themes[0],
    density: densities.find((name) => name === density) ?? densities[0],
    panel: panels.find((name) => name === panel) ?? panels[0],
  };
}

/** Gives the templates the appearance, from a cookie: so a page has it from the start, without scripts too. */
export const appearance: Middleware = (ctx, next) => {
  const [theme = '', density = '', panel = ''] = (readCookie(ctx.req, COOKIE) ?? '').split('.');
  const chosen = parseAppearance(theme, density, panel);
  Object.assign(ctx.state, chosen, { media: mediaOfTheme[chosen.theme] });
  return next();
};

export function setAppearance(ctx: Context, { theme, density, panel }: Appearance): void {
  setCookie(ctx, COOKIE, `${theme}.${density}.${panel}`, YEAR_MS);
}
