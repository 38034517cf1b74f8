import { createServer } from 'node:http';
import { createClient } from '@redis/client';
import { createAdapter } from '@socket.io/redis-adapter';
import { Server } from 'socket.io';
import { listening, newUid, page, Room, render } from './room.mjs';

/* A node of several, as in the documentation of Socket.IO's Redis adapter: one emit to the clients of all nodes. */

// By default a command that takes five seconds ends an overloaded node: it is measured as it is.
const commandOptions = { timeout: undefined };
const publisher = createClient({ url: process.env.REDIS_URL, commandOptions });
const subscriber = publisher.duplicate();
await Promise.all([publisher.connect(), subscriber.connect()]);

const room = new Room();
const server = createServer(page);
const adapter = createAdapter(publisher, subscriber);
const io = new Server(server, { adapter, transports: ['websocket'], serveClient: false });
io.on('connection', (socket) => {
  const uid = newUid();
  socket.emit('uid', uid);
  socket.on('message', ({ message }) => io.emit('message', render(room.post(uid, message))));
});
server.listen(0, '127.0.0.1', () => listening(server.address().port));
