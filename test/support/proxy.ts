import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import type { TestContext } from 'node:test';
import { TLS } from './tls.ts';

interface Options {
  /** Changes the headers of the server's responses. */
  readonly headers?: (headers: IncomingHttpHeaders) => IncomingHttpHeaders;
  /** A script that runs in each page before its own. */
  readonly script?: string;
  /** What happens to upgrades: forwarded, refused, or accepted and never answered. */
  upgrades?: 'forward' | 'refuse' | 'ignore';
  /** Whether browsers connect over TLS, which the server sees in `X-Forwarded-Proto`. */
  readonly tls?: boolean;
  /** Whether the server's data on upgraded connections is dropped. */
  dropsServerData?: boolean;
}

/** The path of the script that runs before a page's own. */
const SCRIPT_PATH = '/before.js';

async function sendWithScript(from: IncomingMessage, to: ServerResponse): Promise<void> {
  const { 'content-length': _, ...headers } = from.headers;
  const html = await text(from);
  to.writeHead(from.statusCode ?? 502, headers);
  to.end(html.replace('<head>', `<head><script src="${SCRIPT_PATH}"></script>`));
}

/** A proxy between a browser and a server. Returns its URL. */
export async function openProxy(
  t: TestContext,
  port: number,
  options: Options = {},
): Promise<string> {
  const { headers = (same) => same, script, tls = false } = options;
  const scheme = tls ? 'https' : 'http';
  const proxy = (tls ? createTlsServer(TLS) : createServer()).on(
    'request',
    (incoming, outgoing) => {
      const { method, url, headers: sent } = incoming;
      if (url === SCRIPT_PATH) {
        outgoing.writeHead(200, { 'Content-Type': 'text/javascript' }).end(script);
        return;
      }
      const upstream = request({
        port,
        host: '127.0.0.1',
        method,
        path: url,
        headers: {
          ...sent,
          // The script is inserted into the text of a page.
          ...(script !== undefined && { 'accept-encoding': 'identity' }),
          'X-Forwarded-Proto': scheme,
        },
      });
      upstream.on('response', (response) => {
        const isPage = response.headers['content-type']?.startsWith('text/html');
        if (script !== undefined && isPage) {
          void sendWithScript(response, outgoing);
          return;
        }
        outgoing.writeHead(response.statusCode ?? 502, headers(response.headers));
        outgoing.flushHeaders();
        response.pipe(outgoing);
      });
      upstream.on('error', () => outgoing.destroy());
      outgoing.on('close', () => upstream.destroy());
      incoming.pipe(upstream);
    },
  );
  proxy.on('upgrade', (incoming, socket, head) => {
    socket.on('error', () => {});
    if (options.upgrades === 'ignore') return;
    if (options.upgrades === 'refuse') {
      socket.end('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
      return;
    }
    const upstream = connect(port, '127.0.0.1');
    const lines = incoming.rawHeaders.map((text, n) => (n % 2 ? `${text}\r\n` : `${text}: `));
    upstream.write(
      `GET ${incoming.url} HTTP/1.1\r\nX-Forwarded-Proto: ${scheme}\r\n${lines.join('')}\r\n`,
    );
    upstream.write(head);
    upstream.on('error', () => socket.destroy()).on('close', () => socket.destroy());
    socket.on('close', () => upstream.destroy());
    socket.pipe(upstream);
    upstream.on('data', (bytes) => options.dropsServerData || socket.write(bytes));
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  t.after(() => {
    proxy.close();
    proxy.closeAllConnections();
  });
  return `${scheme}://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
}
