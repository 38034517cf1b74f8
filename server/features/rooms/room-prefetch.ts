import type { Context } from 'koa';
import type Router from 'koa-router';

const PATH = '/speculation-rules.json';
/** A link that the user points at, or presses, is fetched before it is followed. */
const RULES = {
  prefetch: [
    { where: { selector_matches: '#room-links a:not([aria-current])' }, eagerness: 'moderate' },
  ],
};

/** Whether the page is opened from another one of this server, whose scripts it shares. */
export function isFromHere(ctx: Context): boolean {
  // Chromium sends `none` with a prefetch.
  return ctx.get('Sec-Fetch-Site') === 'same-origin' || ctx.get('Sec-Purpose') === 'prefetch';
}

/**
 * Lets the browser fetch the pages of other rooms in the sidebar ahead (WICG, Speculation Rules). What
 * is posted until such a page is shown follows its cursor.
 */
export function prefetchRooms(ctx: Context): void {
  ctx.set('Speculation-Rules', `"${PATH}"`);
}

export function prefetchRoutes(router: Router): void {
  router.get(PATH, (ctx) => {
    ctx.set('Cache-Control', 'public, max-age=3600');
    ctx.body = JSON.stringify(RULES);
    ctx.type = 'application/speculationrules+json';
  });
}
