import { timeAmong } from '../../lib/clock.ts';
import { t } from '../../lib/messages.ts';
import { PollDrawing } from './poll-drawing.ts';
import type { VoteHistory } from './vote-history.ts';

/** The duration of the replay, however long the votes took. */
const WHOLE_MS = 6_000;
/** The longest that one vote is shown. */
const MAX_STEP_MS = 1_000;

/** Replays how the votes of a poll came in, as animated columns: automatically, or by a slider. */
export class PollReplay {
  readonly element = document.createElement('div');
  readonly #course: VoteHistory;
  readonly #canvas = document.createElement('canvas');
  readonly #slider = document.createElement('input');
  readonly #play = document.createElement('button');
  readonly #time = document.createElement('p');
  readonly #isStill = matchMedia('(prefers-reduced-motion: reduce)').matches;
  #drawing: PollDrawing | undefined;
  #playing: ReturnType<typeof setInterval> | undefined;

  constructor(course: VoteHistory) {
    this.#course = course;
    const { element } = this;
    element.className = 'replay client-only';
    element.role = 'group';
    element.ariaLabel = t('replay');
    // The animation is not read out: the slider shows its position.
    element.ariaLive = 'off';
    const stage = document.createElement('div');
    stage.className = 'stage';
    stage.ariaHidden = 'true';
    stage.append(this.#canvas);
    this.#play.type = 'button';
    this.#play.className = 'quiet';
    this.#play.hidden = this.#isStill;
    this.#play.addEventListener('click', () => (this.#playing ? this.#stop() : this.#start()));
    this.#slider.type = 'range';
    this.#slider.max = `${course.points.length - 1}`;
    this.#slider.value = '0';
    this.#slider.ariaLabel = t('replay-time');
    this.#slider.addEventListener('input', () => {
      this.#stop();
      this.#show();
    });
    this.#time.className = 'small';
    this.#time.ariaHidden = 'true';
    const controls = document.createElement('div');
    controls.className = 'controls';
    controls.append(this.#play, this.#slider);
    element.append(stage, controls, this.#time);
  }

  /** Starts, once it is on the page. */
  begin(): void {
    const max = Math.max(...this.#course.points.flatMap(({ counts }) => counts));
    this.#drawing = new PollDrawing(this.#canvas, 'columns', max);
    this.#stop();
    this.#show();
    this.element.scrollIntoView({ block: 'nearest' });
    if (!this.#isStill) this.#start();
  }

  close(): void {
    this.#stop();
    this.#drawing?.destroy();
    this.element.remove();
  }

  #start(): void {
    const { points } = this.#course;
    if (this.#isAtEnd) this.#slider.value = '0';
    this.#show();
    this.#play.textContent = t('pause');
    this.#playing = setInterval(
      () => {
        if (this.#isAtEnd) return this.#stop();
        this.#slider.stepUp();
        this.#show();
      },
      Math.min(WHOLE_MS / points.length, MAX_STEP_MS),
    );
  }

  #stop(): void {
    clearInterval(this.#playing);
    this.#playing = undefined;
    this.#play.textContent = t('play');
  }

  get #isAtEnd(): boolean {
    return this.#slider.value === this.#slider.max;
  }

  #show(): void {
    const { options, points } = this.#course;
    const { at, counts } = points[Number(this.#slider.value)] ?? { at: 0, counts: [] };
    const [first = at, last = at] = [points[0]?.at, points.at(-1)?.at];
    const time = timeAmong(at, first, last);
    const each = options.map((option, index) => `${option} ${counts[index]}`);
    this.#drawing?.showCounts([...options], [...counts]);
    this.#time.textContent = time;
    this.#slider.ariaValueText = `${time}: ${each.join(', ')}`;
  }
}
