import type Router from 'koa-router';
import { canDelete, canEdit } from '../../auth/permissions.ts';
import { authorFor } from '../../auth/user.ts';
import { ChatError } from '../../core/errors.ts';
import { readNumber } from '../../http/request/query.ts';
import { typeFor } from '../../http/respond.ts';
import { writeDenialView } from '../moderation/own-mute.ts';
import { openRoom, type RoomContextParts } from '../rooms/room-context.ts';
import { roomView } from '../rooms/room-view.ts';
import { MAX_ID } from './history-query.ts';
import { withUtcTimes } from './utc-times.ts';

/** One message, with its actions. */
export function messagePageRoutes(router: Router, parts: RoomContextParts): void {
  router.get('/rooms/:room/messages/:id', async (ctx) => {
    const { room, user, who, address } = await openRoom(ctx, parts);
    const id = readNumber('id', ctx.params.id, { min: 1, max: MAX_ID }) ?? 0;
    const message = await room.history.message(id);
    if (!message || message.kind === 'system') throw new ChatError('no-such-message');
    const author = authorFor(user, message.uid);
    const type = typeFor(ctx);
    const shown = await room.history.pages.text(message, { type, address });
    ctx.set('Cache-Control', 'no-store');
    ctx.vary('Accept');
    if (type === 'json') {
      ctx.type = 'json';
      ctx.body = shown;
      return;
    }
    await ctx.render('message-page', {
      ...roomView(room),
      id,
      message: withUtcTimes(shown),
      body: message.body,
      isDeleted: message.kind === 'deleted',
      writeDenial: writeDenialView(room.settings, who, Date.now()),
      mayBeEmpty: message.files !== null,
      mayEdit: user !== undefined && canEdit(user, author) && message.kind === 'message',
      mayReport: user === undefined || author.uid !== user.uid,
      mayDelete: user !== undefined && canDelete(room.settings, user, author),
    });
  });
}
