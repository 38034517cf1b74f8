import type Router from 'koa-router';
import { type AccessPasses, ROOM_PASS, roomPassId } from '../../auth/access-passes.ts';
import type { BrowserCookies } from '../../auth/browsers.ts';
import { setCookieOf } from '../../http/cookies.ts';
import { readFields } from '../../http/request/body.ts';
import {
  afterPassword,
  redirectOrJson,
  rememberBrowser,
  safeRedirect,
  stringField,
} from '../../http/respond.ts';
import { roomPath } from '../../shared/routes.ts';
import type { RoomContextParts } from './room-context.ts';

const MONTH_MS = 30 * 24 * 60 * 60 * 1000;
/** Room passes in one browser: about 75 bytes each, with every request. */
const PASSES = { start: ROOM_PASS, most: 20 } as const;

interface Parts extends RoomContextParts {
  readonly browsers: BrowserCookies;
  readonly accessPasses: AccessPasses;
}

/** Access to a room with a password. */
export function roomPasswordRoutes(router: Router, parts: Parts): void {
  const { browsers, rooms, identity, roomAccess, accessPasses } = parts;

  /** Submits the password of a room. */
  router.post('/rooms/:room/password', async (ctx) => {
    const fields = await readFields(ctx.req);
    const room = await rooms.open(ctx.params.room);
    const path = roomPath(room.name);
    const next = safeRedirect(stringField(fields, 'next'), path);
    roomAccess.submitPassword(
      room,
      stringField(fields, 'password'),
      ctx.req,
      identity.address(ctx.req),
      next,
    );
    const { passwordHash } = room.settings;
    if (passwordHash !== null) {
      const pass = accessPasses.issueRoomPass(room.name, passwordHash);
      setCookieOf(ctx, PASSES, roomPassId(room.name), pass, MONTH_MS);
      rememberBrowser(ctx, browsers, `room ${room.name}`);
    }
    redirectOrJson(ctx, afterPassword(ctx, next), {});
  });
}
