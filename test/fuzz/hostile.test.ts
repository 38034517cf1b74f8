import assert from 'node:assert/strict';
import { after, suite, test } from 'node:test';
import { AttackedServers } from '../../scripts/bench/hostile/attacked-servers.ts';
import { type Case, nameOf } from '../../scripts/bench/hostile/case.ts';
import { BOUND_MS, ended, measure } from '../../scripts/bench/hostile/measure.ts';
import { parts } from '../../scripts/bench/hostile/parts.ts';

/** The worst inputs of the benchmark, of each kind. */
const WORST =
  /^(combining marks out of order, 64 KB|combining marks out of order|one name|nested arrays, 64 KB|half codes|multipart: starts of a boundary|of one byte|a thousand messages)$/;

/** CPU time on a machine that does other things, too. */
const MARGIN = 3;

/** The endpoints, parts and commands with their worst inputs. */
function sample(name: string): readonly Case[] {
  const part = parts.find((attack) => attack.name === name);
  return [...(part?.cases() ?? [])].filter(({ input }) => WORST.test(input));
}

suite('Hostile input does not block the event loop', () => {
  const servers = new AttackedServers({ isLimited: false });
  after(() => servers.close());

  for (const [what, part] of [
    ['every part of a request to every endpoint', 'endpoints'],
    ['every field of every command', 'commands'],
    ['every frame', 'frames'],
  ] as const) {
    test(`in ${what}`, async () => {
      const cases = sample(part);
      assert.ok(cases.length > 20, `${cases.length} cases`);
      const over: string[] = [];
      for (const attack of cases) {
        const row = (await servers.use((server) => measure(server, attack))) ?? ended(attack);
        if (row.longestMs > MARGIN * BOUND_MS) over.push(`${nameOf(attack)}: ${row.longestMs} ms`);
      }
      assert.deepEqual(over, []);
    });
  }
});
