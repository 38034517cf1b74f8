import { isLoopbackHost } from '../../../server/shared/loopback.ts';
import { joinPath } from '../../../server/shared/routes.ts';
import { byId } from './dom.ts';
import { qrCode } from './qr.ts';
import { readLocal, writeLocal } from './storage.ts';

const KEY = 'join-origin';

/** The link by which others join the room: as a code to scan, and as an address to type. */
export class JoinLink {
  readonly #path: string;
  #joinPath: string;
  readonly #select = byId<HTMLSelectElement>('join-origin');

  /** @param path of the room */
  constructor(path: string) {
    this.#path = path;
    this.#joinPath = byId('join-link').dataset.path ?? path;
    const given = [...this.#select.options].map(({ value }) => value);
    const isGiven = 'public' in this.#select.dataset || isLoopbackHost(location.hostname);
    const origins = isGiven ? given : [location.origin];
    this.#select.replaceChildren(
      ...origins.map((origin) => new Option(withoutScheme(origin), origin)),
    );
    this.#select.value =
      origins.find((origin) => origin === readLocal(KEY, '')) ?? origins[0] ?? '';
    for (const label of this.#select.labels) label.hidden = origins.length < 2;
    this.#select.addEventListener('change', () => {
      writeLocal(KEY, this.#select.value);
      this.#show();
    });
    this.#show();
  }

  /** Sets the join code, which a room has from the first thing that happens in it. */
  set code(code: string | undefined) {
    const path = joinPath(this.#path, code);
    // The state of the room comes often, and drawing the code takes time.
    if (path === this.#joinPath) return;
    this.#joinPath = path;
    this.#show();
  }

  /** `undefined` where no address is known that others can open. */
  get href(): string | undefined {
    const { value } = this.#select;
    return value === '' ? undefined : new URL(this.#joinPath, value).href;
  }

  #show(): void {
    const { href } = this;
    for (const note of document.querySelectorAll<HTMLElement>('.no-join-origin')) {
      note.hidden = href !== undefined;
    }
    for (const qr of document.querySelectorAll<HTMLElement>('.qr')) {
      qr.hidden = href === undefined;
      qr.innerHTML = href === undefined ? '' : qrCode(href);
    }
    const parts = href === undefined ? [] : withoutScheme(decodeURI(href)).split(/(?<=[^/]\/)/);
    const last = parts.pop() ?? '';
    for (const address of document.querySelectorAll('.address')) {
      const code = document.createElement('span');
      code.className = 'join-code';
      code.textContent = last;
      address.replaceChildren(
        ...parts.flatMap((part) => [part, document.createElement('wbr')]),
        code,
      );
    }
  }
}

/** A URL as people type it. */
function withoutScheme(url: string): string {
  return url.replace(/^https?:\/\//, '');
}
