import type Router from 'koa-router';
import { z } from 'zod';
import type { Identity } from '../../auth/identity.ts';
import { ROOM_CREATORS } from '../../auth/server-settings.ts';
import { ChatError } from '../../core/errors.ts';
import { readFields } from '../../http/request/body.ts';
import { redirectOrJson } from '../../http/respond.ts';
import { accents } from '../../shared/accents.ts';
import { maxUnits } from '../../shared/length.ts';
import type { ChatLog } from '../change.ts';
import { flag, line } from '../fields.ts';
import type { ChatRooms } from '../rooms/chat-rooms.ts';
import type { Store } from '../store.ts';
import { assertOwner, show } from './admin-page.ts';

/** A name for the header of a phone, in characters. */
const MAX_SERVER_NAME = 30;

/** What is missing of the look stays as it is. */
const settingsSchema = z.object({
  roomCreators: z.enum(ROOM_CREATORS),
  guestsMayWrite: flag.default(false),
  name: line(maxUnits(MAX_SERVER_NAME))
    .refine((name) => [...name].length <= MAX_SERVER_NAME)
    .optional(),
  accent: z.enum(accents).optional(),
});

interface Parts {
  readonly identity: Identity;
  readonly rooms: ChatRooms;
  readonly log: ChatLog;
  readonly queries: Pick<Store['queries'], 'serverSettings'>;
}

/** What the owner sets for all rooms. */
export function serverSettingsRoutes(
  router: Router,
  { identity, rooms, log, queries }: Parts,
): void {
  router.get('/admin/settings', async (ctx) => {
    await assertOwner(ctx, identity);
    const settings = await queries.serverSettings();
    const saved = ctx.query.done !== undefined;
    const choices = { roomCreators: ROOM_CREATORS, accents, maxName: MAX_SERVER_NAME };
    await show(ctx, 'settings', { settings, saved, ...choices });
  });

  /**
   * Sets who can create rooms (`roomCreators`), whether guests may write (`guestsMayWrite`), and the `name` and
   * the `accent` of the server.
   */
  router.post('/admin/settings', async (ctx) => {
    const fields = await readFields(ctx.req);
    const { session } = await assertOwner(ctx, identity);
    const given = settingsSchema.safeParse(fields).data;
    if (!given) throw new ChatError('bad-request');
    const before = rooms.serverSettings;
    const { name = before.name, accent = before.accent } = given;
    const settings = { ...given, name, accent };
    await log.append({ kind: 'server-settings-changed', session, settings });
    redirectOrJson(ctx, '/admin/settings?done', settings);
  });
}
