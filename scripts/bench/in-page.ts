/* Functions that run in the measured page: each is self-contained, as it is serialized. */

interface Frames {
  readonly frames: number;
  readonly longestFrameMs: number;
  /** Frames that came later than two screen refreshes. */
  readonly lateFrames: number;
  readonly longestTaskMs: number;
  readonly seconds: number;
  /** The first message on the page at the end. */
  readonly first: number;
}

/** Starts recording long tasks. */
export function watchTasks(): void {
  const tasks: number[] = [];
  Object.assign(window, { benchTasks: tasks });
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) tasks.push(duration);
  }).observe({ type: 'longtask' });
}

/** The longest task since, in milliseconds; 0 if none took 50 ms, the threshold of a long task. */
export function longestTask(): number {
  const { benchTasks = [] } = window as { benchTasks?: number[] };
  return Math.max(0, ...benchTasks.splice(0));
}

/** Resolves when the message with this text is the last on the page. */
export function untilLast(text: string): Promise<void> {
  return new Promise((resolve) => {
    const list = document.querySelector('#messages');
    const look = () => {
      const last = list?.lastElementChild?.querySelector('.body')?.textContent;
      if (last !== text) return;
      observer.disconnect();
      // It is shown with the next frame.
      requestAnimationFrame(() => resolve());
    };
    const observer = new MutationObserver(look);
    if (list) observer.observe(list, { childList: true });
    look();
  });
}

/** Scrolls up, half a screen per frame, until a message is on the page or the time is over. */
export async function scrollBack(to: { id: number; seconds: number }): Promise<Frames> {
  const timeline = document.querySelector('#timeline') as HTMLElement;
  const first = () => {
    const article = document.querySelector('#messages > article[id^="m-"]');
    return Number(article?.id.slice(2));
  };
  const times = [performance.now()];
  const end = performance.now() + to.seconds * 1000;
  while (first() > to.id && performance.now() < end) {
    timeline.scrollTop -= timeline.clientHeight / 2;
    times.push(await new Promise<number>(requestAnimationFrame));
  }
  const gaps = times.slice(1).map((time, k) => time - (times[k] ?? time));
  const { benchTasks = [] } = window as { benchTasks?: number[] };
  return {
    frames: gaps.length,
    longestFrameMs: Math.max(0, ...gaps),
    lateFrames: gaps.filter((gap) => gap > 34).length,
    longestTaskMs: Math.max(0, ...benchTasks.splice(0)),
    seconds: (performance.now() - (times[0] ?? 0)) / 1000,
    first: first(),
  };
}

/** An entry of the Layout Instability API, which is not in TypeScript's types. */
interface Shift extends PerformanceEntry {
  readonly value: number;
  readonly hadRecentInput: boolean;
}

/** Starts recording layout shifts: before the page loads. */
export function watchShifts(): void {
  const shifts: number[] = [];
  Object.assign(window, { benchShifts: shifts });
  new PerformanceObserver((list) => {
    for (const { value, hadRecentInput } of list.getEntries() as Shift[])
      if (!hadRecentInput) shifts.push(value);
  }).observe({ type: 'layout-shift', buffered: true });
}

/** What loading the page has moved, and when it was painted first and could be used. */
export function shifted(): { shift: number; paintedMs: number; interactiveMs: number } {
  const { benchShifts = [] } = window as { benchShifts?: number[] };
  const [paint] = performance.getEntriesByName('first-contentful-paint');
  const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
  return {
    shift: benchShifts.reduce((sum, value) => sum + value, 0),
    paintedMs: paint?.startTime ?? 0,
    // The page's script has run by then.
    interactiveMs: navigation?.domContentLoadedEventEnd ?? 0,
  };
}
