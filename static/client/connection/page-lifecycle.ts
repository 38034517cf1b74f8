import { onPulse } from './pulse.ts';

/** What a connection has to know of the page that it is for. */
export interface PageLifecycle {
  /** Whether the page is hidden: then its timers are throttled, and nothing is painted. */
  readonly isHidden: boolean;
  /** Calls back when the page was shown or hidden. */
  onVisibility(call: () => void): void;
  /** Calls back when the network is back. */
  onOnline(call: () => void): void;
  /** Calls back every two seconds, even while the page is hidden. */
  onPulse(call: () => void): void;
  /** Calls back once, before the page is painted next; soon, if it is not painted. */
  beforePaint(call: () => void): void;
}

/** A page in a frame that is out of view is not painted, although it is not hidden. */
const UNPAINTED_MS = 250;

/** The page that this script runs in. */
export const thisPage: PageLifecycle = {
  get isHidden() {
    return document.hidden;
  },
  onVisibility: (call) => document.addEventListener('visibilitychange', call),
  onOnline: (call) => addEventListener('online', call),
  onPulse,
  beforePaint(call) {
    const run = () => {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
      call();
    };
    const frame = requestAnimationFrame(run);
    const timer = setTimeout(run, UNPAINTED_MS);
  },
};
