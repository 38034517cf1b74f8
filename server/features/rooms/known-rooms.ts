import type { Context } from 'koa';
import { deleteCookie, setCookie, YEAR_MS } from '../../http/cookies.ts';
import { readCookie } from '../../http/request/cookies.ts';
import { isRoomName } from '../../shared/room-name.ts';

const COOKIE = 'rooms';
/** Rooms that are remembered; the least recently visited is dropped. */
const MAX_ROOMS = 12;
/** The cookie is sent with each request. */
const MAX_BYTES = 800;

/**
 * The rooms that this browser has visited, from a cookie: so they are listed without scripts, too.
 * Only the names are in it, as the client sent them: they show nothing that it does not know.
 */
export function knownRooms({ req, state }: Context): readonly string[] {
  // A page of a room asks twice.
  state.visitedRooms ??= parse(readCookie(req, COOKIE) ?? '');
  return state.visitedRooms;
}

function parse(cookie: string): readonly string[] {
  const names = cookie.split('.', MAX_ROOMS);
  return [...new Set(names.map(decoded).filter(isRoomName))];
}

/**
 * Remembers a visited room as the latest; but not one that another site led to: it could otherwise
 * choose what the next pages have in them, see compress.ts.
 */
export function rememberRoom(ctx: Context, room: string): void {
  const before = knownRooms(ctx);
  if (before[0] === room || ctx.get('Sec-Fetch-Site') === 'cross-site') return;
  const names = [room, ...before.filter((name) => name !== room)].slice(0, MAX_ROOMS);
  while (cookieText(names).length > MAX_BYTES) names.pop();
  setCookie(ctx, COOKIE, cookieText(names), YEAR_MS);
}

/** Forgets the rooms that this browser has visited. */
export function forgetRooms(ctx: Context): void {
  deleteCookie(ctx, COOKIE);
}

/** A name has no point. */
function cookieText(names: readonly string[]): string {
  return names.map(encodeURIComponent).join('.');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}
