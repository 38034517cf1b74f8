import { secondsUntil } from '../connection/server-clock.ts';

/** Longer waits are divided: a timer overflows after 24 days. */
const MAX_WAIT_S = 3_600;

/** Why the user may not write, as the page says in place of the message field. */
export type WriteDenial =
  /** `until` is in milliseconds since 1970 by the server's clock; `null` means permanently. */
  | { readonly code: 'muted'; readonly until: number | null }
  | { readonly code: 'name-required' | 'locked' | 'guests-read-only' };

/** Whether the user may write here, as far as the server has said. */
export class WriteAccess {
  readonly #show: (denial: WriteDenial | undefined) => void;
  #mute: Extract<WriteDenial, { code: 'muted' }> | undefined;
  #isLocked: boolean;
  #isNameRequired: boolean;
  #isNamed: boolean;
  #isReadOnlyForGuests: boolean;
  #canModerate: boolean;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param initial as the page was rendered
   * @param show what has changed, or may have
   */
  constructor(
    initial: { readonly denial: WriteDenial | undefined; readonly canModerate: boolean },
    show: (denial: WriteDenial | undefined) => void,
  ) {
    const { denial, canModerate } = initial;
    this.#show = show;
    this.#mute = denial?.code === 'muted' ? denial : undefined;
    this.#isLocked = denial?.code === 'locked';
    this.#isNameRequired = denial?.code === 'name-required';
    this.#isReadOnlyForGuests = denial?.code === 'guests-read-only';
    this.#isNamed = !this.#isNameRequired && !this.#isReadOnlyForGuests;
    this.#canModerate = canModerate;
    this.#update();
  }

  /** @param until milliseconds since 1970; `null` for a permanent mute, `undefined` for none */
  setMute(until: number | null | undefined): void {
    this.#mute = until === undefined ? undefined : { code: 'muted', until };
    this.#update();
  }

  setLocked(isLocked: boolean): void {
    this.#isLocked = isLocked;
    this.#update();
  }

  setNameRequired(isRequired: boolean): void {
    this.#isNameRequired = isRequired;
    this.#update();
  }

  /** That is a rule of the server; guests may vote. */
  setReadOnlyForGuests(isReadOnly: boolean): void {
    this.#isReadOnlyForGuests = isReadOnly;
    this.#update();
  }

  /** @param isNamed whether the user is signed in */
  setNamed(isNamed: boolean): void {
    this.#isNamed = isNamed;
    this.#update();
  }

  setModerator(canModerate: boolean): void {
    this.#canModerate = canModerate;
    this.#update();
  }

  #update(): void {
    clearTimeout(this.#timer);
    const until = this.#mute?.until;
    if (typeof until === 'number') {
      const left = secondsUntil(until);
      if (left === 0) this.#mute = undefined;
      else this.#timer = setTimeout(() => this.#update(), Math.min(left, MAX_WAIT_S) * 1_000);
    }
    this.#show(this.#mute ?? this.#rule());
  }

  /** The rule that keeps the user from writing: none keeps a moderator. */
  #rule(): WriteDenial | undefined {
    if (this.#canModerate) return undefined;
    if (this.#isNameRequired && !this.#isNamed) return { code: 'name-required' };
    if (this.#isLocked) return { code: 'locked' };
    return this.#isReadOnlyForGuests && !this.#isNamed ? { code: 'guests-read-only' } : undefined;
  }
}
