import { roomPath } from '../../../server/shared/routes.ts';
import { Connection, type ConnectionState } from '../connection/connection.ts';
import { advanceCursor } from '../connection/cursor.ts';
import { fetchWithTimeout } from '../connection/fetch-with-timeout.ts';
import { FrameBuffer } from '../connection/frame-buffer.ts';
import { bearer, GuestIdentity } from '../connection/guest-identity.ts';
import { post } from '../connection/post.ts';
import { learnTime } from '../connection/server-clock.ts';
import { applyInOrder } from '../lib/apply-in-order.ts';
import { seqOf } from '../lib/complete-message.ts';
import { byId, messageId, parseFragments, parseIds } from '../lib/dom.ts';
import { JoinLink } from '../lib/join-link.ts';
import { language, t } from '../lib/messages.ts';
import { needsPassword, showPasswordForm } from '../lib/password.ts';
import { showRising } from '../lib/rising.ts';
import { showTitle } from '../lib/room-title.ts';
import { listPolls } from './list.ts';
import { Sidebar } from './sidebar.ts';
import { Stage } from './stage.ts';
import { Tools } from './tools.ts';
import { keepScreenOn } from './wake-lock.ts';

/** How often ephemeral state is fetched on a transport that only delivers messages. */
const FETCH_MS = 20_000;

const guest = new GuestIdentity(() => {});
const stage = new Stage(showTools);
const sidebar = new Sidebar();
const { room } = stage;
const path = roomPath(room);
const tools = new Tools({
  earlier: () => stage.move(-1),
  later: () => stage.move(1),
  list: () => listPolls(stage),
  reveal: () => stage.shown && send({ type: 'reveal-poll', id: messageId(stage.shown) }),
});
const frameBuffer = new FrameBuffer((html) => receive(parseFragments(html)));
let cursor = byId('messages').dataset.cursor;
let state: ConnectionState = 'connecting';
const connection = new Connection({
  room,
  lang: language,
  cursor() {
    frameBuffer.flush();
    return cursor;
  },
  token: () => guest.token,
  onFrame: (html) => frameBuffer.add(html),
  onState: showState,
  onDenied: ({ code, message }) => (needsPassword(code) ? showPasswordForm() : notice(message)),
});

const joinLink = new JoinLink(path);
keepScreenOn();
stage.show();
showState('connecting');
setInterval(() => void fetchPresence(), FETCH_MS);
await guest.restore();
connection.open();

function showState(now: ConnectionState): void {
  state = now;
  const isLive = now !== 'connecting' && now !== 'closed';
  const badge = byId('state');
  badge.hidden = isLive;
  badge.dataset.state = isLive ? 'live' : now;
  badge.textContent = t(now);
  if (isLive) void fetchPresence();
}

function showTools(): void {
  const { polls, shown, position } = stage;
  const index = shown ? polls.indexOf(shown) : -1;
  tools.enable('earlier', index > 0);
  tools.enable('later', index < polls.length - 1);
  tools.enable('list', polls.length > 0);
  tools.enable('reveal', stage.isHidden);
  byId('position').textContent = shown ? `${index + 1} / ${polls.length}` : '';
  byId('position').title = position;
}

/** Applies what the server sent. */
function receive(fragments: readonly HTMLElement[]): void {
  applyInOrder(
    fragments,
    (articles) => {
      for (const article of articles)
        cursor = advanceCursor(cursor, seqOf(article), messageId(article));
      apply(articles);
    },
    handleSignal,
  );
}

/** Polls go on the stage, other messages in the sidebar. */
function apply(articles: readonly HTMLElement[]): void {
  if (articles.length === 0) return;
  const isOfStage = (article: HTMLElement) =>
    article.matches('.poll') || byId('messages').contains(document.getElementById(article.id));
  stage.apply(articles.filter(isOfStage));
  sidebar.apply(articles.filter((article) => article.matches('.message') && !isOfStage(article)));
}

/** Handles what is not a message. Results that only some users may see are not for a projector. */
function handleSignal({ id, dataset, textContent }: HTMLElement): void {
  switch (id) {
    case 'welcome':
      if (dataset.token) guest.adopt(dataset.token);
      else guest.signIn(dataset.uid ?? '');
      break;
    case 'reset':
      reset();
      break;
    case 'synced':
      cursor = dataset.cursor;
      learnTime(dataset.at);
      break;
    case 'room-state':
      showTitle(dataset.title ?? '');
      joinLink.code = dataset.code;
      byId('topic').textContent = dataset.topic ?? '';
      stage.pollCreators = dataset.polls;
      if (!sidebar.pin(parseIds(dataset.pinned))) void fetchAll();
      break;
    case 'live-reactions':
      showRising(JSON.parse(dataset.counts ?? '{}'));
      break;
    case 'presence-count':
      byId('people-count').textContent = dataset.count ?? '';
      stage.present = Number(dataset.count);
      break;
    case 'error':
      if (needsPassword(dataset.code)) showPasswordForm();
      else notice(textContent);
      break;
  }
}

/** What is shown is incomplete: resets. */
function reset(): void {
  cursor = undefined;
  stage.clear();
  sidebar.clear();
  void fetchAll();
}

/** The page as rendered now has what a connection does not deliver: older and pinned messages. */
async function fetchAll(): Promise<void> {
  const html = await read('present');
  const page = new DOMParser().parseFromString(html, 'text/html');
  apply([...page.querySelectorAll('article')]);
}

/** Who is here, and what is pinned, for a transport that does not deliver it. */
async function fetchPresence(): Promise<void> {
  if (state === 'polling' || state === 'long-polling') frameBuffer.add(await read('presence'));
}

/** Fetches something of the room; nothing on failure, which the connection state shows. */
async function read(resource: 'present' | 'presence'): Promise<string> {
  const headers = { Accept: 'text/html', ...bearer(guest.token) };
  const response = await fetchWithTimeout(`${path}/${resource}`, { headers }).catch(
    () => undefined,
  );
  return response?.ok ? response.text() : '';
}

/** Sends a command to the room: over the connection, or by a request of its own. */
async function send(command: object): Promise<void> {
  notice();
  if (!connection.isLive || connection.send(JSON.stringify(command))) return;
  notice((await post(room, 'commands', guest, command).catch(() => undefined))?.message);
}

function notice(why: string | null = ''): void {
  const text = document.createElement('p');
  text.className = 'notice';
  text.textContent = why;
  byId('notices').replaceChildren(...(why ? [text] : []));
}
