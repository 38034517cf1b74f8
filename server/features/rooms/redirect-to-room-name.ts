import type { Middleware } from 'koa';
import { acceptedFormat } from '../../http/request/accepted-format.ts';
import { roomOf, roomPath } from '../../shared/routes.ts';
import type { ChatRooms } from './chat-rooms.ts';

/**
 * Redirects a browser that opens a page of a room at an address in another spelling. Everything else
 * reaches the room at any of its addresses.
 */
export function redirectToRoomName(rooms: ChatRooms): Middleware {
  return (ctx, next) => {
    const name = roomOf(`${ctx.path}/`);
    const isPage = /^(?:GET|HEAD)$/.test(ctx.method) && acceptedFormat(ctx.req) === 'html';
    if (name === undefined || !isPage) return next();
    // Where the address is invalid, the page says so.
    const actual = rooms.nameAt(name);
    if (actual === undefined || actual === name) return next();
    const [, , , ...rest] = ctx.path.split('/');
    ctx.status = 308;
    ctx.redirect([roomPath(actual), ...rest].join('/') + ctx.search);
    return undefined;
  };
}
