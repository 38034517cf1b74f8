import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join as joinPath } from 'node:path';
import { suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { readConfig } from '../server/config/read-config.ts';
import { bodies, join } from './support/client.ts';
import { spawnServer, temporaryFolder } from './support/server.ts';

suite('npm run chat', () => {
  test('prints its address, its data directory, and where others join', async (t) => {
    const data = joinPath(temporaryFolder(t), 'not', 'there', 'yet');
    const server = spawnServer(t, ['--port', '0', '--data', data]);
    const port = await server.listening();
    const [first, second, ...rest] = server.output.split('\n');
    assert.equal(first, `Typhoon is running at http://localhost:${port} (data in ${data})`);
    assert.match(second ?? '', /^(?:Others join at http:\/\/\S+:\d+|No network address found: )/);
    const [third, ...more] = rest;
    assert.match(third ?? '', new RegExp(`open http://localhost:${port}/own/[\\w-]{22}$`));
    assert.deepEqual(more, ['']);
    assert.equal((await fetch(`http://localhost:${port}/`)).status, 200);
  });

  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    test(`shuts the server down in order when npm ends by ${signal}`, async (t) => {
      const root = fileURLToPath(new URL('..', import.meta.url));
      const args = ['run', 'chat', '--', '--port', '0', '--data', ':memory:'];
      const npm = spawn('npm', args, { cwd: root });
      t.after(() => npm.kill('SIGKILL'));
      let output = '';
      npm.stdout.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
      while (!/:\d+ /.test(output)) await once(npm.stdout, 'data');
      const port = Number(/:(\d+) /.exec(output)?.[1]);
      const client = await join(t, port, '/chat');
      const npmEnded = once(npm, 'exit');
      npm.kill(signal);
      assert.equal(await client.closed, 1012);
      await npmEnded;
    });
  }

  test('reads options from the environment, and flags take precedence', async (t) => {
    const env = { PORT: '1', HOST: '127.0.0.1', CHAT_DATA: ':memory:', CHAT_LIMITS: 'off' };
    const server = spawnServer(t, ['--port', '0'], env);
    const port = await server.listening();
    assert.deepEqual(server.output.split('\n').slice(0, 2), [
      `Typhoon is running at http://127.0.0.1:${port} (data in memory only)`,
      'Only this machine can reach it: start without --host to let others join.',
    ]);
    const client = await join(t, port, '/chat');
    for (let n = 0; n < 100; n += 1) client.post(`${n}`);
    assert.equal(bodies(await client.waitForFrames(101)).length, 100, 'without limits');
  });

  test('prints the public URL as the address for others', async (t) => {
    const args = ['--port', '0', '--data', ':memory:', '--public-url', 'https://chat.example'];
    const server = spawnServer(t, args);
    await server.listening();
    assert.match(server.output, /^Others join at https:\/\/chat\.example$/m);
  });

  test('lists the options with --help, each with its environment variable', async (t) => {
    const server = spawnServer(t, ['--help']);
    assert.equal(await server.ended(), 0);
    for (const name of ['--port', 'PORT', '--host', 'HOST', '--data', 'CHAT_DATA', ':memory:']) {
      assert.ok(server.output.includes(name), name);
    }
    for (const name of ['--origins', 'CHAT_ORIGINS', '--limits', 'CHAT_LIMITS', '8888']) {
      assert.ok(server.output.includes(name), name);
    }
    assert.match(server.output, /^ {2}--trust-proxy N +TRUST_PROXY /m);
  });

  for (const [args, sentence] of [
    [['--prot', '1'], /^Unknown option '--prot'. See npm run chat -- --help\.$/],
    [['--port', 'http'], /^--port must be a whole number from 0 to 65535, not "http"\.$/],
    [['--port', '65536'], /^--port must be a whole number/],
    [['--limits', 'none'], /^--limits must be on or off, not "none"\.$/],
    [['--trust-proxy', '11'], /^--trust-proxy must be a whole number from 0 to 10, not "11"\.$/],
    [['--trust-proxy', 'yes'], /^--trust-proxy must be a whole number from 0 to 10, not "yes"/],
    [['--max-file', '101'], /^--max-file must be a whole number from 0 to 100, not "101"\.$/],
    [['--data', ''], /^--data must be a directory or :memory:, not ""\.$/],
    [['--origins', 'chat.example'], /^--origins must be origins such as https:\/\/chat\.example/],
    [['--origins', 'https://chat.example/path'], /^--origins must be origins such as/],
    [
      ['--hosts', 'https://chat.example'],
      /^--hosts must be host names such as chat\.example without/,
    ],
    [['--hosts', 'chat.example,*'], /^--hosts must be host names such as/],
    [['--public-url', 'chat.example'], /^--public-url must be an origin such as https:\/\/chat/],
    [['--public-url', 'ftp://chat.example'], /^--public-url must be an origin such as/],
    [['--public-url', 'https://chat.example/x'], /^--public-url must be an origin such as/],
    [
      ['--server-password', 'x'.repeat(201)],
      /^The server password is limited to 200 characters\.$/,
    ],
    [['lobby'], /^Unexpected argument 'lobby'/],
  ] as const) {
    test(`refuses ${args.join(' ')} with one sentence`, () => {
      assert.throws(
        () => readConfig(['--port', '0', ...args], {}),
        ({ name, message }: Error) =>
          name === 'StartupError' && sentence.test(message) && !message.includes('\n'),
      );
    });
  }

  for (const [args, sentence] of [
    [['--prot', '1'], /^Unknown option '--prot'/],
    [['--host', '192.0.2.1'], /^Cannot listen on 192\.0\.2\.1, port 0: this machine has no such/],
    [['--data', '/dev/null/none'], /^Cannot create the data directory \/dev\/null\/none: /],
  ] as const) {
    test(`exits with 1, and only a sentence, for ${args.join(' ')}`, async (t) => {
      const server = spawnServer(t, ['--port', '0', '--data', ':memory:', ...args]);
      assert.equal(await server.ended(), 1);
      assert.match(server.output, sentence);
      assert.equal(server.output.trim().split('\n').length, 1);
    });
  }

  for (const [env, sentence] of [
    [{ PORT: 'eighty' }, 'PORT must be a whole number from 0 to 65535, not "eighty".'],
    [{ TRUST_PROXY: '-1' }, 'TRUST_PROXY must be a whole number from 0 to 10, not "-1".'],
  ] as const) {
    test(`names an invalid ${Object.keys(env)} in the environment`, () => {
      assert.throws(() => readConfig([], env), { name: 'StartupError', message: sentence });
    });
  }

  test('prints one line when the port is in use', async (t) => {
    const other = createServer().listen(0);
    t.after(() => other.close());
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const server = spawnServer(t, ['--port', `${port}`, '--data', ':memory:']);
    assert.equal(await server.ended(), 1);
    assert.equal(
      server.output,
      `Cannot listen on port ${port}: the port is in use. Stop the program that uses it, or start with another --port.\n`,
    );
  });

  test('prints one sentence on an old Node: what it needs', async () => {
    const script = fileURLToPath(new URL('../scripts/require-node.cjs', import.meta.url));
    const pretend = `Object.defineProperty(process.versions, 'node', { value: '20.11.0' })`;
    const old = spawn(process.execPath, ['-e', `${pretend}; require(${JSON.stringify(script)})`]);
    const [printed] = (await once(old.stderr.setEncoding('utf8'), 'data')) as [string];
    assert.match(printed, /^Typhoon needs Node 24 or newer, and this is v\d+/);
    assert.deepEqual(await once(old, 'close'), [1, null]);
  });
});
