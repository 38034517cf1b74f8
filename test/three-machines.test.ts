import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { root } from '../scripts/chat.ts';
import { options } from '../server/config/options.ts';
import { readConfig } from '../server/config/read-config.ts';
import { SECRET } from './support/cluster.ts';
import { temporaryFolder } from './support/server.ts';

const FOLDER = join(root, 'scripts/release/cluster');
const NATS_SERVER = process.env.NATS_SERVER ?? 'nats-server';
/** The first minor version of NATS 2 that can sync each message. */
const FIRST_WITH_SYNC = 10;

const read = (file: string) => readFileSync(join(FOLDER, file), 'utf8');
const page = readFileSync(join(root, 'docs/cluster.md'), 'utf8');

/** The variables of `NAME=value` lines in the block of docs/cluster.md that begins with this one. */
function documented(first: string): Readonly<Record<string, string>> {
  const blocks = [...page.matchAll(/^```ini\n(.*?)\n```$/gms)].map(([, text = '']) => text);
  const block = blocks.find((text) => text.startsWith(`${first}=`)) ?? '';
  const lines = [...block.matchAll(/^(\w+)=(.*)$/gm)];
  assert.ok(lines.length > 0, first);
  return Object.fromEntries(lines.map(([, name, value = '']) => [name, value]));
}

/** The environment of a service of a compose file, by the variables of `.env`. */
function environmentOf(file: string, service: string, env: Readonly<Record<string, string>>) {
  const [, lines = ''] =
    new RegExp(`^ {2}${service}:\n(?: {4}.*\n)*? {4}environment:\n((?: {6}.*\n)+)`, 'm').exec(
      read(file),
    ) ?? [];
  const pairs = [...lines.matchAll(/^ {6}(\w+): "?(.*?)"?$/gm)];
  assert.ok(pairs.length > 0, `${file}: ${service}`);
  return Object.fromEntries(
    pairs.map(([, name = '', value = '']) => [
      name,
      value.replace(/\$\{(\w+)(?::\?[^}]*)?\}/g, (_, used: string) => {
        assert.ok(env[used], `${used} is in .env`);
        return env[used] ?? '';
      }),
    ]),
  );
}

suite('The files of docs/cluster.md for three machines', () => {
  const env = { ...documented('HERE'), CHAT_SECRET: SECRET };

  test('are all named there', () => {
    for (const file of readdirSync(FOLDER)) assert.ok(page.includes(file), file);
  });

  test('start a node with options that there are', () => {
    const environment = environmentOf('compose.yaml', 'typhoon', env);
    const known = new Set(Object.values(options).map((option) => option.env));
    for (const name of Object.keys(environment)) assert.ok(known.has(name), name);
    const config = readConfig([], environment);
    assert.ok(config !== 'help');
    assert.deepEqual([config.host, config.port, config.trustProxy], ['10.0.0.1', 8_888, 1]);
    assert.deepEqual(
      config.cluster,
      ['1', '2', '3'].map((n) => `nats://10.0.0.${n}`),
    );
    assert.equal(config.publicUrl, 'https://chat.example');
  });

  test('start a node of the unit for systemd with the same', () => {
    const given = { ...documented('HOST'), CHAT_SECRET: SECRET };
    const known = new Set(Object.values(options).map((option) => option.env));
    for (const name of Object.keys(given)) assert.ok(known.has(name), name);
    const config = readConfig([], given);
    assert.ok(config !== 'help');
    const composed = readConfig([], environmentOf('compose.yaml', 'typhoon', env));
    assert.deepEqual(config, composed);
  });

  test('have a configuration that nats-server accepts, in containers and by systemd', (t) => {
    const version = execFileSync(NATS_SERVER, ['--version'], { encoding: 'utf8' });
    const [, minor = ''] = /v2\.(\d+)\./.exec(version) ?? [];
    const text = read('nats-server.conf');
    const file = join(temporaryFolder(t), 'nats-server.conf');
    const isOlder = Number(minor) < FIRST_WITH_SYNC;
    writeFileSync(file, isOlder ? text.replace(/^ *sync_interval:.*$/m, '') : text);
    for (const variables of [
      environmentOf('compose.yaml', 'nats', env),
      documented('NATS_ADDRESS'),
    ]) {
      assert.equal(variables.NATS_ADDRESS, '10.0.0.1');
      assert.match(`${variables.NATS_ROUTES}`, /^\[(?:nats:\/\/10\.0\.0\.[123]:6222,?){3}\]$/);
      const given = { env: { ...process.env, ...variables }, stdio: 'pipe' } as const;
      execFileSync(NATS_SERVER, ['-t', '-c', file], given);
    }
  });

  test('store the log of NATS where its data is kept', () => {
    const [, folder] = /store_dir: "(.+)"/.exec(read('nats-server.conf')) ?? [];
    assert.ok(read('compose.yaml').includes(`- log:${folder}\n`));
    assert.equal(folder, '/var/lib/nats-server');
    const unit = read('nats-server.service');
    assert.match(unit, /^StateDirectory=nats-server$/m);
    assert.match(unit, /^ExecStart=nats-server -c \/etc\/nats-server\.conf$/m);
    assert.match(unit, /^EnvironmentFile=\/etc\/nats-server\.env$/m);
  });

  test('have a Caddyfile that Caddy accepts', () => {
    const variables = environmentOf('compose.proxy.yaml', 'caddy', env);
    const args = ['adapt', '--validate', '--adapter', 'caddyfile', '--config'];
    const given = { env: { ...process.env, ...variables }, stdio: 'pipe' } as const;
    const adapted = execFileSync(
      '/usr/bin/caddy',
      [...args, join(FOLDER, 'Caddyfile')],
      given,
    ).toString();
    const dials = [...adapted.matchAll(/"dial":"([^"]+)"/g)].map(([, address]) => address);
    assert.deepEqual([...new Set(dials)], ['10.0.0.1:8888', '10.0.0.2:8888', '10.0.0.3:8888']);
  });
});
