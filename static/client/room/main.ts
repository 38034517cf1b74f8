import { roomPath } from '../../../server/shared/routes.ts';
import { Commands } from '../connection/commands.ts';
import { Connection, type ConnectionState } from '../connection/connection.ts';
import { fetchWithTimeout } from '../connection/fetch-with-timeout.ts';
import { FrameBuffer } from '../connection/frame-buffer.ts';
import { bearer, GuestIdentity } from '../connection/guest-identity.ts';
import { type Entry, Outbox, type Posted } from '../connection/outbox.ts';
import { post, type ServerError } from '../connection/post.ts';
import { TRANSPORTS } from '../connection/transports.ts';
import { isStorageAllowed } from '../lib/allowed.ts';
import { byId, messageId, parseFragments } from '../lib/dom.ts';
import { language, t } from '../lib/messages.ts';
import { needsPassword, passwordNotice, showPasswordForm } from '../lib/password.ts';
import { pauseAnimations } from '../lib/still-images.ts';
import { AccountBadge } from './account-badge.ts';
import { Attachments } from './attachments.ts';
import { Autocomplete } from './autocomplete.ts';
import { ComposeMode } from './compose-mode.ts';
import { Composer } from './composer.ts';
import { Draft } from './drafts.ts';
import { EditQueue } from './edit-queue.ts';
import { FileDraft } from './file-draft.ts';
import { showHelpIfAsked } from './help.ts';
import { HistoryNavigation } from './history-navigation.ts';
import { MessageDecorator } from './message-decorator.ts';
import { MessageMenu } from './message-menu.ts';
import { Mutes } from './mutes.ts';
import { Notifications } from './notifications.ts';
import { Pending } from './pending.ts';
import { PeopleList } from './people-list.ts';
import { PersonMenu } from './person-menu.ts';
import { Pins } from './pins.ts';
import { initPollDialog, isAsking } from './poll-dialog.ts';
import { Polls } from './polls/polls.ts';
import { Presence, type PresenceCommand } from './presence.ts';
import { ReadTracker } from './read-tracker.ts';
import { Sidebar } from './sidebar.ts';
import { SignalHandler } from './signal-handler.ts';
import { Timeline } from './timeline.ts';
import { upload } from './upload.ts';

/** Temporary errors: the outbox tries again. */
const PASSING = new Set([
  'rate-limited',
  'overloaded',
  'shutting-down',
  'password-required',
  'server-password-required',
]);
/** Errors after which files have to be uploaded again. */
const FILES_LOST = new Set(['no-such-file', 'file-already-attached']);

/** Commands that do no more when they are sent again. */
const REPEATABLE = new Set(['toggle-vote', 'suggest-option', 'delete', 'pin', 'unpin']);

