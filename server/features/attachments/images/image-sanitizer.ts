import { ChatError } from '../../../core/errors.ts';
import type { OperatorLog } from '../../../operator-log.ts';
import type { DiskSpace } from '../disk-space.ts';
import { ImageQueue } from './image-queue.ts';
import type { ImageAnswer, ImageTask } from './image-worker.ts';
import { type ImageOutcome, runImageProcess } from './run-image-process.ts';

/** The most that an image and its preview become, in bytes: 13 megapixels of noise as PNG. */
const MAX_OUTPUT_BYTES = 60 * 1024 * 1024;
/** When to try again what the machine had no time or memory for. */
const RETRY_S = 10;

/** How long one image may take. */
export interface ImageLimits {
  /** Of processor time: the largest image that is taken needs half of it. */
  readonly maxCpuMs: number;
  /** In all, where the machine has much else to do. */
  readonly maxMs: number;
}

const LIMITS: ImageLimits = { maxCpuMs: 20_000, maxMs: 60_000 };

/** For whom an image is processed. */
export interface ImageClient {
  readonly address: string;
  /** Aborted, with a ChatError, when nobody waits for the image any more. */
  readonly signal: AbortSignal;
}

export type SanitizedImage = Extract<ImageAnswer, { readonly size: number }>;

/** Makes images anew, one at a time and fairly among the addresses, each in a process of its own. */
export class ImageSanitizer {
  readonly #space: DiskSpace;
  readonly #operatorLog: OperatorLog;
  readonly #limits: ImageLimits;
  readonly #queue = new ImageQueue();
  readonly #closing = new AbortController();

  constructor(space: DiskSpace, operatorLog: OperatorLog, limits = LIMITS) {
    this.#space = space;
    this.#operatorLog = operatorLog;
    this.#limits = limits;
  }

  /**
   * @throws ChatError where the image cannot be read, takes too much, or would have to wait too long
   * @throws an error of the system, with its code
   */
  sanitize(task: ImageTask, { address, signal }: ImageClient): Promise<SanitizedImage> {
    const either = AbortSignal.any([signal, this.#closing.signal]);
    return this.#queue.run(address, either, async () => {
      const hold = await this.#space.hold(MAX_OUTPUT_BYTES);
      try {
        const { maxCpuMs, maxMs } = this.#limits;
        return this.#read(await runImageProcess({ ...task, maxCpuMs }, maxMs, either), task);
      } finally {
        hold.release();
      }
    });
  }

  /** Gives up the images that are processed or wait. */
  close(): void {
    this.#closing.abort(new ChatError('closing'));
  }

  #read(outcome: ImageOutcome, { kind }: ImageTask): SanitizedImage {
    if ('size' in outcome) return outcome;
    if ('refused' in outcome) throw new ChatError(outcome.refused, outcome.details);
    if ('failed' in outcome)
      throw Object.assign(new Error(outcome.failed), { code: outcome.failed });
    const { gaveUp } = outcome;
    this.#operatorLog.report('image-given-up', { reason: gaveUp, kind });
    if (gaveUp === 'overdue' || gaveUp === 'killed')
      throw new ChatError('busy', { count: RETRY_S });
    throw new ChatError('image-too-complex');
  }
}
