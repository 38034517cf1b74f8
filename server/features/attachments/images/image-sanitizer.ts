import { ChatError } from '../../../core/errors.ts';
import { JobQueue } from '../../../limits/job-queue.ts';
import type { OperatorLog } from '../../../operator-log.ts';
import type { DiskSpace } from '../disk-space.ts';
import type { ImageAnswer, ImageTask } from './image-worker.ts';
import { type ImageOutcome, runImageProcess } from './run-image-process.ts';

/** The maximum size of an image with its preview, in bytes: 13 megapixels of noise as PNG. */
const MAX_OUTPUT_BYTES = 60 * 1024 * 1024;
/** When to retry if it waited too long, or the machine was out of time or memory. */
const RETRY_S = 10;

/** The time limits of one image. */
export interface ImageLimits {
  /** Processor time: the largest accepted image needs half of it. */
  readonly maxCpuMs: number;
  /** Total time, for a machine that is busy. */
  readonly maxMs: number;
  /** How long it waits for its turn before that. */
  readonly maxWaitMs: number;
}

/** The processor time that an image may take. */
export const MAX_IMAGE_CPU_MS = 20_000;

/** The client that an image is processed for. */
export interface ImageClient {
  readonly address: string;
  /** Aborted, with a ChatError, when the client no longer waits for the image. */
  readonly signal: AbortSignal;
}

type SanitizedImage = Extract<ImageAnswer, { readonly size: number }>;

/** Re-encodes images, one at a time and fairly among the addresses, each in its own process. */
export class ImageSanitizer {
  readonly #space: DiskSpace;
  readonly #operatorLog: OperatorLog;
  readonly #limits: ImageLimits;
  /** No more wait than there are uploads. */
  readonly #queue = new JobQueue({});
  readonly #closing = new AbortController();

  constructor(space: DiskSpace, operatorLog: OperatorLog, limits: ImageLimits) {
    this.#space = space;
    this.#operatorLog = operatorLog;
    this.#limits = limits;
  }

  /**
   * @throws ChatError if the image can't be read, needs too much, or would have to wait too long
   * @throws a system error, with its code
   */
  sanitize(task: ImageTask, { address, signal }: ImageClient): Promise<SanitizedImage> {
    const waiting = new AbortController();
    const timer = setTimeout(
      () => waiting.abort(new ChatError('too-many-images', { count: RETRY_S })),
      this.#limits.maxWaitMs,
    );
    const gone = AbortSignal.any([signal, this.#closing.signal]);
    const process = async () => {
      clearTimeout(timer);
      const hold = await this.#space.hold(MAX_OUTPUT_BYTES);
      try {
        const { maxCpuMs, maxMs } = this.#limits;
        return this.#read(await runImageProcess({ ...task, maxCpuMs }, maxMs, gone), task);
      } finally {
        hold.release();
      }
    };
    const either = AbortSignal.any([gone, waiting.signal]);
    return this.#queue.run(address, process, either).finally(() => clearTimeout(timer));
  }

  /** Cancels the images that are processed or wait. */
  close(): void {
    this.#closing.abort(new ChatError('shutting-down'));
  }

  #read(outcome: ImageOutcome, { kind }: ImageTask): SanitizedImage {
    if ('size' in outcome) return outcome;
    if ('refused' in outcome) throw new ChatError(outcome.refused, outcome.details);
    if ('failed' in outcome)
      throw Object.assign(new Error(outcome.failed), { code: outcome.failed });
    const { gaveUp } = outcome;
    this.#operatorLog.report('image-given-up', { reason: gaveUp, kind });
    if (gaveUp === 'overdue' || gaveUp === 'killed')
      throw new ChatError('overloaded', { count: RETRY_S });
    throw new ChatError('image-too-complex');
  }
}
