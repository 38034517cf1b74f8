import { endpointUrl, lostReporter, request, type Transport } from './transport.ts';

/** Everything over one WebSocket, in both directions. */
export const webSocket: Transport = (listener) => {
  const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:';
  const token = listener.token();
  const socket = new WebSocket(
    `${scheme}//${location.host}${endpointUrl(listener, 'live')}`,
    token ? ['html', `token.${token}`] : ['html'],
  );
  const stop = new AbortController();
  let isOpened = false;
  socket.onopen = () => {
    isOpened = true;
  };
  socket.onmessage = ({ data }) => listener.onFrame(String(data));
  // A socket blocked by the browser's own policy has an error, and is never closed.
  const fail = () => {
    removeHandlers();
    if (isOpened) listener.onLost();
    else void findReason();
  };
  const removeHandlers = () => {
    socket.onmessage = null;
    socket.onerror = null;
    socket.onclose = null;
  };
  /** The browser hides why a WebSocket was refused; a request reveals it. */
  const findReason = async () => {
    let reason: unknown;
    try {
      await request(listener, endpointUrl(listener, 'messages'), stop.signal);
    } catch (error) {
      reason = error;
    }
    if (!stop.signal.aborted) lostReporter(listener)(reason);
  };
  socket.onerror = fail;
  socket.onclose = fail;
  return {
    close() {
      stop.abort();
      removeHandlers();
      socket.close(1000);
    },
    send: (text) => socket.send(text),
  };
};
