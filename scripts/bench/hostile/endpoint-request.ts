import type { Endpoint } from '../../../test/support/endpoints.ts';
import type { AttackedServer, Sender } from './attacked-server.ts';
import type { Header, Request } from './request.ts';

/** The endpoint of a request. */
export interface Target extends Endpoint {
  /** Whether it is a WebSocket upgrade. */
  readonly isUpgrade?: boolean;
}

const UPGRADE: readonly Header[] = [
  ['Connection', 'Upgrade'],
  ['Upgrade', 'websocket'],
  ['Sec-WebSocket-Version', '13'],
  ['Sec-WebSocket-Key', 'dGhlIHNhbXBsZSBub25jZQ=='],
  ['Sec-WebSocket-Protocol', 'json'],
];

/** The hostile parts of a request to an endpoint; everything else is valid. */
export interface Overrides {
  /** Replaces path parameters, already encoded. */
  readonly path?: Readonly<Record<string, string>>;
  /** Replaces the query, already encoded. */
  readonly query?: string;
  readonly body?: { readonly type: string; readonly text: string | Buffer };
  /** Headers that replace those of the same names. */
  readonly headers?: readonly Header[];
}

/** Values for what is not hostile. */
type Valid = Readonly<Record<string, string>>;

/** The path and these parameters select the endpoint. */
const ROUTING: Valid = { before: '1000', since: '0', q: 'hello', room: 'lobby' };

export function targetOf({ method, path, query = [], isUpgrade }: Target): string {
  const search = query.length > 0 ? `?${query.join('&')}` : '';
  return `${isUpgrade ? 'upgrade' : method} ${path}${search}`;
}

/** An id in a path is a message's, unless the path says otherwise. */
async function validFor(server: AttackedServer, path: string): Promise<Valid> {
  const { room, message, poll, file } = await server.sharedFixture;
  return {
    ...{ room, id: path.includes('/polls/') ? `${poll}` : `${message}` },
    ...(path.includes('/files/') && { id: file }),
    ...{ name: 'Somebody', next: '/', message: 'hello', password: 'password', topic: 'a topic' },
    ...{ password: 'a long password', key: 'not the key of all', listed: 'on' },
  };
}

/** A request by a fresh client that may use the endpoint. */
export async function requestTo(
  server: AttackedServer,
  endpoint: Target,
  overrides: Overrides,
): Promise<Request> {
  const { method, query = [], fields } = endpoint;
  const values = await validFor(server, endpoint.path);
  const path = endpoint.path.replace(
    /:(\w+)/g,
    (_, name) => overrides.path?.[name] ?? values[name] ?? 'a',
  );
  const [routing] = query.filter((name) => Object.hasOwn(ROUTING, name));
  const search = overrides.query ?? (routing ? `${routing}=${ROUTING[routing]}` : '');
  const entries = (fields ?? []).map((name) => [name, values[name] ?? ''] as const);
  const json = JSON.stringify(Object.fromEntries(entries));
  const body = overrides.body ?? (fields && { type: 'application/json', text: json });
  const sender = await senderFor(server, endpoint);
  const valid: Header[] = [
    ...sender,
    ...(endpoint.isUpgrade ? UPGRADE : []),
    ['Accept', body ? 'application/json' : 'text/html'],
    ...(body ? [['Content-Type', body.type] as const] : []),
  ];
  return {
    method,
    target: path + (search && `?${search}`),
    headers: headersOf(valid, overrides.headers ?? []),
    body: body && Buffer.from(body.text),
  };
}

/** Requests that change a session have one of their own. */
function senderFor(server: AttackedServer, { path }: Target): Sender | Promise<Sender> {
  if (path.startsWith('/session')) return server.signedIn();
  return /\/(settings|commands)$|^\/rooms$/.test(path) ? server.moderator() : server.guest();
}

/** The address that a proxy would have added stays last, whatever the client sent. */
function headersOf(valid: readonly Header[], hostile: readonly Header[]): readonly Header[] {
  const is = new Set(hostile.map(([name]) => name.toLowerCase()));
  const stays = ([name]: Header) => name === 'X-Forwarded-For' || !is.has(name.toLowerCase());
  return [...hostile, ...valid.filter(stays)];
}
