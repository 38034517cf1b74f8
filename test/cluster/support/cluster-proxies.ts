import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../../scripts/chat.ts';
import { runNginx } from '../../support/nginx.ts';
import { documented, runCaddy, runHaProxy } from '../../support/proxies.ts';
import type { Scope } from '../../support/server.ts';

type OpenProxy = (t: Scope, ports: readonly number[]) => Promise<number>;

const PAGE = 'cluster.md';

/** A configuration for three machines, with nodes of this one instead. */
function withNodes(text: string, ports: readonly number[]): string {
  return text.replace(/10\.0\.0\.([123]):8888/g, (_, n) => `127.0.0.1:${ports[Number(n) - 1]}`);
}

const openHaProxy: OpenProxy = (t, ports) => {
  const [before = ''] = documented('haproxy').split(/^backend /m);
  const backend = withNodes(documented('haproxy', PAGE), ports);
  return runHaProxy(t, (bind) => `${before.replace(/bind .*/, bind)}\n${backend}`);
};

const openNginx: OpenProxy = (t, ports) =>
  runNginx(t, (listen) =>
    withNodes(documented('nginx', PAGE), ports)
      .replace(/^ *ssl_.*$/gm, '')
      .replace(/listen .*/, listen),
  );

const openCaddy: OpenProxy = (t, ports) =>
  runCaddy(t, (address) =>
    readFileSync(join(root, 'scripts/release/cluster/Caddyfile'), 'utf8')
      .replace('{$CHAT_HOST}', address)
      .replace(/\{\$MACHINE_([123])\}:8888/g, (_, n) => `127.0.0.1:${ports[Number(n) - 1]}`),
  );

/** The proxies of docs/cluster.md, as they are configured there, in front of three nodes. */
export const clusterProxies: Readonly<Record<string, OpenProxy>> = {
  HAProxy: openHaProxy,
  nginx: openNginx,
  Caddy: openCaddy,
};

/** Those that ask the nodes whether they are up. */
export const checkingProxies: Readonly<Record<string, OpenProxy>> = {
  HAProxy: openHaProxy,
  Caddy: openCaddy,
};
