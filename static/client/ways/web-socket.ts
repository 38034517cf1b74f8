import { addressOf, type Way } from './way.ts';

/** Everything over one WebSocket, in both directions. */
export const webSocket: Way = (listener) => {
  const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:';
  const token = listener.token();
  const socket = new WebSocket(
    `${scheme}//${location.host}${addressOf(listener, 'live')}`,
    token ? ['html', `token.${token}`] : ['html'],
  );
  socket.onmessage = ({ data }) => listener.hear(String(data));
  // A socket that the browser's own policy bars has an error, and is never closed.
  const lose = () => {
    hush();
    listener.lose();
  };
  const hush = () => {
    socket.onmessage = null;
    socket.onerror = null;
    socket.onclose = null;
  };
  socket.onerror = lose;
  socket.onclose = lose;
  return {
    close() {
      hush();
      socket.close(1000);
    },
    send: (text) => socket.send(text),
  };
};
