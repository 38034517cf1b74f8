import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { suite, type TestContext, test } from 'node:test';
import { runCommand } from '../../server/commands/commands.ts';
import { checkFolder } from '../../server/doctor/check-data.ts';
import {
  checkCertificate,
  checkDescriptors,
  checkPort,
  checkWorkers,
} from '../../server/doctor/check-machine.ts';
import { checkPublicUrl } from '../../server/doctor/check-public-url.ts';
import { fill } from '../support/backups.ts';
import { openNginx } from '../support/nginx.ts';
import { proxies } from '../support/proxies.ts';
import { openApp, temporaryFolder } from '../support/server.ts';
import { SECOND_TLS, TLS } from '../support/tls.ts';

type Findings = Awaited<ReturnType<typeof checkPublicUrl>>;

const brief = (findings: Findings) => findings.map(({ level, about }) => `${level} ${about}`);

/** A server that answers everything in the same way. */
async function openOther(t: TestContext, status: number, text: string): Promise<number> {
  const server = createServer((_, response) => response.writeHead(status).end(text));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  return (server.address() as AddressInfo).port;
}

suite('typhoon doctor', () => {
  test('finds the database sound, damaged, of another program, or ahead of the clock.', async (t) => {
    const data = temporaryFolder(t);
    assert.deepEqual(brief(checkFolder({ data })), ['ok data']);
    await fill(t, data, 'a');
    const sound = ['ok data', 'ok database', 'ok clock'];
    assert.deepEqual(brief(checkFolder({ data })), sound);
    const db = new DatabaseSync(join(data, 'chat.sqlite'));
    db.exec(`UPDATE events SET at = ${Date.now() + 3_600_000}`);
    db.close();
    const [, , clock] = checkFolder({ data });
    assert.match(clock?.text ?? '', /^It is (59|60) minutes behind what was stored: set it\.$/);
    writeFileSync(
      join(data, 'chat.sqlite'),
      'something else, and longer than a header of SQLite'.repeat(9),
    );
    assert.deepEqual(brief(checkFolder({ data })), ['ok data', 'problem database']);
    assert.deepEqual(brief(checkFolder({ data: join(data, 'chat.sqlite') })), ['problem data']);
  });

  test('knows a Typhoon at the port from another program.', async (t) => {
    const at = (port: number) => checkPort({ port, host: '127.0.0.1', tlsCert: undefined });
    const { port } = await openApp(t);
    assert.deepEqual(brief(await at(port)), ['ok port']);
    assert.deepEqual(brief(await at(await openOther(t, 200, 'hello'))), ['problem port']);
    const refuses = await at(await openOther(t, 503, 'disk-full: The disk is full.\n'));
    assert.match(refuses[0]?.text ?? '', /refuses messages: disk-full: The disk is full\.$/);
  });

  test('says how many files can be open, where they are few.', (t) => {
    const file = join(temporaryFolder(t), 'limits');
    writeFileSync(
      file,
      'Max open files            1024                 524288               files \n',
    );
    assert.match(checkDescriptors(file)[0]?.text ?? '', /^Only 1024 files can be open/);
    writeFileSync(
      file,
      'Max open files            65536                65536                files \n',
    );
    assert.deepEqual(brief(checkDescriptors(file)), ['ok descriptors']);
  });

  test('warns of more workers than cores.', () => {
    const levels = [1, 2, 3].map((workers) => brief(checkWorkers({ workers }, 2)));
    assert.deepEqual(levels, [[], ['ok workers'], ['warning workers']]);
  });

  test('reads the certificate.', (t) => {
    const folder = temporaryFolder(t);
    const [tlsCert, tlsKey] = [join(folder, 'cert'), join(folder, 'key')];
    writeFileSync(tlsCert, TLS.cert);
    writeFileSync(tlsKey, TLS.key);
    assert.deepEqual(brief(checkCertificate({ tlsCert, tlsKey })), ['ok certificate']);
    writeFileSync(tlsKey, SECOND_TLS.key);
    assert.deepEqual(brief(checkCertificate({ tlsCert, tlsKey })), ['problem certificate']);
  });

  test('finds what a proxy does not let through.', async (t) => {
    const { port } = await openApp(t, { trustProxy: 1 });
    const whole = `http://127.0.0.1:${await proxies.nginx?.(t, port)}`;
    const fine = ['ok proxy', 'ok address', 'ok WebSocket', 'ok streams'];
    assert.deepEqual(brief(await checkPublicUrl(whole)), fine);
    const standard = await openNginx(t, port);
    const found = brief(await checkPublicUrl(standard));
    assert.deepEqual(found, ['ok proxy', 'ok address', 'warning WebSocket', 'ok streams']);
    const other = await openOther(t, 200, 'hello');
    assert.deepEqual(brief(await checkPublicUrl(`http://127.0.0.1:${other}`)), ['problem proxy']);
    assert.deepEqual(brief(await checkPublicUrl('http://127.0.0.1:1')), ['problem proxy']);
  });

  test('prints a line for each check, and fails where there is a problem.', async (t) => {
    const { mock } = t.mock.method(console, 'log', () => {});
    const data = join(temporaryFolder(t), 'data');
    mkdirSync(data);
    await runCommand(['doctor', '--port', '0', '--data', data], {});
    const lines = mock.calls.map(({ arguments: [line] }) => String(line));
    assert.ok(lines.length >= 3);
    for (const line of lines) assert.match(line, /^(ok|warning) +[a-z]+: .+\.$/);
    const other = await openOther(t, 200, 'hello');
    const failed = runCommand(
      ['doctor', '--port', `${other}`, '--host', '127.0.0.1', '--data', data],
      {},
    );
    await assert.rejects(failed, { name: 'StartupError', message: 'Problems found: 1.' });
  });
});
