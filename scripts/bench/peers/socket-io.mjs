import { createServer } from 'node:http';
import { Server } from 'socket.io';
import { listening, newUid, page, Room, render } from './room.mjs';

/* Socket.IO as its documentation has it, with WebSocket only: one emit to all. */

const room = new Room();
const server = createServer(page);
const io = new Server(server, { transports: ['websocket'], serveClient: false });
io.on('connection', (socket) => {
  const uid = newUid();
  socket.emit('uid', uid);
  for (const html of room.history) socket.emit('message', html);
  socket.on('message', ({ message }) => io.emit('message', render(room.post(uid, message))));
});
server.listen(0, '127.0.0.1', () => listening(server.address().port));
