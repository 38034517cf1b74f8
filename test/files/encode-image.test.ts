import assert from 'node:assert/strict';
import { after, suite, test } from 'node:test';
import { type Encoded, encode, startVips } from '../../server/files/encode-image.ts';
import type { PictureKind } from '../../server/files/sniff.ts';
import { animation, look, picture } from '../support/pictures.ts';

const FORMATS = [
  ['jpeg', 'jpeg', 'image/jpeg'],
  ['png', 'png', 'image/png'],
  ['webp', 'webp', 'image/webp'],
  ['gif', 'gif', 'image/webp'],
  ['heif', 'avif', 'image/webp'],
] as const;
/** How many bytes are damaged, and at how many places of the file in turn. */
const DAMAGE = { bytes: 20, places: 20 } as const;

const vips = await startVips('avif');
after(() => vips.shutdown());

/** What becomes of an image: the refusal, or its size. */
function outcome(bytes: Uint8Array, kind: PictureKind): string {
  const encoded = encode(vips, bytes, kind);
  if ('refused' in encoded) return encoded.refused;
  return `${encoded.picture.width} × ${encoded.picture.height}`;
}

suite('An image that is encoded again', () => {
  for (const [format, kind, type] of FORMATS) {
    test(`from ${kind} is ${type}`, async () => {
      const encoded = encode(vips, await picture(format, 60, 40), kind) as Encoded;
      assert.deepEqual(encoded.picture, { type, width: 60, height: 40, preview: null });
      const seen = await look(Buffer.from(encoded.image));
      assert.deepEqual([seen.width, seen.height, seen.frames], [60, 40, 1]);
    });

    test(`from ${kind} that is damaged is refused, or shows what is left`, async () => {
      const whole = await picture(format, 60, 40);
      for (let place = 0; place < DAMAGE.places; place += 1) {
        const damaged = Buffer.from(whole);
        const at = Math.floor((whole.length * place) / DAMAGE.places);
        damaged.subarray(at, at + DAMAGE.bytes).fill(0xa5);
        assert.match(
          outcome(damaged, kind),
          /^(broken-picture|picture-too-large|image-too-complex|\d+ × \d+)$/,
          `at ${at}`,
        );
      }
      assert.equal(outcome(whole.subarray(0, 30), kind), 'broken-picture');
    });
  }

  test('keeps its frames', async () => {
    const { picture: spec, image } = encode(vips, await animation(4), 'gif') as Encoded;
    assert.deepEqual([(await look(Buffer.from(image))).frames, spec.height], [4, 60]);
  });

  test('is not even decoded where it says that it is too large', async () => {
    const bomb = await picture('png', 60, 40);
    bomb.writeUInt32BE(60_000, 16);
    bomb.writeUInt32BE(60_000, 20);
    assert.equal(outcome(bomb, 'png'), 'picture-too-large');
  });
});
