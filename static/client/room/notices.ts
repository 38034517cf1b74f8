/**
 * What a notice is about, the most important first: why the server denies access, what could not be
 * sent without a connection, and how the last attempt ended.
 */
const KINDS = ['access', 'connection', 'result'] as const;

type NoticeKind = (typeof KINDS)[number];
type Notice = string | HTMLElement;

/** The notices above the message field: one of each kind, so that none replaces a more important one. */
export class Notices {
  readonly #render: (notices: readonly Notice[]) => void;
  readonly #shown = new Map<NoticeKind, Notice>();

  /**
   * @param render shows these, in their order
   * @param result what the page was rendered with
   */
  constructor(render: (notices: readonly Notice[]) => void, result?: HTMLElement) {
    this.#render = render;
    if (result) this.#shown.set('result', result);
  }

  /**
   * Shows a notice instead of the last one of its kind. One with the same text, as the server sends
   * the reason for closing a connection in a frame, too, is shown once, under the more important kind.
   */
  show(kind: NoticeKind, notice: Notice): void {
    const isSame = (other: Notice | undefined) => other && textOf(other) === textOf(notice);
    const same = KINDS.filter((other) => other === kind || isSame(this.#shown.get(other)));
    for (const other of same) this.#shown.delete(other);
    this.#shown.set(same[0] ?? kind, notice);
    this.#update();
  }

  /** A message is sent: how the last attempt ended no longer matters. */
  onAttempt(): void {
    this.#remove('connection', 'result');
  }

  /** The connection is live: there is access, and what waited is sent. */
  onLive(): void {
    this.#remove('access', 'connection');
  }

  #remove(...kinds: readonly NoticeKind[]): void {
    for (const kind of kinds) this.#shown.delete(kind);
    this.#update();
  }

  #update(): void {
    this.#render(KINDS.flatMap((kind) => this.#shown.get(kind) ?? []));
  }
}

function textOf(notice: Notice): string {
  return typeof notice === 'string' ? notice : notice.textContent;
}