const mutes = new Mutes();
const polls = new Polls({
  vote: (id, options, adds) => sendCommand({ type: 'set-votes', id, options }, !adds),
  send: (command) => sendCommand(command),
  remember: () => void fetchState('votes'),
});
const pins = new Pins({ send: sendCommand, onChange: () => timeline.redecorate() });
const messageMenu = new MessageMenu({
  send: sendCommand,
  reply: (article) => composing.reply(article),
  edit: (article) => composing.edit(article),
  pin: (article) => pins.toggle(article),
  show: (article) => timeline.highlight(messageId(article)),
});
const reader = new MessageDecorator(mutes, (article) => {
  polls.decorate(article);
  pins.decorate(article);
  messageMenu.decorate(article);
  pauseAnimations(article);
});
const timeline = new Timeline(reader);
const { room } = timeline;
const menu = new PersonMenu({ mutes, onMute: () => timeline.redecorate(), send: sendCommand });
const peopleList = new PeopleList((uid, name) => menu.open(uid, name));
const guest = new GuestIdentity((uid) => {
  messageMenu.setOwnId(uid);
  timeline.own(uid);
  peopleList.own(uid);
  pending.show();
});
const past = new HistoryNavigation(timeline);
timeline.onReturn = () => void past.jumpToLatest();
const inbox = new FrameBuffer((html) => receive(parseFragments(html)));
const outbox = new Outbox({
  room,
  isLive: () => line.isLive,
  uid: () => guest.uid,
  send: (text) => line.send(text),
  post: postOne,
  onUnanswered: () => line.check(),
  onChange: (entries) => pending.show(entries),
  onStranded(entries) {
    for (const { command, files = [] } of entries) {
      composer.restore(command.message);
      // Another user uploaded them.
      attachments.restoreSent(files, t('file-expired'));
    }
    composer.notice(t(guest.isDuplicateTab ? 'duplicate-tab' : 'identity-changed'));
  },
});
const attachments = new Attachments({
  bring: (file, onProgress, signal) => upload({ room, guest, file, onProgress, signal }),
  draft: new FileDraft(room, () => guest.uid),
  notice: (text) => composer.notice(text),
});
const composer = new Composer(new Draft(room), send, () => !attachments.isEmpty);
const edits = new EditQueue({
  send: (command) => commands.send(command),
  isLive: () => line.isLive,
  onPending: () => composer.notice(t('edit-pending')),
  onRejected(text, why) {
    composer.restore(text);
    composer.notice(why);
  },
});
const commands = new Commands({ send: (text) => line.send(text), post: postCommand });
const composing = new ComposeMode({
  room,
  find: (id) => timeline.find(id),
  isGone: (id) => timeline.isGone(id),
  source,
  save: (id, text) => edits.save(id, text),
});
new Autocomplete(() => peopleList.names);
const me = new AccountBadge(() => line.reconnect());
const pending = new Pending({
  isLive: () => line.isLive,
  who: () => ({ uid: guest.uid, name: me.signedIn.name }),
  withdraw: (cid) => giveBack(cid),
  retry: () => (line.isLive ? outbox.resume() : line.open()),
  onResize: () => timeline.follow(),
});
const place = new ReadTracker(timeline);
const notifications = new Notifications(timeline, me);
const signals = new SignalHandler({
  ...{ guest, me, timeline, peopleList, polls, pins },
  acknowledged: (cid) => commands.acknowledge(cid) || outbox.acknowledge(cid),
  refused: takeBack,
});
const line = new Connection({
  room,
  lang: language,
  cursor() {
    inbox.flush();
    return timeline.cursor;
  },
  token: () => guest.token,
  onFrame: (html) => inbox.add(html),
  onState: showState,
  onRefused: ({ code, message }) =>
    needsPassword(code) ? askForPassword(message) : composer.notice(message),
});
const presence = new Presence(tell, () => line.isLive && state !== 'websocket');
new Sidebar(room);
initPollDialog({
  send: sendCommand,
  async bring(file) {
    const { signal } = new AbortController();
    const { id } = await upload({ room, guest, file, onProgress: () => {}, signal });
    return id;
  },
});

const closing = byId('close');
const connecting = byId('connect');
const way = byId<HTMLSelectElement>('transport');
let state: ConnectionState = 'connecting';
closing.addEventListener('click', () => {
  line.close();
  connecting.focus();
});
connecting.addEventListener('click', () => {
  line.open();
  closing.focus();
});
way.addEventListener('change', () => {
  line.setTransport(TRANSPORTS.find(({ name }) => name === way.value)?.name);
});
const noStorage = byId('no-storage');
noStorage.hidden = isStorageAllowed();
noStorage.querySelector('button')?.addEventListener('click', () => noStorage.remove());
// Data in this tab alone would be lost: the user confirms closing it.
let isAsked = false;
addEventListener('beforeunload', (event) => {
  const waits = outbox.entries.length > 0 && !line.isLive;
  const isLost = attachments.isOnlyHere || composing.isChanged || isAsking();
  if ((waits || isLost) && !isAsked) event.preventDefault();
});

past.look();
composing.look();
for (const article of byId('messages').children) settle(article);
showState('connecting');
await guest.restore();
if (me.signedIn.uid) guest.signIn(me.signedIn.uid);
if (guest.isDuplicateTab) outbox.release(outbox.entries);
attachments.restore(guest.isDuplicateTab);
place.start();
line.open();

function showState(now: ConnectionState): void {
  state = now;
  const isLive = now !== 'connecting' && now !== 'closed';
  const badge = byId('state');
  badge.hidden = false;
  badge.dataset.state = isLive ? 'live' : now;
  badge.dataset.transport = isLive ? now : '';
  badge.textContent = t(now);
  closing.hidden = now === 'closed';
  connecting.hidden = isLive;
  pending.show(outbox.entries);
  if (isLive) goOn();
  else commands.connectionLost();
}

/** The connection is live: what the last one did not confirm is sent again. */
function goOn(): void {
  inbox.flush();
  composer.notice();
  past.look();
  outbox.resume();
  commands.resume();
  void edits.resume();
  place.look();
  presence.report();
  polls.begin();
}

/** Applies what the server sent, in order. */
function receive(fragments: readonly HTMLElement[]): void {
  let messages: HTMLElement[] = [];
  const takeMessages = () => {
    timeline.take(messages);
    notifications.tell(messages);
    messages = [];
  };
  for (const fragment of fragments) {
    if (fragment.matches('article')) {
      settle(fragment);
      messages.push(fragment);
    } else {
      takeMessages();
      signals.take(fragment);
    }
  }
  takeMessages();
  notifications.look();
  composing.look();
  // Pending messages stand below the last of them.
  pending.show();
  place.look();
}

