import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { temporaryFolder } from './server.ts';

/**
 * nginx in front of a server, with its defaults: it buffers some pages of a response, uses HTTP/1.0
 * to the server, forwards no upgrade, and closes connections that are silent for a minute.
 * @param location the directives of the `location` besides `proxy_pass`
 */
export async function openNginx(t: TestContext, port: number, location = ''): Promise<string> {
  const folder = temporaryFolder(t);
  const nginxPort = await freePort();
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${folder}/${name};`)
    .join(' ');
  const file = join(folder, 'nginx.conf');
  writeFileSync(
    file,
    `daemon off; worker_processes 1; pid ${folder}/pid; error_log ${folder}/error.log;
     events { worker_connections 256; }
     http { access_log off; ${temporary}
       server { listen 127.0.0.1:${nginxPort};
         location / { proxy_pass http://127.0.0.1:${port}; ${location} } } }`,
  );
  const nginx = spawn('/usr/sbin/nginx', ['-c', file, '-e', `${folder}/error.log`]);
  t.after(async () => {
    nginx.kill('SIGTERM');
    if (nginx.exitCode === null) await once(nginx, 'exit');
  });
  while (!(await isListening(nginxPort))) {
    if (nginx.exitCode !== null) throw new Error(`nginx ended with ${nginx.exitCode}.`);
  }
  return `http://127.0.0.1:${nginxPort}`;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function isListening(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  const result = await Promise.race([
    once(socket, 'connect').then(() => true),
    new Promise<boolean>((resolve) => socket.once('error', () => resolve(false))),
  ]).catch(() => false);
  socket.destroy();
  return result;
}
