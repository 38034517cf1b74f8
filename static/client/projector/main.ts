import { roomPath } from '../../../server/shared/routes.ts';
import { fetchWithTimeout } from '../connection/fetch-with-timeout.ts';
import { bearer } from '../connection/guest-identity.ts';
import { RoomFeed } from '../connection/room-feed.ts';
import { byId, notice, parseIds } from '../lib/dom.ts';
import { JoinLink } from '../lib/join-link.ts';
import { showTitle } from '../lib/room-title.ts';
import { Controls } from './controls.ts';
import { showReactions } from './reactions.ts';
import { Sidebar } from './sidebar.ts';
import { Stage } from './stage.ts';
import { keepScreenOn } from './wake-lock.ts';

/* The projector: the polls of a room on a stage, and beside it its messages and how to join. */

/** How often the state of the room is fetched on a transport that only delivers messages. */
const FETCH_MS = 2_000;

const messages = byId('messages');
const { cursor, stage: staged, controls: hasControls } = messages.dataset;
const stage = new Stage(() => controls.update());
const sidebar = new Sidebar();
const { room } = stage;
const path = roomPath(room);
let owner: string | undefined;
const controls = new Controls({
  ...{ stage, staged, send },
  canControl: () => hasControls !== undefined || (owner !== undefined && owner === feed.guest.uid),
});
const joinLink = new JoinLink(path);
const feed = new RoomFeed({
  ...{ room, cursor },
  onMessages: apply,
  onSignal: handle,
  onReset() {
    stage.clear();
    sidebar.clear();
    void fetchAll();
  },
  onLive: () => void fetchState(),
  onDenied: show,
});

keepScreenOn();
stage.show();
controls.show();
setInterval(() => void fetchState(), FETCH_MS);
await feed.open();

/** Polls go on the stage, other messages in the sidebar. */
function apply(articles: readonly HTMLElement[]): void {
  if (articles.length === 0) return;
  const isOfStage = (article: HTMLElement) =>
    article.matches('.poll') || messages.contains(document.getElementById(article.id));
  stage.apply(articles.filter(isOfStage));
  sidebar.apply(articles.filter((article) => article.matches('.message') && !isOfStage(article)));
}

/** Handles what is not a message. Results that only some users may see are not for a projector. */
function handle({ id, dataset }: HTMLElement): void {
  if (id === 'room-state') {
    showTitle(dataset.title ?? '');
    joinLink.code = dataset.code;
    byId('topic').textContent = dataset.topic ?? '';
    stage.pollCreators = dataset.polls;
    owner = dataset.owner;
    controls.follow(dataset.stage);
    if (!sidebar.pin(parseIds(dataset.pinned))) void fetchAll();
  } else if (id === 'live-reactions') showReactions(JSON.parse(dataset.counts ?? '{}'));
  else if (id === 'presence-count') {
    byId('people-count').textContent = dataset.count ?? '';
    stage.present = Number(dataset.count);
  }
}

/** The page as rendered now has what a connection does not deliver: older and pinned messages. */
async function fetchAll(): Promise<void> {
  const html = await read('present');
  const page = new DOMParser().parseFromString(html, 'text/html');
  apply([...page.querySelectorAll('article')]);
  // After the history was cleared there may be none.
  controls.show();
}

/** The state of the room and of its stage, for a transport that does not deliver it. */
async function fetchState(): Promise<void> {
  if (feed.isPolling) feed.add(await read('stage'));
}

/** Fetches something of the room; nothing on failure, which the connection state shows. */
async function read(resource: 'present' | 'stage'): Promise<string> {
  const headers = { Accept: 'text/html', ...bearer(feed.guest.token) };
  const response = await fetchWithTimeout(`${path}/${resource}`, { headers }).catch(
    () => undefined,
  );
  return response?.ok ? response.text() : '';
}

/** Sends a command to the room, and shows why it was rejected. */
async function send(command: object): Promise<void> {
  show();
  if (!feed.isLive) return;
  const error = await feed.send(command).catch(() => undefined);
  show(error?.message);
}

function show(why = ''): void {
  byId('notices').replaceChildren(...(why ? [notice(why)] : []));
}
