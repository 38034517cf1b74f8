import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from './support/server.ts';

/** In tenths: what systemd calls an exposure of 2.0 of 10. */
const MAX_EXPOSURE = 20;

test('The unit of docs/deployment.md is hardened: systemd-analyze security rates it below 2.0.', (t) => {
  const page = readFileSync(new URL('../docs/deployment.md', import.meta.url), 'utf8');
  const [, unit] = /```ini\n(\[Unit\].*?)```/s.exec(page) ?? [];
  assert.ok(unit);
  const file = join(temporaryFolder(t), 'typhoon.service');
  writeFileSync(file, unit);
  const options = ['--offline=true', '--no-pager', `--threshold=${MAX_EXPOSURE}`];
  const checked = spawnSync('systemd-analyze', ['security', ...options, file], {
    encoding: 'utf8',
  });
  assert.equal(checked.status, 0, checked.stdout + checked.stderr);
  assert.match(checked.stdout, /Overall exposure level for typhoon\.service: [01]\.\d/);
});
