type View = 'now' | 'questions' | 'chat';

/** Whether the messages are on the screen: in a room for a class, other views can be there instead. */
export function areMessagesShown(): boolean {
  const { kind, view } = document.body.dataset;
  return kind !== 'class' || view === 'chat';
}

/** The views of a room for a class or a talk. */
export class Views {
  readonly #links = document.querySelectorAll<HTMLAnchorElement>('#views > a');
  readonly #onChat: () => void;

  /** @param onChat the messages are shown */
  constructor(onChat: () => void) {
    this.#onChat = onChat;
    for (const link of this.#links) {
      link.addEventListener('click', (event) => {
        if (event.ctrlKey || event.metaKey) return;
        event.preventDefault();
        this.show(link.dataset.view as View);
      });
    }
  }

  show(view: View): void {
    document.body.dataset.view = view;
    for (const link of this.#links) {
      if (link.dataset.view === view) link.setAttribute('aria-current', 'page');
      else link.removeAttribute('aria-current');
    }
    // The same view after a reload.
    history.replaceState(history.state, '', `?view=${view}`);
    if (view === 'chat') this.#onChat();
  }
}
