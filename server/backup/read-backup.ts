import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { StartupError } from '../core/errors.ts';
import { unpack } from './archive.ts';
import { decryption, HEADER_BYTES, isEncrypted } from './encryption.ts';
import { ENTRY, type Entries, MANIFEST, type Manifest, parseManifest } from './manifest.ts';

/** A manifest has some 150 bytes for each file. */
const MAX_MANIFEST_BYTES = 256 * 1024 * 1024;

/**
 * Unpacks a backup into a folder, and compares all of it to its manifest.
 * @throws StartupError where it is not a backup, is damaged or incomplete, or the password is wrong
 */
export async function unpackBackup(
  file: string,
  folder: string,
  password: string | undefined,
): Promise<Manifest> {
  const steps = await decoders(file, password);
  const reader = new Unpacker(folder);
  try {
    await pipeline([...steps, (chunks: Readable) => reader.unpack(chunks)]);
  } catch (error) {
    throw explained(file, error);
  }
  try {
    return reader.verified();
  } catch (error) {
    throw explained(file, error);
  }
}

/** The streams from the bytes of the file to those of the archive. */
async function decoders(file: string, password: string | undefined) {
  const header = await firstBytes(file);
  if (!isEncrypted(header)) return [createReadStream(file), createGunzip()] as const;
  if (!password) throw new StartupError(`${file} is encrypted: give its password.`);
  const decrypted = await decryption(password, header);
  return [createReadStream(file, { start: HEADER_BYTES }), decrypted, createGunzip()] as const;
}

async function firstBytes(file: string): Promise<Buffer> {
  await using handle = await open(file);
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEADER_BYTES), 0, HEADER_BYTES, 0);
  return buffer.subarray(0, bytesRead);
}

/** Errors of the disk say enough; all others mean that the file is not what it should be. */
function explained(file: string, error: unknown): unknown {
  if (error instanceof Error && 'syscall' in error) return error;
  const reason =
    error instanceof StartupError ? error.message : 'it is not a backup, or it is damaged.';
  return new StartupError(`Cannot read ${file}: ${reason}`, { cause: error });
}

/** Writes the entries of an archive into a folder. */
class Unpacker {
  readonly #folder: string;
  readonly #found: Entries = {};
  #manifest: Manifest | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async unpack(chunks: Readable): Promise<void> {
    for await (const { header, body } of unpack(chunks)) {
      const { name, type = 'file', size } = header;
      if (type !== 'file' || this.#manifest)
        throw new StartupError('it is not a backup of Typhoon.');
      if (name === MANIFEST) this.#manifest = await readManifest(body, size);
      else if (ENTRY.test(name)) await this.#write(name, body);
      else throw new StartupError('it is not a backup of Typhoon.');
    }
  }

  async #write(name: string, body: Readable): Promise<void> {
    const path = join(this.#folder, name);
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const hash = createHash('sha256');
    let bytes = 0;
    const measured = new Transform({
      transform(chunk, _encoding, done) {
        hash.update(chunk);
        bytes += chunk.length;
        done(null, chunk);
      },
    });
    // A backup of several files has some of them twice: the last counts.
    await pipeline(body, measured, createWriteStream(path, { mode: 0o600, flush: true }));
    this.#found[name] = { bytes, sha256: hash.digest('hex') };
  }

  /** @throws StartupError where the entries are not those of the manifest */
  verified(): Manifest {
    if (!this.#manifest) throw new StartupError('it is incomplete: it was cut off.');
    const names = new Set([...Object.keys(this.#manifest.entries), ...Object.keys(this.#found)]);
    for (const name of names) {
      const [expected, found] = [this.#manifest.entries[name], this.#found[name]];
      if (expected?.sha256 !== found?.sha256 || expected?.bytes !== found?.bytes)
        throw new StartupError(`${name} in it is damaged or missing.`);
    }
    return this.#manifest;
  }
}

async function readManifest(body: Readable, size: number): Promise<Manifest> {
  if (size > MAX_MANIFEST_BYTES) throw new StartupError('its manifest is too large.');
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return parseManifest(Buffer.concat(chunks).toString());
}
