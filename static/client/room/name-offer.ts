import { fetchWithTimeout } from '../connection/fetch-with-timeout.ts';
import type { ServerError } from '../connection/post.ts';
import { isStorageAllowed } from '../lib/allowed.ts';
import { byId, isRendered } from '../lib/dom.ts';
import { isSendKey } from '../lib/input-keys.ts';
import { t } from '../lib/messages.ts';
import { readLocal, writeLocal } from '../lib/storage.ts';

/** Whether this browser's user has declined. */
const KEY = 'name-declined';

interface SignedInAs {
  readonly uid: string;
  readonly name: string;
}

interface NameOfferOptions {
  readonly isGuest: () => boolean;
  /** Proves which guest the tab is: what they did is the user's from then on. */
  readonly token: () => string | undefined;
  readonly onSignedIn: (user: SignedInAs) => void;
}

/** Asks a guest for a name when it matters: while they write, and when they vote for the first time. */
export class NameOffer {
  readonly #options: NameOfferOptions;
  readonly #element = byId('name-offer');
  readonly #field = byId<HTMLInputElement>('guest-name');
  readonly #problem = byId('name-problem');

  constructor(options: NameOfferOptions) {
    this.#options = options;
    byId('message').addEventListener('input', () => this.#show());
    document.addEventListener('submit', ({ target }) => {
      if (target instanceof Element && target.matches('.vote, .suggest')) this.#show();
    });
    byId('name-accept').addEventListener('click', () => void this.#accept());
    byId('name-decline').addEventListener('click', () => this.#decline());
    this.#field.addEventListener('keydown', (event) => {
      // The field is in the form of the composer, which Enter would submit.
      if (!isSendKey(event, false)) return;
      event.preventDefault();
      void this.#accept();
    });
  }

  #show(): void {
    if (!this.#element.hidden || !this.#options.isGuest() || readLocal(KEY, false)) return;
    // The name would not last, or be another one than in the page around this.
    if (!isStorageAllowed() || document.body.classList.contains('embedded')) return;
    this.#element.hidden = false;
    byId('spoken').textContent = t('name-question');
  }

  #decline(): void {
    writeLocal(KEY, true);
    this.#close();
  }

  async #accept(): Promise<void> {
    const name = this.#field.value.trim();
    if (name === '') {
      this.#field.focus();
      return;
    }
    const answer = await signIn(name, this.#options.token());
    if ('uid' in answer) {
      this.#options.onSignedIn(answer);
      this.#close();
    } else this.#showProblem(name, answer);
  }

  #showProblem(name: string, { code, message }: ServerError): void {
    const link = document.createElement('a');
    const next = location.pathname + location.search;
    link.href = `/sign-in?${new URLSearchParams({ next, name })}`;
    link.textContent = t('sign-in-with-password');
    const isReserved = code === 'wrong-user-password';
    this.#problem.replaceChildren(isReserved ? t('name-is-reserved') : message);
    if (isReserved) this.#problem.append(' ', link);
    this.#problem.hidden = false;
    this.#field.ariaInvalid = 'true';
    this.#field.focus();
  }

  /** The user goes on with what they were writing. */
  #close(): void {
    const hadFocus = this.#element.contains(document.activeElement);
    this.#element.hidden = true;
    const message = byId('message');
    if (hadFocus && isRendered(message)) message.focus();
  }
}

async function signIn(name: string, guest: string | undefined): Promise<SignedInAs | ServerError> {
  const response = await fetchWithTimeout('/session', {
    method: 'POST',
    headers: { Accept: 'application/json', 'Content-Type': 'application/json' },
    body: JSON.stringify({ name, guest: guest ?? '' }),
  }).catch(() => undefined);
  if (!response) return { code: '', message: t('server-unreachable') };
  const answer = await response.json();
  return response.ok ? answer : answer.error;
}
