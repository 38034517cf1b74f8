import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';
import { listening, newUid, page, Room, render } from './room.mjs';

/* The shape of Tornado's example: each message is rendered for each waiter, and sent to each. */

const room = new Room();
const waiters = new Set();
const server = createServer(page);
new WebSocketServer({ server, path: '/chat', perMessageDeflate: false }).on(
  'connection',
  (socket) => {
    const uid = newUid();
    socket.send(uid);
    for (const html of room.history) socket.send(html);
    waiters.add(socket);
    socket.on('message', (data) => {
      const message = room.post(uid, JSON.parse(String(data)).message);
      for (const waiter of waiters) waiter.send(render(message));
    });
    socket.on('error', () => {});
    socket.on('close', () => waiters.delete(socket));
  },
);
server.listen(0, '127.0.0.1', () => listening(server.address().port));
