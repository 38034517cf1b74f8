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
  upgrades?: 'pass' | 'refuse' | 'swallow';
  /** Whether browsers connect over TLS, which the server sees in `X-Forwarded-Proto`. */
  readonly tls?: boolean;
  /** Whether the server's data on upgraded connections is dropped. */
  isDeaf?: boolean;
}

/** The path of the script that runs before a page's own. */
const SCRIPT_PATH = '/before.js';

async function answerWithScript(response: IncomingMessage, answer: ServerResponse): Promise<void> {
  const { 'content-length': _, ...headers } = response.headers;
  const html = await text(response);
  answer.writeHead(response.statusCode ?? 502, headers);
  answer.end(html.replace('<head>', `<head><script src="${SCRIPT_PATH}"></script>`));
}

/** A proxy between a browser and a server. Returns its URL. */
export async function openProxy(
  t: TestContext,
  port: number,
  options: Options = {},
): Promise<string> {
  const { headers = (same) => same, script, tls = false } = options;
  const scheme = tls ? 'https' : 'http';
  const proxy = (tls ? createTlsServer(TLS) : createServer()).on('request', (asked, answer) => {
    const { method, url, headers: sent } = asked;
    if (url === SCRIPT_PATH) {
      answer.writeHead(200, { 'Content-Type': 'text/javascript' }).end(script);
      return;
    }
    const onward = request({
      port,
      host: '127.0.0.1',
      method,
      path: url,
      headers: { ...sent, 'X-Forwarded-Proto': scheme },
    });
    onward.on('response', (response) => {
      const isPage = response.headers['content-type']?.startsWith('text/html');
      if (script !== undefined && isPage) {
        void answerWithScript(response, answer);
        return;
      }
      answer.writeHead(response.statusCode ?? 502, headers(response.headers));
      answer.flushHeaders();
      response.pipe(answer);
    });
    onward.on('error', () => answer.destroy());
    answer.on('close', () => onward.destroy());
    asked.pipe(onward);
  });
  proxy.on('upgrade', (asked, socket, head) => {
    socket.on('error', () => {});
    if (options.upgrades === 'swallow') return;
    if (options.upgrades === 'refuse') {
      socket.end('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
      return;
    }
    const onward = connect(port, '127.0.0.1');
    const lines = asked.rawHeaders.map((text, n) => (n % 2 ? `${text}\r\n` : `${text}: `));
    onward.write(
      `GET ${asked.url} HTTP/1.1\r\nX-Forwarded-Proto: ${scheme}\r\n${lines.join('')}\r\n`,
    );
    onward.write(head);
    onward.on('error', () => socket.destroy()).on('close', () => socket.destroy());
    socket.on('close', () => onward.destroy());
    socket.pipe(onward);
    onward.on('data', (bytes) => options.isDeaf || socket.write(bytes));
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  t.after(() => {
    proxy.close();
    proxy.closeAllConnections();
  });
  return `${scheme}://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
}
