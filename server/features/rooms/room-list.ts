import type Router from 'koa-router';
import { tokenOf } from '../../auth/identity.ts';
import { hashWord } from '../../auth/room-password.ts';
import { Refusal } from '../../core/errors.ts';
import { readFields } from '../../http/request/body.ts';
import { wantsJson } from '../../http/request/query.ts';
import { lead, signedIn, text } from '../../http/respond.ts';
import type { EntryParts } from '../../http/room-context.ts';
import type { AddressLimits } from '../../limits/rate-limiter.ts';
import { pathOf } from '../../shared/routes.ts';
import { readMade } from '../command.ts';
import { readRoomName } from './room-name.ts';

const MOST_LISTED = 100;

interface Parts extends EntryParts {
  /** How many rooms may be made from one address. */
  readonly limits: AddressLimits;
}

/** The page of the open rooms, and making one's own. */
export function list(router: Router, { lobby, people, limits }: Parts): void {
  /** The open rooms; or, where a form asks for one by its `name`, the way there. */
  router.get('/rooms', async (ctx) => {
    if (ctx.query.name !== undefined) {
      ctx.redirect(pathOf(readRoomName(String(ctx.query.name).trim())));
      return;
    }
    const rooms = await lobby.listed(MOST_LISTED);
    ctx.set('Cache-Control', 'no-store');
    if (wantsJson(ctx.req)) {
      ctx.body = { rooms };
      return;
    }
    const person = await people.find(ctx.req, tokenOf(ctx.req));
    await ctx.render('rooms', { rooms, pathOf, person: signedIn(person) });
  });

  router.get('/random', async (ctx) => {
    const rooms = await lobby.listed(MOST_LISTED);
    const room = rooms[Math.floor(Math.random() * rooms.length)];
    ctx.set('Cache-Control', 'no-store');
    ctx.redirect(pathOf(room?.name ?? 'lobby'));
  });

  /** Makes a room one's own: `name`, and if one likes `topic`, `word` and `listed`. */
  router.post('/rooms', async (ctx) => {
    const person = await people.find(ctx.req, undefined);
    const fields = await readFields(ctx.req);
    if (!person?.session) throw new Refusal('needs-name');
    const name = readRoomName(text(fields, 'name').trim());
    const { topic, word, listed } = readMade(fields);
    if (!limits.take(person.address)) throw new Refusal('slow-down');
    const room = await lobby.room(name);
    await room.make(person, { topic, isListed: listed, word: hashWord(word) });
    ctx.status = 201;
    lead(ctx, pathOf(name), { name });
  });
}
