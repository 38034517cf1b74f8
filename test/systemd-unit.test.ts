import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

/** In tenths: what systemd calls an exposure of 2.0 of 10. */
const MAX_EXPOSURE = 20;

for (const path of ['typhoon.service', 'cluster/nats-server.service']) {
  test(`The unit ${path} of a release is hardened: systemd-analyze security rates it below 2.0.`, () => {
    const file = fileURLToPath(new URL(`../scripts/release/${path}`, import.meta.url));
    const options = ['--offline=true', '--no-pager', `--threshold=${MAX_EXPOSURE}`];
    const checked = spawnSync('systemd-analyze', ['security', ...options, file], {
      encoding: 'utf8',
    });
    assert.equal(checked.status, 0, checked.stdout + checked.stderr);
    assert.match(checked.stdout, /Overall exposure level for [\w-]+\.service: [01]\.\d/);
  });
}
