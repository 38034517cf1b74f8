import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { Refusal } from '../errors.ts';
import type { PictureAnswer, PictureTask } from './picture-thread.ts';
import type { PictureKind } from './sniff.ts';

/** No picture takes so long that is what it seems to be, even where the machine has much to do. */
const MOST_MS = 120_000;
/** Pictures that may wait for their turn. */
const MOST_WAITING = 30;
/** Of all the frames of a picture together. */
const MOST_MEGAPIXELS = 50;

export type CleanPicture = Extract<PictureAnswer, { readonly bytes: Uint8Array }>;

/** Makes pictures anew, one after the other, each in a thread of its own. */
export class Pictures {
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #worker: Worker | undefined;
  #isClosed = false;

  /** @throws Refusal where it cannot be read, or is too large */
  async clean(file: string, kind: PictureKind): Promise<CleanPicture> {
    if (this.#waiting >= MOST_WAITING) throw new Refusal('busy');
    this.#waiting += 1;
    const turn = this.#last.then(() =>
      this.#run({ file, kind, mostPixels: MOST_MEGAPIXELS * 1e6 }),
    );
    this.#last = turn.catch(() => {});
    try {
      return await turn;
    } finally {
      this.#waiting -= 1;
    }
  }

  /** Gives up those that are under way. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#worker?.terminate();
    await this.#last;
  }

  async #run(task: PictureTask): Promise<CleanPicture> {
    if (this.#isClosed) throw new Refusal('closing');
    const worker = new Worker(new URL('./picture-thread.ts', import.meta.url), {
      workerData: task,
      // What the decoder has to say about a picture is for nobody.
      stdout: true,
      stderr: true,
    });
    this.#worker = worker;
    const timer = setTimeout(() => worker.terminate(), MOST_MS);
    try {
      const answered: Promise<PictureAnswer[]> = once(worker, 'message');
      const [answer] = (await Promise.race([answered, once(worker, 'exit').then(() => [])])) ?? [];
      if (answer && 'bytes' in answer) return answer;
      if (this.#isClosed) throw new Refusal('closing');
      throw new Refusal(answer?.refused ?? 'broken-picture', { max: MOST_MEGAPIXELS });
    } finally {
      clearTimeout(timer);
      await worker.terminate();
    }
  }
}
