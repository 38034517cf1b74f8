import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { suite, test } from 'node:test';
import { connect, type TLSSocket } from 'node:tls';
import { WebSocket } from 'ws';
import { openApp, type Scope, temporaryFolder } from '../support/server.ts';
import { SECOND_TLS, TLS } from '../support/tls.ts';
import { waitWhile } from '../support/wait-while.ts';

/** A server with a certificate in files, which are checked as often as possible. */
async function openTlsApp(t: Scope, timing = {}) {
  const folder = temporaryFolder(t);
  const [tlsCert, tlsKey] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  writeFileSync(tlsCert, TLS.cert);
  writeFileSync(tlsKey, TLS.key);
  return { app: await openApp(t, { tlsCert, tlsKey }, timing), tlsCert, tlsKey };
}

const ANY = { rejectUnauthorized: false };

/** The common name of the certificate that a new connection gets. */
async function nameAt(port: number): Promise<string> {
  const socket: TLSSocket = connect({ port, host: '127.0.0.1', ...ANY });
  await once(socket, 'secureConnect');
  const { subject } = socket.getPeerCertificate();
  socket.destroy();
  return `${subject.CN}`;
}

suite('With --tls-cert and --tls-key', () => {
  test('the server speaks TLS: pages with secure cookies, uploads, WebSocket.', async (t) => {
    const { app } = await openTlsApp(t);
    assert.match(app.url, /^https:\/\/127\.0\.0\.1:\d+$/);
    const page = request(`${app.url}/rooms/a`, ANY).end();
    const [response] = await once(page, 'response');
    assert.equal(response.statusCode, 200);
    assert.match(String(response.headers['set-cookie']), /__Host-browser=.*secure/i);
    await text(response);

    const upload = request(`${app.url}/rooms/a/files?name=a.bin`, { ...ANY, method: 'POST' });
    upload.end(Buffer.alloc(3_000_000));
    const [uploaded] = await once(upload, 'response');
    assert.equal(uploaded.statusCode, 201, await text(uploaded));

    const socket = new WebSocket(`${app.url.replace('https', 'wss')}/chat`, ANY);
    t.after(() => socket.terminate());
    const [uid] = await once(socket, 'message');
    socket.send(JSON.stringify({ uid: String(uid), message: 'hello' }));
    const [message] = await once(socket, 'message');
    assert.match(String(message), /hello/);
  });

  test('a new certificate is used once both files are there, and nothing in between.', async (t) => {
    const { app, tlsCert, tlsKey } = await openTlsApp(t, { certificateCheckMs: 5 });
    assert.equal(await nameAt(app.port), 'typhoon test');
    const socket = new WebSocket(`${app.url.replace('https', 'wss')}/chat`, ANY);
    t.after(() => socket.terminate());
    await once(socket, 'open');
    writeFileSync(tlsCert, SECOND_TLS.cert);
    await waitWhile(() => app.lines.length === 0);
    assert.equal(app.lines[0]?.code, 'certificate-not-reloaded');
    assert.equal(await nameAt(app.port), 'typhoon test');
    writeFileSync(tlsKey, SECOND_TLS.key);
    while ((await nameAt(app.port)) !== 'typhoon second');
    assert.equal(socket.readyState, WebSocket.OPEN, 'open connections stay');
  });

  test('a new certificate is used at once when that is requested, as SIGHUP does.', async (t) => {
    const { app, tlsCert, tlsKey } = await openTlsApp(t);
    writeFileSync(tlsCert, SECOND_TLS.cert);
    writeFileSync(tlsKey, SECOND_TLS.key);
    app.reloadCertificate();
    assert.equal(await nameAt(app.port), 'typhoon second');
  });

  test('a server with files that do not fit does not start, and says why.', async (t) => {
    const folder = temporaryFolder(t);
    const [tlsCert, tlsKey] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
    writeFileSync(tlsCert, TLS.cert);
    const missing = openApp(t, { tlsCert, tlsKey });
    await assert.rejects(missing, {
      name: 'StartupError',
      message: /^Cannot use the cert.*ENOENT/,
    });
    writeFileSync(tlsKey, SECOND_TLS.key);
    const other = openApp(t, { tlsCert, tlsKey });
    await assert.rejects(other, { name: 'StartupError', message: /key values mismatch\.$/ });
  });
});