/** A message from here that came back is confirmed. */
function settle(article: Element): void {
  if (article instanceof HTMLElement) outbox.acknowledge(article.dataset.cid);
}

/** Restores an unsent message and its files to the composer; `lost` says why files are unusable. */
function giveBack(cid: string | undefined, lost?: string): void {
  const entry = outbox.acknowledge(cid);
  if (!entry) return;
  composer.restore(entry.command.message);
  attachments.restoreSent(entry.files ?? [], lost);
  const answered = document.getElementById(`m-${entry.command.reply}`);
  if (answered && !composing.isEditing) composing.reply(answered);
}

/** Rejects a message; one that failed temporarily stays pending. */
function takeBack(cid: string | undefined, why: string | HTMLElement, code = ''): void {
  if (PASSING.has(code) && outbox.retryLater(cid)) return;
  const message = typeof why === 'string' ? why : why.textContent;
  if (needsPassword(code)) {
    askForPassword(message);
    return;
  }
  if (commands.reject(cid, { code, message })) return;
  giveBack(cid, FILES_LOST.has(code) ? t('file-expired') : undefined);
  composer.notice(why);
}

/** The password restores access. Pending messages and the draft are kept until then. */
function askForPassword(why: string): void {
  line.close();
  if (attachments.isEmpty && !composing.isEditing) {
    isAsked = true;
    showPasswordForm();
  } else composer.notice(passwordNotice(why));
}

function send(message: string): boolean {
  if (showHelpIfAsked(message)) return true;
  const files = attachments.take();
  if (!files) return false;
  const isTaken = outbox.enqueue({ message, reply: composing.takeReply() }, files);
  composer.notice(isTaken ? undefined : t('outbox-full'));
  if (!isTaken) {
    attachments.restoreSent(files);
    return false;
  }
  presence.onPosted();
  place.onPosted();
  if (!line.isLive) byId('spoken').textContent = t('offline-notice');
  return true;
}

async function postOne({ cid, command }: Entry, signal: AbortSignal): Promise<Posted> {
  try {
    const refused = await post(room, 'messages', guest, { cid, ...command }, signal);
    if (!refused) return 'said';
    takeBack(cid, refused.message, refused.code);
    return 'refused';
  } catch {
    return 'unreached';
  }
}

/** Sends a command that is no message, and shows why it was rejected or not sent. */
function sendCommand(command: object, isRepeatable = isIdempotent(command)): void {
  const failed = () => composer.notice(t('offline-not-sent'));
  if (!line.isLive) failed();
  else {
    commands
      .send(command, isRepeatable)
      .then((refused) => refused && composer.notice(refused.message), failed);
  }
}

function isIdempotent(command: object): boolean {
  return 'type' in command && REPEATABLE.has(String(command.type));
}

/** The same for ephemeral commands: one that fails is repeated before long. */
function tell(trace: PresenceCommand): void {
  if (line.isLive && !line.send(JSON.stringify(trace))) postCommand(trace).catch(() => {});
}

/** Sends a command by a request. @throws if the server was not reached */
async function postCommand(command: object): Promise<ServerError | undefined> {
  const refused = await post(room, 'commands', guest, command);
  // Polling transports bring only messages.
  if (state === 'polling' || state === 'long-polling') {
    await fetchState('presence');
    await fetchState('votes');
  }
  return refused;
}

/** The source text of a message; nothing, and a notice why, if it cannot be loaded. */
async function source(id: number): Promise<string | undefined> {
  try {
    const response = await fetchWithTimeout(`${roomPath(room)}/messages/${id}`, {
      headers: { Accept: 'application/json', ...bearer(guest.token) },
    });
    const { body, error } = (await response.json()) as { body?: string; error?: ServerError };
    if (error) composer.notice(error.message);
    return body;
  } catch {
    composer.notice(t('server-unreachable'));
    return undefined;
  }
}

/** Fetches this user's ephemeral state: a failure is made up for by the next fetch. */
async function fetchState(end: 'presence' | 'votes'): Promise<void> {
  try {
    const response = await fetchWithTimeout(`${roomPath(room)}/${end}`, {
      headers: { Accept: 'text/html', ...bearer(guest.token) },
    });
    if (response.ok) inbox.add(await response.text());
  } catch {
    // The connection state shows that the server is out of reach.
  }
}
