import { byId, notice } from '../lib/dom.ts';
import { Notices } from './notices.ts';

/** The notices above the message field, on the page. */
export function createNotices(): Notices {
  const list = byId('notices');
  return new Notices(
    (shown) =>
      list.replaceChildren(
        ...shown.map((item) => (typeof item === 'string' ? notice(item) : item)),
      ),
    // What the server rendered, in answer to a form sent before this script ran.
    list.querySelector<HTMLElement>('.notice') ?? undefined,
  );
}
