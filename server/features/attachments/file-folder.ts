import { type FileHandle, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { OperatorLog } from '../../operator-log.ts';

/** An upload in progress; after a crash it belongs to nothing. */
const DRAFT = /^[\da-f]{32}(\.clean|\.preview)?(\.fetched)?\.part$/;
/** A file, or the preview of an image, under its id. */
const FILE = /^[\da-f]{32}(\.preview)?$/;

/** Whether it is a complete file. */
export function isFileName(name: string): boolean {
  return FILE.test(name);
}

/** The id of a file, or of the image of a preview. */
export function idOf(name: string): string {
  return name.slice(0, 32);
}

/** How a file and its preview are called. */
export function namesOf(id: string): readonly [file: string, preview: string] {
  return [id, `${id}.preview`];
}

/** The directory of the files, which are called by their ids. */
export class FileFolder {
  readonly path: string;
  readonly #operatorLog: OperatorLog;
  #directory: FileHandle | undefined;

  constructor(path: string, operatorLog: OperatorLog) {
    this.path = path;
    this.#operatorLog = operatorLog;
  }

  /** Removes what a crash has left of uploads in progress: none is in progress now. */
  async removeDrafts(): Promise<void> {
    const drafts = (await readdir(this.path)).filter((name) => DRAFT.test(name));
    for (const draft of drafts) await rm(this.#at(draft), { force: true });
  }

  async open(): Promise<void> {
    // Windows opens no directories, and doesn't need to.
    this.#directory = await open(this.path).catch(() => undefined);
  }

  file(name: string): string {
    return this.#at(name);
  }

  /** The preview of an image. */
  preview(id: string): string {
    return this.#at(namesOf(id)[1]);
  }

  /** Where a file is written that comes from another node. */
  fetched(name: string): string {
    return this.#at(`${name}.fetched.part`);
  }

  /** The files and previews that are here. */
  async names(): Promise<readonly string[]> {
    return (await readdir(this.path)).filter(isFileName);
  }

  /** The paths of an upload in progress. */
  draftsOf(id: string) {
    return {
      source: this.#at(`${id}.part`),
      target: this.#at(`${id}.clean.part`),
      preview: this.#at(`${id}.preview.part`),
    };
  }

  /** Resolves when new names are on the disk. */
  async sync(): Promise<void> {
    await this.#directory?.sync();
  }

  async remove(id: string): Promise<void> {
    for (const file of [this.file(id), this.preview(id)]) {
      try {
        await rm(file, { force: true });
      } catch (error) {
        // It is moved aside at the next start.
        this.#operatorLog.report('file-not-removed', { reason: String(error) });
      }
    }
  }

  async close(): Promise<void> {
    await this.#directory?.close();
  }

  #at(name: string): string {
    return join(this.path, name);
  }
}
