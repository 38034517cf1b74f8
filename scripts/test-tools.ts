import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { CHROMIUM, DISPLAY_SERVER, FIREFOX, SHELL, WEBKIT_DRIVER } from './browsers.ts';

/*
 * Provides what the tests need besides npm's packages. What is missing is installed if possible, as
 * root on Debian; otherwise it is reported, and the tests do not start. With `--browsers`, this
 * includes the tests that run in every browser; with `--redis`, what `npm run bench:cluster` compares with.
 */

interface Tool {
  readonly what: string;
  /** Debian's package. */
  readonly name: string;
  isThere(): boolean;
  /** Whether an alternative is available. */
  isReplaced?(): boolean;
}

function proxy(path: string, name: string): Tool {
  return { what: `the proxy ${path}`, name, isThere: () => existsSync(path) };
}

const always: readonly Tool[] = [
  {
    what: `the browser ${SHELL} or ${CHROMIUM}`,
    name: 'chromium-headless-shell',
    isThere: () => existsSync(SHELL),
    isReplaced: () => existsSync(CHROMIUM),
  },
  proxy('/usr/sbin/nginx', 'nginx-light'),
  {
    what: 'the command systemd-analyze, of systemd',
    name: 'systemd',
    isThere: () => works('systemd-analyze', '--version'),
  },
  proxy('/usr/bin/caddy', 'caddy'),
  proxy('/usr/sbin/apache2', 'apache2-bin'),
  proxy('/usr/sbin/haproxy', 'haproxy'),
  {
    what: 'the program nats-server',
    name: 'nats-server',
    isThere: () => works(process.env.NATS_SERVER ?? 'nats-server', '--version'),
  },
  {
    what: 'the command fc-list, of fontconfig',
    name: 'fontconfig',
    isThere: () => works('fc-list', '--version'),
  },
  {
    what: 'a font for Chinese (fc-list :lang=zh names none)',
    name: 'fonts-noto-cjk',
    isThere: () => output('fc-list', ':lang=zh') !== '',
  },
  {
    what: 'the command prlimit, of util-linux',
    name: 'util-linux',
    isThere: () => works('prlimit', '--version'),
  },
  { what: 'the C compiler cc', name: 'gcc', isThere: () => works('cc', '--version') },
  {
    what: 'the headers of the C library',
    name: 'libc6-dev',
    isThere: () => existsSync('/usr/include/stdio.h'),
  },
];

const browsers: readonly Tool[] = [
  {
    what: `the browser ${FIREFOX}`,
    name: 'firefox-esr',
    isThere: () => existsSync(FIREFOX),
  },
  {
    what: `the driver ${WEBKIT_DRIVER}`,
    name: 'webkit2gtk-driver',
    isThere: () => existsSync(WEBKIT_DRIVER),
  },
  {
    what: `the display ${DISPLAY_SERVER}`,
    name: 'xvfb',
    isThere: () => existsSync(DISPLAY_SERVER),
  },
];

const redis: Tool = {
  what: 'the program redis-server',
  name: 'redis-server',
  isThere: () => works(process.env.REDIS_SERVER ?? 'redis-server', '--version'),
};

const tools = [
  ...always,
  ...(process.argv.includes('--browsers') ? browsers : []),
  ...(process.argv.includes('--redis') ? [redis] : []),
];

function output(command: string, ...args: string[]): string {
  return spawnSync(command, args, { encoding: 'utf8' }).stdout?.trim() ?? '';
}

function works(command: string, ...args: string[]): boolean {
  return spawnSync(command, args).status === 0;
}

function run(command: string, ...args: string[]): boolean {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'], env }).status === 0;
}

const missing = () => tools.filter((tool) => !tool.isThere());

const packages = missing().map(({ name }) => name);
if (packages.length > 0 && process.getuid?.() === 0 && works('apt-get', '--version')) {
  console.log(`Installing for the tests: ${packages.join(', ')}`);
  run('apt-get', 'update');
  run('apt-get', 'install', '--yes', '--no-install-recommends', ...packages);
}
const still = missing().filter((tool) => !tool.isReplaced?.());
if (still.length > 0) {
  console.error(`The tests need ${still.map(({ what }) => what).join(', and ')}.`);
  console.error(`On Debian: apt-get install ${still.map(({ name }) => name).join(' ')}`);
  process.exit(1);
}
