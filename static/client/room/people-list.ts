import { fold } from '../../../server/shared/fold.ts';
import { byId } from '../lib/dom.ts';
import { language, t } from '../lib/messages.ts';
import { morph } from '../lib/morph.ts';
import { comparePeople, type Listed } from './people-order.ts';

/** With more than these, no names are shown as typing. */
const MAX_TYPING = 3;
/** More guests than these are folded under their number. */
const MAX_GUESTS = 5;
/** With more people than these, there is a field to find one. */
const MAX_WITHOUT_SEARCH = 50;

/** The users who are online, and who of them is typing. */
export class PeopleList {
  readonly #list = byId('people-list');
  readonly #typing = byId('typing');
  readonly #search = byId<HTMLInputElement>('find-person');
  readonly #fold = document.createElement('li');
  readonly #foldButton = document.createElement('button');
  /** Users that a new connection has not listed yet. */
  readonly #unconfirmed = new Set<Element>();
  #ownUid = '';
  #owner: string | undefined;
  #count = 0;
  #isClosed = false;

  /** @param choose a user was clicked */
  constructor(choose: (uid: string, name: string) => void) {
    this.#list.addEventListener('click', ({ target }) => {
      const person = target instanceof Element ? target.closest<HTMLElement>('.member') : null;
      const { uid } = person?.dataset ?? {};
      if (uid !== undefined && uid !== this.#ownUid) choose(uid, nameIn(person));
    });
    this.#fold.className = 'guests-fold';
    this.#foldButton.type = 'button';
    this.#foldButton.ariaExpanded = 'false';
    this.#foldButton.addEventListener('click', () => {
      this.#foldButton.ariaExpanded = `${this.#foldButton.ariaExpanded === 'false'}`;
      this.#showFound();
    });
    this.#fold.append(this.#foldButton);
    this.#search.addEventListener('input', () => this.#showFound());
  }

  /** The names of the others; guests have none. */
  get names(): readonly string[] {
    const names = this.#list.querySelectorAll('.member:not(.own) .who bdi');
    return [...names].map(({ textContent }) => textContent ?? '');
  }

  has(uid: string | undefined): boolean {
    return this.#list.querySelector(`[data-uid="${uid}"]`) !== null;
  }

  /** The owner of the room; `undefined` if it has none. */
  set owner(uid: string | undefined) {
    if (uid === this.#owner) return;
    this.#owner = uid;
    for (const person of this.#people) this.#place(person);
    this.#showAll();
  }

  /** The connection was closed, or opened again: the user is not online without one. */
  set isClosed(isClosed: boolean) {
    if (isClosed === this.#isClosed) return;
    this.#isClosed = isClosed;
    this.#show();
  }

  own(uid: string): void {
    this.#ownUid = uid;
    this.#showAll();
  }

  /** A new connection lists all users again: who is not in its list is offline. */
  reset(): void {
    for (const person of this.#people) this.#unconfirmed.add(person);
  }

  apply(person: HTMLElement): void {
    const here = document.getElementById(person.id);
    if (person.dataset.state === 'gone') this.#remove(here);
    else this.#upsert(person, here);
    this.#show();
  }

  setCount(count: number): void {
    for (const person of this.#unconfirmed) this.#remove(person);
    this.#count = count;
    this.#showAll();
  }

  #remove(person: Element | null): void {
    if (!person) return;
    this.#unconfirmed.delete(person);
    // Removing an entry does not lose the focus.
    const near = [person.nextElementSibling, person.previousElementSibling];
    const hadFocus = person.contains(document.activeElement);
    person.remove();
    if (!hadFocus) return;
    const next = near.map((other) => other?.querySelector('button:enabled')).find(Boolean);
    (next instanceof HTMLElement ? next : byId('close-side')).focus();
  }

  /** A name is a button that opens a menu. */
  #upsert(person: HTMLElement, here: HTMLElement | null): void {
    const who = person.querySelector('.who');
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'who';
    button.append(...(who?.childNodes ?? []));
    who?.replaceWith(button);
    if (person.dataset.state === 'away') label(person, 'away small', t('away'));
    if (here) {
      this.#unconfirmed.delete(here);
      morph(here, person);
    } else this.#place(person);
  }

  get #people(): readonly HTMLElement[] {
    return [...this.#list.querySelectorAll<HTMLElement>('.member')];
  }

  /** Inserts in order. */
  #place(person: HTMLElement): void {
    const listed = this.#listed(person);
    const next = this.#people.find(
      (other) => other !== person && comparePeople(this.#listed(other), listed) > 0,
    );
    this.#list.insertBefore(person, next ?? null);
  }

  #listed(person: HTMLElement): Listed {
    return {
      name: nameIn(person),
      isOwn: this.#isOwn(person),
      isOwner: this.#isOwner(person),
      isGuest: person.querySelector('.who bdi') === null,
    };
  }

  #isOwn({ dataset }: HTMLElement): boolean {
    return dataset.uid === this.#ownUid;
  }

  #isOwner({ dataset }: HTMLElement): boolean {
    return dataset.uid === this.#owner;
  }

  /** Marks the user, or unmarks who was the user before signing in. */
  #mark(person: HTMLElement, isOwn: boolean): void {
    person.classList.toggle('own', isOwn);
    const button = person.querySelector('button');
    if (button) button.disabled = isOwn;
    label(person, 'you small client-only', isOwn ? t('you') : undefined);
    this.#place(person);
  }

  #show(): void {
    for (const person of this.#people) {
      const isOwn = this.#isOwn(person);
      if (person.classList.contains('own') !== isOwn) this.#mark(person, isOwn);
      const isClosed = isOwn && this.#isClosed;
      person.classList.toggle('disconnected', isClosed);
      label(person, 'closed small', isClosed ? t('closed') : undefined);
    }
    byId('people-count').textContent = `${this.#count}`;
    const more = this.#count - this.#people.length;
    byId('more-people').textContent = more > 0 ? t('and-more', { count: more }) : '';
    this.#showTyping();
  }

  /** What depends on the whole list: after the last of the users that arrived together. */
  #showAll(): void {
    this.#show();
    this.#showOwner();
    this.#showFound();
  }

  #showOwner(): void {
    for (const person of this.#people)
      label(person, 'owner small', this.#isOwner(person) ? t('owner') : undefined);
  }

  /** Folds many guests, and shows those alone whom the user looks for. */
  #showFound(): void {
    const people = this.#people;
    const isLong = people.length > MAX_WITHOUT_SEARCH;
    this.#search.hidden = !isLong && this.#search.value === '';
    const wanted = fold(this.#search.value.trim());
    const guests = people.filter((person) => {
      const { isGuest, isOwn } = this.#listed(person);
      return isGuest && !isOwn;
    });
    const folds = wanted === '' && guests.length > MAX_GUESTS;
    const hidden = new Set(folds && this.#foldButton.ariaExpanded === 'false' ? guests : []);
    for (const person of people) {
      person.hidden =
        hidden.has(person) || (wanted !== '' && !fold(nameIn(person)).includes(wanted));
    }
    const [first] = guests;
    this.#foldButton.textContent = t('guest-count', { count: guests.length });
    if (!folds || !first) this.#fold.remove();
    else if (first.previousElementSibling !== this.#fold) first.before(this.#fold);
  }

  #showTyping(): void {
    const others = [...this.#list.querySelectorAll<HTMLElement>('[data-typing]')].filter(
      (person) => !this.#isOwn(person),
    );
    const names = new Intl.ListFormat(language).format(others.map(nameIn));
    let text = '';
    if (others.length > MAX_TYPING) text = t('many-typing');
    else if (others.length > 0) text = t('typing', { names, count: others.length });
    this.#typing.textContent = text;
  }
}

/** Shows a word after the name, once; without one, none. @param classes the first is that of this word */
function label(person: HTMLElement, classes: string, text: string | undefined): void {
  const here = person.getElementsByClassName(classes.split(' ', 1)[0] ?? '')[0];
  if (text === undefined) here?.remove();
  else if (!here) {
    const element = document.createElement('span');
    element.className = classes;
    element.textContent = text;
    person.append(element);
  }
}

/** A name as the page shows it. */
export function nameIn(element: Element | null): string {
  return element?.querySelector('.who')?.textContent.trim() ?? '';
}
