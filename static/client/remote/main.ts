import { roomPath } from '../../../server/shared/routes.ts';
import { Commands } from '../connection/commands.ts';
import { Connection } from '../connection/connection.ts';
import { advanceCursor } from '../connection/cursor.ts';
import { fetchWithTimeout } from '../connection/fetch-with-timeout.ts';
import { FrameBuffer } from '../connection/frame-buffer.ts';
import { bearer, GuestIdentity } from '../connection/guest-identity.ts';
import { post } from '../connection/post.ts';
import { seqOf } from '../lib/complete-message.ts';
import { byId, messageId, notice, parseFragments } from '../lib/dom.ts';
import { language, t } from '../lib/messages.ts';
import { morph } from '../lib/morph.ts';
import { needsPassword, showPasswordForm } from '../lib/password.ts';
import { Refresher } from './refresher.ts';

/*
 * The remote: the server renders what can be done now, and the page fetches it again as the room
 * changes. Its forms are sent as commands over the connection.
 */

/** How often it is fetched on a transport that does not deliver the state of the room. */
const FETCH_MS = 5_000;

const remote = byId('remote');
const room = remote.dataset.room ?? '';
const guest = new GuestIdentity(() => {});
const refresher = new Refresher(refresh);
let { cursor } = remote.dataset;
const commands = new Commands({
  send: (text) => connection.send(text),
  post: (command) => post(room, 'commands', guest, command),
});
const frameBuffer = new FrameBuffer((html) => {
  for (const fragment of parseFragments(html)) receive(fragment);
});
const connection = new Connection({
  room,
  lang: language,
  cursor() {
    frameBuffer.flush();
    return cursor;
  },
  token: () => guest.token,
  onFrame: (html) => frameBuffer.add(html),
  onState(state) {
    const isLive = state !== 'connecting' && state !== 'closed';
    const badge = byId('state');
    badge.hidden = isLive;
    badge.dataset.state = isLive ? 'live' : state;
    badge.textContent = t(state);
    if (isLive) commands.resume();
    else commands.connectionLost();
    if (isLive) refresher.request();
  },
  onDenied: ({ code, message }) => (needsPassword(code) ? showPasswordForm() : tell(message)),
});

document.addEventListener('submit', (event) => {
  const { target: form, submitter } = event;
  if (!(form instanceof HTMLFormElement) || !connection.isLive) return;
  event.preventDefault();
  void send(Object.fromEntries(new FormData(form, submitter)));
});
setInterval(() => refresher.request(), FETCH_MS);
await guest.restore();
connection.open();

/** Whatever happens in the room may change what can be done. */
function receive(fragment: HTMLElement): void {
  const { id, dataset, textContent } = fragment;
  if (fragment.matches('article')) {
    cursor = advanceCursor(cursor, seqOf(fragment), messageId(fragment));
    if (fragment.matches('.poll') || document.getElementById(id)) refresher.request();
    return;
  }
  switch (id) {
    case 'welcome':
      if (dataset.token) guest.adopt(dataset.token);
      else guest.signIn(dataset.uid ?? '');
      break;
    case 'reset':
      cursor = undefined;
      break;
    case 'synced':
      cursor = dataset.cursor;
      break;
    case 'room-state':
      refresher.request();
      break;
    case 'presence-count':
      byId('people-count').textContent = dataset.count ?? '';
      break;
    case 'ack':
      commands.acknowledge(dataset.cid);
      break;
    case 'error':
      if (commands.reject(dataset.cid, { code: dataset.code ?? '', message: textContent })) break;
      if (needsPassword(dataset.code)) showPasswordForm();
      else tell(textContent);
      break;
  }
}

async function send(command: object): Promise<void> {
  tell('');
  const error = await commands
    .send(command)
    .catch(() => ({ code: '', message: t('offline-not-sent') }));
  if (error) tell(error.message);
  refresher.request();
}

async function refresh(): Promise<void> {
  const headers = { Accept: 'text/html', ...bearer(guest.token) };
  const response = await fetchWithTimeout(`${roomPath(room)}/remote`, { headers });
  if (!response.ok) return;
  const page = new DOMParser().parseFromString(await response.text(), 'text/html');
  const next = page.getElementById('remote');
  if (next) morph(remote, next);
}

function tell(why: string): void {
  byId('notices').replaceChildren(...(why ? [notice(why)] : []));
}
