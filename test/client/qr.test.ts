import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encode } from 'uqr';
import { qrCode } from '../../static/client/lib/qr.ts';

test('A QR code has four white modules around it (ISO/IEC 18004).', () => {
  const link = 'https://chat.example/rooms/class';
  const { size } = encode(link, { border: 0 });
  const svg = qrCode(link);
  const [, width] = /viewBox="0 0 (\d+) \d+"/.exec(svg) ?? [];
  const modules = Number(width) / (size + 8);
  assert.ok(Number.isInteger(modules), `${width} for ${size} modules`);
  const [, path = ''] = /<path[^>]* d="([^"]+)"/.exec(svg) ?? [];
  const starts = [...path.matchAll(/M(\d+),(\d+)/g)].map(([, x, y]) => [Number(x), Number(y)]);
  const least = (axis: 0 | 1) => Math.min(...starts.map((start) => start[axis] ?? 0)) / modules;
  assert.deepEqual([least(0), least(1)], [4, 4]);
});
