/** So many heartbeats in a row have to agree: each node that is there has been heard by then. */
const CONFIRMED_BEATS = 5;

/** Finds when all nodes know the format after the one in force: from then on it may be raised. */
export class FormatVote {
  #beats = 0;

  /**
   * Counts a heartbeat.
   * @param newest the newest format that each node knows which is there
   * @returns the format to be raised to now
   */
  count(inForce: number, newest: readonly number[]): number | undefined {
    const next = inForce + 1;
    this.#beats = newest.every((known) => known >= next) ? this.#beats + 1 : 0;
    if (this.#beats < CONFIRMED_BEATS) return undefined;
    this.#beats = 0;
    return next;
  }
}
