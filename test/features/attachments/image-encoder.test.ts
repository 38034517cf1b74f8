import assert from 'node:assert/strict';
import { after, suite, test } from 'node:test';
import { crc32 } from 'node:zlib';
import { boxOf } from '../../../server/features/attachments/images/image-bounds.ts';
import type { Encoded } from '../../../server/features/attachments/images/image-encoder.ts';
import { openVipsEncoder } from '../../../server/features/attachments/images/vips-encoder.ts';
import type { PictureKind } from '../../../server/features/attachments/sniff.ts';
import {
  AVIF,
  animation,
  createImage,
  decodeImage,
  type Format,
  fromPhone,
} from '../../support/images.ts';

const FORMATS = [
  ['jpeg', 'jpeg', 'image/jpeg'],
  ['png', 'png', 'image/png'],
  ['webp', 'webp', 'image/webp'],
  ['gif', 'gif', 'image/webp'],
  ['avif', 'avif', 'image/webp'],
] as const;
/** How many bytes are damaged, and at how many places of the file in turn. */
const DAMAGE = { bytes: 20, places: 20 } as const;

const encoder = await openVipsEncoder('avif');
after(() => encoder.close());

async function sample(format: Format | 'avif'): Promise<Buffer> {
  return format === 'avif' ? AVIF : createImage(format, 60, 40);
}

/** What becomes of an image: the refusal, or its size. */
function outcome(bytes: Uint8Array, kind: PictureKind): string {
  const encoded = encoder.encode(bytes, kind);
  if ('refused' in encoded) return encoded.refused;
  return `${encoded.picture.width} × ${encoded.picture.height}`;
}

suite('An image that is encoded again', () => {
  for (const [format, kind, type] of FORMATS) {
    test(`from ${kind} is ${type}`, async () => {
      const encoded = encoder.encode(await sample(format), kind) as Encoded;
      assert.deepEqual(encoded.picture, { type, width: 60, height: 40, preview: null });
      const seen = await decodeImage(Buffer.from(encoded.image));
      assert.deepEqual([seen.width, seen.height, seen.frames], [60, 40, 1]);
    });

    test(`from ${kind} that is damaged is rejected, or shows what is left`, async () => {
      const whole = await sample(format);
      for (let place = 0; place < DAMAGE.places; place += 1) {
        const damaged = Buffer.from(whole);
        const at = Math.floor((whole.length * place) / DAMAGE.places);
        damaged.subarray(at, at + DAMAGE.bytes).fill(0xa5);
        assert.match(
          outcome(damaged, kind),
          /^(broken-image|image-too-large|image-too-complex|\d+ × \d+)$/,
          `at ${at}`,
        );
      }
      assert.equal(outcome(whole.subarray(0, 30), kind), 'broken-image');
    });
  }

  test('keeps its frames', async () => {
    const { picture: spec, image } = encoder.encode(await animation(4), 'gif') as Encoded;
    assert.deepEqual([(await decodeImage(Buffer.from(image))).frames, spec.height], [4, 60]);
  });

  test('is not even decoded where its header declares too large a size', async () => {
    const bomb = await createImage('png', 60, 40);
    bomb.writeUInt32BE(60_000, 16);
    bomb.writeUInt32BE(60_000, 20);
    assert.equal(outcome(bomb, 'png'), 'image-too-large');
  });
});

suite('The size of an image', () => {
  const IMAGE = { longest: 2_560, shortest: 1_280, area: 13e6 };
  for (const [width, height, expected] of [
    [1_080, 12_000, '1080 × 12000'],
    [12_000, 1_080, '12000 × 1080'],
    [1_290, 20_000, '916 × 14197'],
    [4_000, 3_000, '2560 × 1920'],
    [3_000, 4_000, '1920 × 2560'],
    [7_000, 7_000, '2560 × 2560'],
    [500, 400, '500 × 400'],
    [1_000_000, 50, '16000 × 1'],
  ] as const) {
    test(`of ${width} × ${height} pixels becomes ${expected}`, () => {
      const box = boxOf({ width, height }, IMAGE);
      assert.equal(`${box.width} × ${box.height}`, expected);
      assert.ok(box.width * box.height <= 1.001 * IMAGE.area);
    });
  }

  test('stays that of a long screenshot, and its preview can be recognized', async () => {
    const encoded = encoder.encode(await createImage('png', 1_080, 12_000), 'png') as Encoded;
    assert.deepEqual([encoded.picture.width, encoded.picture.height], [1_080, 12_000]);
    assert.deepEqual(encoded.picture.preview, { width: 192, height: 2_133 });
  });

  test('is the displayed size where the camera was held sideways', async () => {
    const photo = fromPhone(await createImage('jpeg', 3_000, 600), 6);
    const encoded = encoder.encode(photo, 'jpeg') as Encoded;
    assert.deepEqual([encoded.picture.width, encoded.picture.height], [600, 3_000]);
  });
});

suite('An animation', () => {
  test('is reported as one where it is preserved, and as a still image where it is not', async () => {
    const gif = encoder.encode(await animation(4), 'gif') as Encoded;
    assert.deepEqual([gif.picture.isAnimated, gif.picture.isFirstFrame], [true, undefined]);
    const png = encoder.encode(await createImage('png', 60, 40), 'png') as Encoded;
    assert.deepEqual([png.picture.isAnimated, png.picture.isFirstFrame], [undefined, undefined]);
    const apng = encoder.encode(animatedPng(await createImage('png', 60, 40)), 'png') as Encoded;
    assert.deepEqual([apng.picture.isAnimated, apng.picture.isFirstFrame], [undefined, true]);
    const avif = encoder.encode(animatedAvif(AVIF), 'avif') as Encoded;
    assert.equal(avif.picture.isFirstFrame, true);
  });
});

/** The same PNG with the chunk that begins an animation, before its image. */
function animatedPng(png: Buffer): Buffer {
  const chunk = Buffer.alloc(20);
  chunk.writeUInt32BE(8, 0);
  chunk.write('acTL', 4);
  chunk.writeUInt32BE(2, 8);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 16)), 16);
  // After the signature and the header.
  return Buffer.concat([png.subarray(0, 33), chunk, png.subarray(33)]);
}

/** The same AVIF under the brand of those that move. */
function animatedAvif(avif: Buffer): Buffer {
  const animated = Buffer.from(avif);
  animated.write('avis', animated.indexOf('avif', 12));
  return animated;
}
