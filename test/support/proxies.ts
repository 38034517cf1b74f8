import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../scripts/free-ports.ts';
import { openNginx, openProgram } from './nginx.ts';
import { type Scope, temporaryFolder } from './server.ts';

/** A configuration of a page in docs/. */
export function documented(language: string, page = 'deployment.md'): string {
  const pageText = readFileSync(new URL(`../../docs/${page}`, import.meta.url), 'utf8');
  const [, text] = new RegExp(`\`\`\`${language}\n(.*?)\n\`\`\``, 's').exec(pageText) ?? [];
  assert.ok(text, language);
  return text;
}

/**
 * Caddy on a free port.
 * @param sites its configuration, given the address of the site
 */
export async function runCaddy(t: Scope, sites: (address: string) => string): Promise<number> {
  const [own, folder] = [await freePort(), temporaryFolder(t)];
  const file = join(folder, 'Caddyfile');
  const text = sites(`http://127.0.0.1:${own}`);
  writeFileSync(file, `{\n  admin off\n  auto_https off\n}\n${text}\n`);
  const home = { HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder };
  const args = ['run', '--adapter', 'caddyfile', '--config', file];
  await openProgram(t, own, '/usr/bin/caddy', args, home);
  return own;
}

/**
 * HAProxy on a free port.
 * @param config its configuration, given the directive that makes a `frontend` listen there
 */
export async function runHaProxy(t: Scope, config: (bind: string) => string): Promise<number> {
  const [own, folder] = [await freePort(), temporaryFolder(t)];
  const file = join(folder, 'haproxy.cfg');
  writeFileSync(file, `${config(`bind 127.0.0.1:${own}`)}\n`);
  await openProgram(t, own, '/usr/sbin/haproxy', ['-db', '-f', file]);
  return own;
}

/** The proxies of docs/deployment.md, as they are configured there, in front of a port. */
export const proxies: Readonly<Record<string, (t: Scope, port: number) => Promise<number>>> = {
  async nginx(t, port) {
    const [, location = ''] = /^location \/ \{\n(.*)\n\}$/s.exec(documented('nginx')) ?? [];
    const url = await openNginx(t, port, location.replace(/^\s*proxy_pass .*$/m, ''));
    return Number(new URL(url).port);
  },

  Caddy(t, port) {
    return runCaddy(t, (address) =>
      documented('caddyfile').replace('chat.example', address).replace('8888', `${port}`),
    );
  },

  async Apache(t, port) {
    const [own, folder] = [await freePort(), temporaryFolder(t)];
    const modules = ['mpm_event', 'authz_core', 'proxy', 'proxy_http', 'headers'];
    const file = join(folder, 'apache.conf');
    writeFileSync(
      file,
      `ServerRoot ${folder}
      ServerName 127.0.0.1
      PidFile ${folder}/pid
      ErrorLog ${folder}/error.log
      User www-data
      Group www-data
      DefaultRuntimeDir ${folder}
      Listen 127.0.0.1:${own}
      ${modules.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`).join('\n')}
      ${documented('apache').replace('8888', `${port}`)}\n`,
    );
    await openProgram(t, own, '/usr/sbin/apache2', ['-DFOREGROUND', '-f', file]);
    return own;
  },

  HAProxy(t, port) {
    return runHaProxy(t, (bind) =>
      documented('haproxy')
        .replace(/bind .*/, bind)
        .replace('8888', `${port}`),
    );
  },
};
