import { once } from 'node:events';
import { WebSocket } from 'ws';
import { type Finding, ok, problem, warning } from './finding.ts';

/** Something to answer within this time is anything but a stream that is held back. */
const TIMEOUT_MS = 10_000;
/** A room that is in no list. */
const ROOM = '/rooms/transports-doctor';

/** Whether the public address leads to the server, and lets everything through. */
export async function checkPublicUrl(url: string): Promise<readonly Finding[]> {
  const up = await textOf(`${url}/up`);
  if (up instanceof Error) return [problem('proxy', `${url} does not answer: ${reasonOf(up)}.`)];
  if (up.text.trim() !== 'ok') {
    return [problem('proxy', `${url}/up answers ${up.status}: does the proxy lead to Typhoon?`)];
  }
  return [
    ok('proxy', `${url} leads to Typhoon.`),
    await checkHost(url),
    await checkWebSocket(url),
    await checkStream(url),
  ];
}

/** Cookies are bound to TLS only if the server believes the proxy that there is TLS. */
async function checkHost(url: string): Promise<Finding> {
  const page = await textOf(`${url}${ROOM}`);
  if (page instanceof Error) return problem('address', `No page: ${reasonOf(page)}.`);
  if (page.status === 421)
    return problem(
      'address',
      `The server does not know its name: start it with --public-url ${url}.`,
    );
  const isBound = page.cookies.includes('__Host-');
  if (url.startsWith('https:') && page.cookies !== '' && !isBound) {
    const text =
      'The server does not trust the proxy: start it with --trust-proxy 1, and let the proxy set';
    return problem('address', `${text} X-Forwarded-For and X-Forwarded-Proto.`);
  }
  return ok('address', 'Pages are served under it.');
}

async function checkWebSocket(url: string): Promise<Finding> {
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}${ROOM}/live`, {
    handshakeTimeout: TIMEOUT_MS,
  });
  try {
    await once(socket, 'open');
    return ok('WebSocket', 'It passes.');
  } catch (error) {
    const text = `It does not pass (${reasonOf(error as Error)}): pages use slower transports. Let the proxy`;
    return warning('WebSocket', `${text} pass Upgrade and Connection on, with HTTP/1.1.`);
  } finally {
    socket.on('error', () => undefined).terminate();
  }
}

async function checkStream(url: string): Promise<Finding> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), TIMEOUT_MS);
  try {
    const headers = { Accept: 'text/event-stream' };
    const response = await fetch(`${url}${ROOM}/events`, { headers, signal: stop.signal });
    const first = await response.body?.getReader().read();
    if (response.ok && first?.value) return ok('streams', 'Server-sent events arrive at once.');
    return warning('streams', `Server-sent events are answered ${response.status}.`);
  } catch {
    return warning('streams', 'The proxy holds server-sent events back: turn its buffering off.');
  } finally {
    clearTimeout(timer);
    stop.abort();
  }
}

async function textOf(url: string) {
  try {
    const response = await fetch(url, {
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const cookies = response.headers.getSetCookie().join(' ');
    return { status: response.status, text: await response.text(), cookies };
  } catch (error) {
    return error as Error;
  }
}

function reasonOf({ message, cause }: Error): string {
  return cause instanceof Error ? cause.message || String(cause) : message;
}
