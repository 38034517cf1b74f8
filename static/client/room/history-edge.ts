import type { MessageKey } from '../../../server/shared/i18n.ts';
import { byId } from '../lib/dom.ts';
import { t } from '../lib/messages.ts';
import type { Beyond } from './history-loader.ts';

type Texts = Readonly<Partial<Record<Beyond, MessageKey>>>;

/** Shows what lies beyond an end of the loaded history. */
export class HistoryEdge {
  readonly #element: HTMLElement;
  readonly #texts: Texts;
  readonly #retry: () => void;

  /** @param id of the element, which is always there, or the page would jump */
  constructor(id: string, texts: Texts, retry: () => void) {
    this.#element = byId(id);
    this.#texts = texts;
    this.#retry = retry;
  }

  show(beyond: Beyond): void {
    const text = this.#texts[beyond];
    this.#element.replaceChildren(text ? t(text) : '');
    if (beyond === 'failed') this.#element.append(this.#retryButton());
  }

  #retryButton(): HTMLElement {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'quiet';
    button.textContent = t('try-again');
    button.addEventListener('click', this.#retry);
    return button;
  }
}
