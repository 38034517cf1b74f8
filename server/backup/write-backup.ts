import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { TarPackController } from 'modern-tar';
import manifest from '../../package.json' with { type: 'json' };
import { StartupError } from '../core/errors.ts';
import type { LogPosition } from '../core/log.ts';
import { Compaction } from '../storage/compaction.ts';
import { DATABASE } from '../storage/file-names.ts';
import { writeWhole } from '../storage/whole-file.ts';
import { packer } from './archive.ts';
import { assertSound, copyDatabase, filesAfter, positionOf, readCopy } from './database-copy.ts';
import { encryption } from './encryption.ts';
import { type Entries, MANIFEST, type Manifest, parsePosition } from './manifest.ts';

interface BackupOptions {
  /** The data directory. */
  readonly data: string;
  /** The file to write, which must not exist. */
  readonly file: string;
  /** Encrypts the backup. */
  readonly password?: string | undefined;
  /** A cursor: of the uploads, only those after it are in the backup. */
  readonly since?: string | undefined;
}

/**
 * Writes the database, the uploads and the keys of a data directory into one file, while a server may
 * use it. The database is a snapshot; the uploads are those that it names. Whatever happens, the file
 * is complete or not there.
 * @throws StartupError, a sentence for the operator
 */
export async function writeBackup({
  data,
  file,
  password,
  since,
}: BackupOptions): Promise<Manifest> {
  const folder = resolve(data);
  return writeWhole(file, async (part, draft) => {
    const copy = join(draft, DATABASE);
    await copyDatabase(join(folder, DATABASE), copy);
    const { position, ids } = readCopy(copy, (db) => {
      assertSound(db, join(folder, DATABASE));
      // What was erased is in the pages that were copied until the database is compacted.
      if (new Compaction(folder).isDue) db.exec('VACUUM');
      const position = positionOf(db);
      return { position, ids: filesAfter(db, startOf(since, position)) };
    });
    const { archive, controller } = packer();
    const steps = [createGzip({ level: 1 }), ...(password ? [await encryption(password)] : [])];
    const written = pipeline([
      archive,
      ...steps,
      createWriteStream(part, { mode: 0o600, flush: true }),
    ]);
    const packed = new Packer(controller).pack(folder, copy, ids, {
      cursor: `${position.epoch}.${position.head}`,
      ...(since !== undefined && { since }),
    });
    // A write that fails ends the packing, and the other way round.
    packed.catch((error) => controller.error(error));
    const [made] = await Promise.all([packed, written]);
    return made;
  });
}

/** @throws StartupError where it is not a position that this log had */
function startOf(since: string | undefined, { epoch, head }: LogPosition): number {
  if (since === undefined) return 0;
  const start = parsePosition(since);
  if (start.epoch === epoch && start.head <= head) return start.head;
  throw new StartupError(
    `${since} is not a position of this log, which is at ${epoch}.${head}: make a full backup.`,
  );
}

/** Puts entries into an archive, and notes what they are. */
class Packer {
  readonly #controller: TarPackController;
  readonly #entries: Entries = {};

  constructor(controller: TarPackController) {
    this.#controller = controller;
  }

  async pack(
    folder: string,
    copy: string,
    ids: readonly string[],
    about: Pick<Manifest, 'cursor' | 'since'>,
  ): Promise<Manifest> {
    await this.#add(DATABASE, copy);
    await this.#add('secret', join(folder, 'secret'));
    const missing: string[] = [];
    for (const id of ids) {
      if (!(await this.#add(`files/${id}`, join(folder, 'files', id)))) missing.push(id);
      await this.#add(`files/${id}.preview`, join(folder, 'files', `${id}.preview`));
    }
    const made: Manifest = {
      format: 1,
      version: manifest.version,
      at: new Date().toISOString(),
      ...about,
      entries: this.#entries,
      missing,
    };
    const text = Buffer.from(JSON.stringify(made, null, 1));
    const body = this.#controller.add({ name: MANIFEST, size: text.length, mode: 0o600 });
    await pipeline(Readable.from([text]), Writable.fromWeb(body));
    this.#controller.finalize();
    return made;
  }

  /** False where the file does not exist. It may be deleted while it is read. */
  async #add(name: string, path: string): Promise<boolean> {
    const handle = await openIfThere(path);
    if (!handle) return false;
    await using _ = handle;
    const { size } = await handle.stat();
    const hash = createHash('sha256');
    const body = this.#controller.add({ name, size, mode: 0o600 });
    await pipeline(
      createReadStream(path, { fd: handle, autoClose: false }),
      async function* (chunks) {
        for await (const chunk of chunks) {
          hash.update(chunk);
          yield chunk;
        }
      },
      Writable.fromWeb(body),
    );
    this.#entries[name] = { bytes: size, sha256: hash.digest('hex') };
    return true;
  }
}

async function openIfThere(path: string) {
  try {
    return await open(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
