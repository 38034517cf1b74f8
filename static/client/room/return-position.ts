import type { HistoryNavigation } from './history-navigation.ts';
import type { ReadingPosition } from './message-window.ts';
import type { Timeline } from './timeline.ts';

interface State {
  readonly position?: ReadingPosition | undefined;
}

/** Where the reader was when they left this entry of the browser's history: Back leads there again. */
export class ReturnPosition {
  readonly #timeline: Timeline;
  readonly #navigation: HistoryNavigation;

  constructor(timeline: Timeline, navigation: HistoryNavigation) {
    this.#timeline = timeline;
    this.#navigation = navigation;
    addEventListener('pagehide', () => {
      const { isAtEnd, position } = timeline;
      const state: State = { position: isAtEnd ? undefined : position };
      history.replaceState(state, '');
    });
  }

  /** Leads there. False if the page was not left, or at the end of the room. */
  async restore(): Promise<boolean> {
    const [navigation] = performance.getEntriesByType('navigation');
    const { position } = (history.state ?? {}) as State;
    if ((navigation as PerformanceNavigationTiming | undefined)?.type !== 'back_forward')
      return false;
    if (!position) return false;
    if (this.#timeline.showPosition(position)) return true;
    // Without them the page has the latest.
    await this.#navigation.openAfter(position.id).catch(() => {});
    return this.#timeline.showPosition(position);
  }
}
