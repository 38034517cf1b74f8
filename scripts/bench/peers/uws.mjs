import { createRequire } from 'node:module';
import { listening, newUid, page, Room, render } from './room.mjs';

/*
 * uWebSockets.js as its documentation has it: one publish to a topic. What is on npm is version
 * 20.30, of 2023, with binaries for Node 20 and older.
 */

const require = createRequire(import.meta.url);
const uws = require('@trufflesuite/uws-js-unofficial');
const room = new Room();
const app = uws.App().ws('/chat', {
  maxBackpressure: 16 * 1024 * 1024,
  open(socket) {
    socket.getUserData().uid = newUid();
    socket.send(socket.getUserData().uid);
    for (const html of room.history) socket.send(html);
    socket.subscribe('room');
  },
  message(socket, data) {
    const { message } = JSON.parse(Buffer.from(data).toString());
    app.publish('room', render(room.post(socket.getUserData().uid, message)));
  },
});
app.get('/', (response, request) => page(request, response));
app.listen('127.0.0.1', 0, (socket) => listening(uws.us_socket_local_port(socket)));
