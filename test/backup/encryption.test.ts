import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { suite, test } from 'node:test';
import { decryption, encryption, HEADER_BYTES } from '../../server/backup/encryption.ts';

const CHUNK = 64 * 1024;
const OVERHEAD = 16;
/** Hardly any. */
const COST = { N: 2, r: 1, p: 1, maxmem: 2 ** 20 };

async function encrypt(text: Buffer): Promise<Buffer> {
  return buffer(Readable.from([text]).pipe(await encryption('password', COST)));
}

async function decrypt(bytes: Buffer): Promise<Buffer> {
  const stream = await decryption('password', bytes.subarray(0, HEADER_BYTES), COST);
  return buffer(Readable.from([bytes.subarray(HEADER_BYTES)]).pipe(stream));
}

suite('The encryption of backups', () => {
  test('restores any length: nothing, one chunk, one byte more, several.', async () => {
    for (const length of [0, 1, CHUNK, CHUNK + 1, 3 * CHUNK]) {
      const text = randomBytes(length);
      assert.ok((await decrypt(await encrypt(text))).equals(text), `${length}`);
    }
  });

  test('detects chunks that are swapped, repeated, left out at the end, or of another file.', async () => {
    const bytes = await encrypt(randomBytes(3 * CHUNK));
    const header = bytes.subarray(0, HEADER_BYTES);
    const size = CHUNK + OVERHEAD;
    const [a, b, c] = [0, 1, 2].map((n) => {
      const start = HEADER_BYTES + n * size;
      return bytes.subarray(start, start + size);
    }) as [Buffer, Buffer, Buffer];
    assert.equal((await decrypt(Buffer.concat([header, a, b, c]))).length, 3 * CHUNK);
    for (const chunks of [[b, a, c], [a, a, c], [a, b], [a, b, c, c], [a, c], []]) {
      await assert.rejects(decrypt(Buffer.concat([header, ...chunks])), /damaged/);
    }
    for (const at of [0, 20, HEADER_BYTES + 1, bytes.length - 1]) {
      const changed = Buffer.from(bytes);
      changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
      await assert.rejects(decrypt(changed), /damaged/, `${at}`);
    }
    await assert.rejects(decrypt(bytes.subarray(0, -1)), /damaged/);
    await assert.rejects(decrypt(Buffer.concat([bytes, Buffer.alloc(1)])), /damaged/);
    const other = await encrypt(randomBytes(1));
    const mixed = Buffer.concat([other.subarray(0, HEADER_BYTES), a, b, c]);
    await assert.rejects(decrypt(mixed), /the password is wrong, or the backup is damaged/);
  });
});
