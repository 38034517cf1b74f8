/** Asks before the page is left with data that would be lost. */
export class LeaveGuard {
  #isAllowed = false;

  /** @param isLost whether something would be lost */
  constructor(isLost: () => boolean) {
    addEventListener('beforeunload', (event) => {
      if (!this.#isAllowed && isLost()) event.preventDefault();
    });
  }

  /** The page is about to leave by itself, and comes back. */
  allow(): void {
    this.#isAllowed = true;
  }
}
