import type Router from 'koa-router';
import { readCommand } from '../chat/command.ts';
import { readFields } from '../edge/body.ts';
import type { Limits } from '../edge/limiter.ts';
import { wantsJson } from '../edge/query.ts';
import { Refusal } from '../errors.ts';
import { html, json } from '../render/speech.ts';
import { isKeeper } from '../store/settings.ts';
import { type EntryParts, enter, enterAs } from './entry.ts';
import { lead } from './guest.ts';
import { pathOf } from './rooms.ts';

interface Parts extends EntryParts {
  /** How much may be done from one address. */
  readonly limits: Limits;
}

/** Keeping the peace of a room, and saying that one is there. */
export function acts(router: Router, parts: Parts): void {
  const { people, limits } = parts;

  /** Does something to the room: `do`, and what that needs. */
  router.post('/rooms/:room/acts', async (ctx) => {
    if (!limits.take(people.address(ctx.req))) throw new Refusal('slow-down');
    const command = readCommand(await readFields(ctx.req));
    if (command.do === 'say') throw new Refusal('bad-act');
    const { room, person } = await enterAs(ctx, parts);
    await room.do(command, person);
    const { uid, token } = person;
    // Who has handed the room over does not keep it any more.
    const end = isKeeper(room.settings, person) ? '/keep' : '';
    lead(ctx, pathOf(room.name) + end, { visitor: { uid, token } });
  });

  /** Who is here, and how the room is kept. */
  router.get('/rooms/:room/people', async (ctx) => {
    const { room } = await enter(ctx, parts);
    ctx.set('Cache-Control', 'no-store');
    ctx.vary('Accept');
    const isJson = wantsJson(ctx.req);
    ctx.type = isJson ? 'json' : 'html';
    ctx.body = isJson
      ? `[${json.aside(room.surroundings).join(',')}]`
      : html.aside(room.surroundings).join('');
  });

  /** How the room is kept, for those who keep it. */
  router.get('/rooms/:room/keep', async (ctx) => {
    const { room, person } = await enter(ctx, parts);
    if (!person || !isKeeper(room.settings, person)) throw new Refusal('not-keeper');
    ctx.set('Cache-Control', 'no-store');
    await ctx.render('keep', {
      room: room.name,
      path: pathOf(room.name),
      settings: room.settings,
      people: room.surroundings.people.filter(({ uid }) => uid !== person.uid),
      person,
    });
  });
}
