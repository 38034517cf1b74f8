import { roomPath } from '../../../server/shared/routes.ts';
import { fetchWithTimeout } from '../connection/fetch-with-timeout.ts';
import { bearer } from '../connection/guest-identity.ts';
import { RoomFeed } from '../connection/room-feed.ts';
import { byId, notice } from '../lib/dom.ts';
import { t } from '../lib/messages.ts';
import { morph } from '../lib/morph.ts';
import { Refresher } from './refresher.ts';

/*
 * The remote: the server renders what can be done now, and the page fetches it again as the room
 * changes. Its forms are sent as commands over the connection.
 */

/** How often it is fetched on a transport that does not deliver the state of the room. */
const FETCH_MS = 5_000;

const remote = byId('remote');
const { room = '', cursor } = remote.dataset;
const refresher = new Refresher(refresh);
const feed = new RoomFeed({
  ...{ room, cursor },
  onMessages(articles) {
    const isShown = ({ id }: HTMLElement) => document.getElementById(id) !== null;
    if (articles.some((article) => article.matches('.poll') || isShown(article)))
      refresher.request();
  },
  onSignal({ id, dataset }) {
    if (id === 'room-state') refresher.request();
    if (id === 'presence-count') byId('people-count').textContent = dataset.count ?? '';
  },
  onReset: () => refresher.request(),
  onLive: () => refresher.request(),
  onDenied: show,
});

document.addEventListener('submit', (event) => {
  const { target: form, submitter } = event;
  if (!(form instanceof HTMLFormElement) || !feed.isLive) return;
  event.preventDefault();
  const { cid, ...command } = Object.fromEntries(new FormData(form, submitter));
  // Pressed again before the page is refreshed it is another command, with an id of its own.
  void send(command);
});
setInterval(() => refresher.request(), FETCH_MS);
await feed.open();

async function send(command: object): Promise<void> {
  show('');
  const error = await feed
    .send(command)
    .catch(() => ({ code: '', message: t('offline-not-sent') }));
  if (error) show(error.message);
  refresher.request();
}

async function refresh(): Promise<void> {
  const headers = { Accept: 'text/html', ...bearer(feed.guest.token) };
  const response = await fetchWithTimeout(`${roomPath(room)}/remote`, { headers });
  if (!response.ok) return;
  const page = new DOMParser().parseFromString(await response.text(), 'text/html');
  const next = page.getElementById('remote');
  if (next) morph(remote, next);
}

function show(why: string): void {
  byId('notices').replaceChildren(...(why ? [notice(why)] : []));
}
