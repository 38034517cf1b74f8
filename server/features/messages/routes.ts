import type { Context } from 'koa';
import type Router from 'koa-router';
import type { Guests } from '../../auth/guests.ts';
import type { User } from '../../auth/user.ts';
import { ChatError } from '../../core/errors.ts';
import type { HistoryPage } from '../../core/history-pages.ts';
import { acceptedFormat } from '../../http/request/accepted-format.ts';
import { readFields } from '../../http/request/body.ts';
import { isMultipart } from '../../http/request/multipart.ts';
import { readNumber } from '../../http/request/query.ts';
import { languageFor, respond, setErrorHeaders, stringField, typeFor } from '../../http/respond.ts';
import { pollFormPath } from '../../shared/poll-commands.ts';
import { roomPath } from '../../shared/routes.ts';
import { type FileParts, type ParsedForm, readFormWithFiles } from '../attachments/routes.ts';
import { withFreshId } from '../client-id.ts';
import { parseCommand } from '../command.ts';
import type { ChatRoom } from '../rooms/chat-room.ts';
import { openRoom, openRoomAsUser, type RoomContextParts } from '../rooms/room-context.ts';
import { showRoom } from '../rooms/room-page.ts';
import type { PostMessage } from './commands.ts';
import { MAX_ID, PAGE } from './history-query.ts';

interface Parts extends FileParts {
  readonly guests: Guests;
}

/** The messages of a room: its history, and posting a message, by form or as JSON. */
export function messageRoutes(router: Router, parts: Parts): void {
  const { guests } = parts;

  /**
   * A page of the history, oldest first, with at most `limit` messages and a limited number of
   * bytes: the latest, those before the message `before`, or those after the message `since`. Links
   * lead to the pages before and after it.
   */
  router.get('/rooms/:room/messages', async (ctx) => {
    const before = readNumber('before', ctx.query.before, { min: 1, max: MAX_ID });
    const since = readNumber('since', ctx.query.since, { min: 0, max: MAX_ID });
    const limit = readNumber('limit', ctx.query.limit, { min: 1, max: PAGE.max }) ?? PAGE.default;
    const { room, address } = await openRoom(ctx, parts);
    const type = typeFor(ctx);
    const reader = { type, address };
    const page =
      since === undefined
        ? await room.history.pages.before(before ?? MAX_ID, limit, reader)
        : await room.history.pages.after(since, limit, reader);
    const texts = page.fragments.map((fragment) => fragment.text(type));
    linkAround(ctx, page, limit);
    respond(ctx, type === 'json' ? `{"messages":[${texts.join(',')}]}` : texts.join(''));
  });

  /** Posts a message: answered when it is committed, in the requested format. */
  router.post('/rooms/:room/messages', async (ctx) => {
    const plain: ParsedForm | undefined = isMultipart(ctx.req)
      ? undefined
      : { fields: await readFields(ctx.req) };
    const entered = await openRoomAsUser(ctx, parts);
    const { room, user, recheck } = entered;
    const form = plain ?? (await readFormWithFiles(ctx, parts, entered));
    const wanted = acceptedFormat(ctx.req);
    if (wanted === 'html') {
      // The response may be the page of the room.
      ctx.state.check = recheck;
      return postFromForm(ctx, parts, room, form, user);
    }
    if (form.fileError) throw form.fileError;
    const { change, isNew } = (await room.execute(parsePost(form.fields), user)) ?? {};
    if (!change?.message) throw new ChatError('missing-message');
    const type = wanted === 'json' ? 'json' : languageFor(ctx);
    const { uid, token, address } = user;
    const rendered = await room.history.pages.text(change.message, { type, address });
    ctx.status = isNew ? 201 : 200;
    ctx.type = type === 'json' ? 'json' : 'html';
    ctx.body =
      type === 'json'
        ? `{"message":${rendered},"guest":${JSON.stringify({ uid, token })}}`
        : `${rendered}\n`;
  });

  /** The names of users who wrote in the room, for mentions of who is not online. */
  router.get('/rooms/:room/writers', async (ctx) => {
    const { room } = await openRoom(ctx, parts);
    ctx.set('Cache-Control', 'no-store');
    ctx.body = { names: await room.writers() };
  });

  /** Creates a guest for a tab that has no uid, and no WebSocket to get one. */
  router.post('/guests', (ctx) => {
    ctx.status = 201;
    ctx.body = guests.issue();
  });
}

/** Links to the pages before and after this one (RFC 8288). */
function linkAround(
  ctx: Context,
  { fragments, hasOlder, hasNewer }: HistoryPage,
  limit: number,
): void {
  const [first, last] = [fragments.at(0)?.id, fragments.at(-1)?.id];
  const older = hasOlder && first ? [`<?before=${first}&limit=${limit}>; rel="prev"`] : [];
  const newer = hasNewer && last ? [`<?since=${last}&limit=${limit}>; rel="next"`] : [];
  if (older.length + newer.length > 0) ctx.set('Link', [...older, ...newer].join(', '));
}

/** Other commands of a room have their own endpoint. */
function parsePost(fields: unknown): PostMessage {
  const command = parseCommand(fields);
  if (command.type !== 'post-message') throw new ChatError('missing-message');
  return command;
}

/** Redirects to the room; after an error, shows it with the text still in the form. */
async function postFromForm(
  ctx: Context,
  parts: RoomContextParts,
  room: ChatRoom,
  { fields, fileError }: ParsedForm,
  person: User,
) {
  try {
    if (fileError) throw fileError;
    const post = parsePost(fields);
    await withFreshId(post.cid, (cid) => room.execute({ ...post, cid }, person));
    ctx.status = 303;
    ctx.redirect(roomPath(room.name));
  } catch (error) {
    if (!(error instanceof ChatError)) throw error;
    setErrorHeaders(ctx, error);
    const draft = stringField(fields, 'message');
    const notice = ctx.state.t(error.code, error.details);
    const pollForm = pollFormPath(room.name, draft, error.code);
    const shown = { person, who: person, address: person.address, draft, notice, pollForm };
    await showRoom(ctx, parts, room, shown);
  }
}
