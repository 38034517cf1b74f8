import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { freePort, freePorts } from '../scripts/free-ports.ts';

/** So many that random numbers would be equal. */
const COUNT = 600;

suite('Free ports', () => {
  test('are not given twice, even if nothing listens there yet', async () => {
    const ports: number[] = [];
    while (ports.length < COUNT) ports.push(await freePort(), ...(await freePorts(2)));
    assert.equal(new Set(ports).size, ports.length);
  });
});
