import { byId, messageId } from '../lib/dom.ts';
import { isOfInputMethod } from '../lib/input-keys.ts';
import { t } from '../lib/messages.ts';
import { readSession, writeSession } from '../lib/storage.ts';
import { previewText } from './preview-text.ts';

interface ComposeModeOptions {
  readonly room: string;
  /** A message as it is now, if the page has it. */
  readonly find: (id: number) => HTMLElement | undefined;
  /** Whether a message was deleted. */
  readonly isGone: (id: number) => boolean;
  /** The source text of a message, if available. */
  readonly source: (id: number) => Promise<string | undefined>;
  /** Edits the user's own message. */
  readonly save: (id: number, text: string) => void;
}

/** The message to reply to, and how it is quoted. */
interface Reply {
  readonly id: number;
  readonly who: string;
  readonly excerpt: string;
}

/** A reply or an edit that is being written. */
type Mode =
  | ({ readonly what: 'reply' } & Reply)
  /** `draft` was in the field before, and is restored; `text` is the text to edit. */
  | {
      readonly what: 'edit';
      readonly id: number;
      readonly draft: string;
      readonly text: string;
      readonly hasFiles: boolean;
    };

/** Replying and editing, in the message field. */
export class ComposeMode {
  readonly #options: ComposeModeOptions;
  readonly #field = byId<HTMLTextAreaElement>('message');
  readonly #banner = byId('composing');
  readonly #key: string;
  #mode: Mode | undefined;

  constructor(options: ComposeModeOptions) {
    this.#options = options;
    this.#key = `reply.${options.room}`;
    // Before the composer, which would post it as a new message.
    byId('composer').addEventListener('submit', (event) => this.#submit(event), { capture: true });
    this.#field.addEventListener('keydown', (event) => this.#onKey(event));
    this.#banner.querySelector('button')?.addEventListener('click', () => this.#cancel());
    const reply = readSession<Reply | null>(this.#key, null);
    if (reply) this.#startReply(reply);
  }

  /** Whether the field has the text of an existing message. */
  get isEditing(): boolean {
    return this.#mode?.what === 'edit';
  }

  /** Whether there are unsaved changes to a message. */
  get isChanged(): boolean {
    return this.#mode?.what === 'edit' && this.#field.value !== this.#mode.text;
  }

  reply(article: HTMLElement): void {
    this.#exit();
    this.#startReply(replyTo(article));
    this.#field.focus();
  }

  /** The message may have been edited or deleted: then its old text is not shown any more. */
  update(): void {
    if (this.#mode?.what !== 'reply') return;
    const { find, isGone } = this.#options;
    const { id } = this.#mode;
    const article = find(id);
    if (isGone(id)) this.#startReply({ id, who: this.#mode.who, excerpt: t('quote-outdated') });
    else if (article) this.#startReply(replyTo(article));
  }

  async edit(article: HTMLElement): Promise<void> {
    const id = messageId(article);
    const text = await this.#options.source(id);
    if (text === undefined) return;
    this.#exit();
    const hasFiles = article.querySelector('.files') !== null;
    this.#enter({ what: 'edit', id, draft: this.#field.value, text, hasFiles });
    this.#write(text);
    this.#field.focus();
    this.#setBanner(t('edit-message'), t('editing-keys'));
  }

  /** Returns which message the next one replies to, and leaves the reply mode. */
  consumeReply(): number | undefined {
    const mode = this.#mode;
    if (mode?.what !== 'reply') return undefined;
    this.#exit();
    return mode.id;
  }

  #submit(event: Event): void {
    const mode = this.#mode;
    if (mode?.what !== 'edit') return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const { value: text, dataset } = this.#field;
    const { length } = [...text.trim()];
    if ((length === 0 && !mode.hasFiles) || length > Number(dataset.max)) return;
    this.#cancel();
    this.#options.save(mode.id, text);
  }

  #onKey(event: KeyboardEvent): void {
    if (isOfInputMethod(event) || event.defaultPrevented) return;
    if (event.key === 'Escape' && this.#mode) {
      // Escape closes nothing else.
      event.stopPropagation();
      this.#cancel();
    }
    if (event.key !== 'ArrowUp' || this.#field.value !== '' || this.#mode) return;
    const [...own] = document.querySelectorAll<HTMLElement>(
      '#messages > .message.own:not(.poll, .deleted)',
    );
    const last = own.at(-1);
    if (!last) return;
    event.preventDefault();
    void this.edit(last);
  }

  #enter(mode: Mode): void {
    this.#mode = mode;
    // An edit is no draft.
    this.#field.toggleAttribute('data-editing', mode.what === 'edit');
    this.#banner.hidden = false;
  }

  /** Stored with the draft, for this tab: the next message is a reply even after a reload. */
  #startReply(reply: Reply): void {
    writeSession(this.#key, reply);
    this.#enter({ what: 'reply', ...reply });
    this.#setBanner(t('replying-to', { who: reply.who }), reply.excerpt);
  }

  /** Restores the state from before. */
  #exit(): void {
    if (this.#mode?.what === 'edit') this.#write(this.#mode.draft);
    if (this.#mode?.what === 'reply') writeSession(this.#key, null);
    this.#mode = undefined;
    this.#field.removeAttribute('data-editing');
    this.#banner.hidden = true;
    this.#setBanner('', '');
  }

  #cancel(): void {
    this.#exit();
    this.#field.focus();
  }

  #write(text: string): void {
    this.#field.value = text;
    this.#field.dispatchEvent(new Event('input', { bubbles: true }));
  }

  #setBanner(what: string, more: string): void {
    const [title, text] = this.#banner.querySelectorAll('b, span');
    if (title) title.textContent = what;
    if (text) text.textContent = more;
  }
}

/** What is shown of the message to reply to. */
function replyTo(article: HTMLElement): Reply {
  return {
    id: messageId(article),
    who: nameOf(article),
    excerpt: previewText(article).slice(0, 200),
  };
}

function nameOf(article: HTMLElement): string {
  return article.querySelector<HTMLElement>('.who')?.innerText ?? '';
}
