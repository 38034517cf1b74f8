import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../../scripts/chat.ts';
import { freePort, openProgram, runNginx } from '../../support/nginx.ts';
import { documented } from '../../support/proxies.ts';
import { type Scope, temporaryFolder } from '../../support/server.ts';

type OpenProxy = (t: Scope, ports: readonly number[]) => Promise<number>;

const PAGE = 'cluster.md';

/** A configuration for three machines, with nodes of this one instead. */
function withNodes(text: string, ports: readonly number[]): string {
  return text.replace(/10\.0\.0\.([123]):8888/g, (_, n) => `127.0.0.1:${ports[Number(n) - 1]}`);
}

const openHaProxy: OpenProxy = async (t, ports) => {
  const [own, folder] = [await freePort(), temporaryFolder(t)];
  const [before = ''] = documented('haproxy').split(/^backend /m);
  const file = join(folder, 'haproxy.cfg');
  const frontend = before.replace(/bind .*/, `bind 127.0.0.1:${own}`);
  writeFileSync(file, `${frontend}\n${withNodes(documented('haproxy', PAGE), ports)}\n`);
  await openProgram(t, own, '/usr/sbin/haproxy', ['-db', '-f', file]);
  return own;
};

const openNginx: OpenProxy = (t, ports) =>
  runNginx(t, (listen) =>
    withNodes(documented('nginx', PAGE), ports)
      .replace(/^ *ssl_.*$/gm, '')
      .replace(/listen .*/, listen),
  );

const openCaddy: OpenProxy = async (t, ports) => {
  const [own, folder] = [await freePort(), temporaryFolder(t)];
  const text = readFileSync(join(root, 'scripts/release/cluster/Caddyfile'), 'utf8')
    .replace('{$CHAT_HOST}', `http://127.0.0.1:${own}`)
    .replace(/\{\$MACHINE_([123])\}:8888/g, (_, n) => `127.0.0.1:${ports[Number(n) - 1]}`);
  const file = join(folder, 'Caddyfile');
  writeFileSync(file, `{\n  admin off\n  auto_https off\n}\n${text}\n`);
  const home = { HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder };
  const args = ['run', '--adapter', 'caddyfile', '--config', file];
  await openProgram(t, own, '/usr/bin/caddy', args, home);
  return own;
};

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
