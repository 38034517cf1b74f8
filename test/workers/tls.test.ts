import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { connect } from 'node:tls';
import { spawnServer, temporaryFolder } from '../support/server.ts';
import { SECOND_TLS, TLS } from '../support/tls.ts';

/** The common name of the certificate that a new connection gets. */
async function nameAt(port: number): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  const { subject } = socket.getPeerCertificate();
  socket.destroy();
  return `${subject.CN}`;
}

test('All workers speak TLS, and read the certificate again when the primary gets SIGHUP.', async (t) => {
  const folder = temporaryFolder(t);
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  const write = (pair: typeof TLS) => {
    writeFileSync(cert, pair.cert);
    writeFileSync(key, pair.key);
  };
  write(TLS);
  const args = ['--port', '0', '--host', '127.0.0.1', '--data', join(folder, 'data')];
  const tls = ['--tls-cert', cert, '--tls-key', key];
  const server = spawnServer(t, [...args, ...tls, '--workers', '2']);
  const port = await server.listening();
  // Connections are given to the workers in turn.
  const names = async () => [await nameAt(port), await nameAt(port)];
  assert.deepEqual(await names(), ['typhoon test', 'typhoon test']);
  write(SECOND_TLS);
  server.child.kill('SIGHUP');
  while ((await names()).some((name) => name !== 'typhoon second'));
  assert.equal(await server.end('SIGTERM'), 0);
});
