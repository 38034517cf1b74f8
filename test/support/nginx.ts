import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { freePort } from '../../scripts/free-ports.ts';
import { type Scope, temporaryFolder } from './server.ts';

/** How often to look whether a program listens. */
const POLL_MS = 20;

/**
 * nginx in front of a server, with its defaults: it buffers some pages of a response, uses HTTP/1.0
 * to the server, forwards no upgrade, and closes connections that are silent for a minute.
 * @param location the directives of the `location` besides `proxy_pass`
 */
export async function openNginx(t: Scope, port: number, location = ''): Promise<string> {
  const own = await runNginx(
    t,
    (listen) =>
      `server { ${listen} location / { proxy_pass http://127.0.0.1:${port}; ${location} } }`,
  );
  return `http://127.0.0.1:${own}`;
}

/**
 * nginx on a free port.
 * @param http what its `http` has, given the directive that makes a `server` listen there
 */
export async function runNginx(t: Scope, http: (listen: string) => string): Promise<number> {
  const folder = temporaryFolder(t);
  const port = await freePort();
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${folder}/${name};`)
    .join(' ');
  const file = join(folder, 'nginx.conf');
  writeFileSync(
    file,
    `daemon off; worker_processes 1; pid ${folder}/pid; error_log ${folder}/error.log;
     events { worker_connections 256; }
     http { access_log off; ${temporary} ${http(`listen 127.0.0.1:${port};`)} }`,
  );
  await openProgram(t, port, '/usr/sbin/nginx', ['-c', file, '-e', `${folder}/error.log`]);
  return port;
}

/** Starts a program that listens on a port, and ends it with the test. */
export async function openProgram(
  t: Scope,
  port: number,
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<void> {
  const options = { env: { ...process.env, ...env }, stdio: 'ignore' } as const;
  const program = spawn(command, args, options);
  t.after(async () => {
    program.kill('SIGTERM');
    if (program.exitCode === null && program.signalCode === null) await once(program, 'exit');
  });
  while (!(await isListening(port))) {
    if (program.exitCode !== null) throw new Error(`${command} ended with ${program.exitCode}.`);
    await setTimeout(POLL_MS);
  }
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
