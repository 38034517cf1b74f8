import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chat, root } from './chat.ts';
import { freePorts } from './free-ports.ts';
import { isRunning, natsServers } from './nats.ts';

/*
 * npm run cluster: three NATS servers, three nodes and a proxy on this machine, to try it. Ctrl-C
 * ends all of them, and removes what they stored.
 */

const PORT = Number(process.env.PORT ?? 8_888);

const folder = mkdtempSync(join(tmpdir(), 'typhoon-cluster-'));
const nats = await natsServers(folder);
for (const server of nats) server.start();
const ports = await freePorts(3);
const env = {
  ...process.env,
  CHAT_CLUSTER: nats.map(({ url }) => url).join(','),
  CHAT_SECRET: randomBytes(24).toString('base64'),
  HOST: '127.0.0.1',
  TRUST_PROXY: '0',
};
const nodes = ports.map((port, index) => {
  const args = [...chat, '--port', `${port}`, '--data', join(folder, `node-${index + 1}`)];
  return spawn(process.execPath, args, { cwd: root, env, stdio: 'inherit' });
});

/** A connection goes to the next node that accepts it. */
let turn = 0;
const proxy = createServer((client) => {
  client.on('error', () => client.destroy());
  const attempt = (left: number) => {
    turn += 1;
    const node = connect(ports[turn % ports.length] ?? 0, '127.0.0.1');
    node.once('connect', () => {
      client.pipe(node).pipe(client);
      client.once('close', () => node.destroy());
      node.once('close', () => client.destroy());
    });
    node.on('error', () => {
      if (node.connecting && left > 1) attempt(left - 1);
      else client.destroy();
    });
  };
  attempt(ports.length);
}).listen(PORT, '127.0.0.1');
await once(proxy, 'listening');
console.log(`The cluster is at http://localhost:${PORT} (nodes at ${ports.join(', ')})`);

async function end(): Promise<void> {
  proxy.close();
  const running = nodes.filter(isRunning);
  const ended = running.map((node) => once(node, 'exit'));
  for (const node of running) node.kill('SIGTERM');
  await Promise.all(ended);
  await Promise.all(nats.map((server) => server.kill()));
  rmSync(folder, { recursive: true, force: true });
  process.exit();
}
process.once('SIGINT', end).once('SIGTERM', end);
