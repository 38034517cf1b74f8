import { roomPath } from '../../../server/shared/routes.ts';
import { Commands } from '../connection/commands.ts';
import { Connection, type ConnectionState } from '../connection/connection.ts';
import { FrameBuffer } from '../connection/frame-buffer.ts';
import { GuestIdentity } from '../connection/guest-identity.ts';
import { type Entry, Outbox, type Posted } from '../connection/outbox.ts';
import { applyInOrder } from '../lib/apply-in-order.ts';
import { byId, messageId, notice, parseFragments } from '../lib/dom.ts';
import { JoinLink } from '../lib/join-link.ts';
import { language, t } from '../lib/messages.ts';
import { passwordNotice, showPasswordForm } from '../lib/password.ts';
import { pauseAnimations } from '../lib/still-images.ts';
import { AccountBadge } from './account-badge.ts';
import { Attachments } from './attachments.ts';
import { Autocomplete } from './autocomplete.ts';
import { decorateCode } from './code-blocks.ts';
import { CommandSender } from './command-sender.ts';
import { ComposeMode } from './compose-mode.ts';
import { Composer } from './composer.ts';
import { ConnectionPanel } from './connection-panel.ts';
import { Draft } from './drafts.ts';
import { EditQueue } from './edit-queue.ts';
import { FileDraft } from './file-draft.ts';
import { HistoryNavigation } from './history-navigation.ts';
import { LeaveGuard } from './leave-guard.ts';
import { MessageBar } from './message-bar.ts';
import { MessageDecorator } from './message-decorator.ts';
import { MessageFocus } from './message-focus.ts';
import { MessageMenu } from './message-menu.ts';
import { MessageSender } from './message-sender.ts';
import { Mutes } from './mutes.ts';
import { pollFormNotice } from './new-poll/poll-form-notice.ts';
import { initPollSheet, isWritingPoll } from './new-poll/poll-sheet.ts';
import { Notices } from './notices.ts';
import { Notifications } from './notifications.ts';
import { initPageParts } from './page-parts.ts';
import { Pending } from './pending.ts';
import { PeopleList } from './people-list.ts';
import { PersonMenu } from './person-menu.ts';
import { Pins } from './pins.ts';
import { Polls } from './polls/polls.ts';
import { Presence, type PresenceCommand } from './presence.ts';
import { Rejections } from './rejections.ts';
import { RoomRequests } from './room-requests.ts';
import { SignalHandler } from './signal-handler.ts';
import { NowStrip } from './stage/now-strip.ts';
import { ReactionBar } from './stage/reaction-bar.ts';
import { Stage } from './stage/stage.ts';
import { Views } from './stage/views.ts';
import { showStorageNote } from './storage-note.ts';
import { Timeline } from './timeline.ts';
import { mergeGuestPositions } from './unread/memberships.ts';
import { ReadTracker } from './unread/read-tracker.ts';
import { upload } from './upload.ts';

const mutes = new Mutes();
const notices = new Notices(
  (shown) =>
    byId('notices').replaceChildren(
      ...shown.map((item) => (typeof item === 'string' ? notice(item) : item)),
    ),
  // What the server rendered, in answer to a form sent before this script ran.
  byId('notices').querySelector<HTMLElement>('.notice') ?? undefined,
);
const polls = new Polls({
  vote: (id, options, adds) => void commandSender.send({ type: 'set-votes', id, options }, !adds),
  send,
  sendConfirmed,
  fetchOwnVotes: () => void requests.fetchState('votes'),
});
const pins = new Pins({ send, onChange: () => timeline.redecorate() });
const messageMenu = new MessageMenu({
  send,
  sendConfirmed,
  reply: (article) => composeMode.reply(article),
  edit: (article) => composeMode.edit(article),
  pin: (article) => pins.toggle(article),
  show: (article) => timeline.highlight(messageId(article)),
});
const messageFocus = new MessageFocus((article) => messageMenu.open(article));
new MessageBar({
  react: (article, emoji) => messageMenu.react(article, emoji),
  reply: (article) => composeMode.reply(article),
  open: (article) => messageMenu.open(article),
});
const decorator = new MessageDecorator(mutes, (article) => {
  polls.decorate(article);
  pins.decorate(article);
  messageMenu.decorate(article);
  decorateCode(article);
  messageFocus.decorate(article);
  pauseAnimations(article);
});
const timeline = new Timeline(decorator);
const { room } = timeline;
const personMenu = new PersonMenu({
  mutes,
  onMute: () => timeline.redecorate(),
  send,
  sendConfirmed,
});
const peopleList = new PeopleList((uid, name) => personMenu.open(uid, name));
const guest = new GuestIdentity((own) => {
  messageMenu.setOwnIds(own);
  timeline.own(own);
  stage.own(own);
  peopleList.own(guest.uid);
  pending.show();
});
const requests = new RoomRequests({
  ...{ room, guest },
  isPolling: () => state === 'polling' || state === 'long-polling',
  onState: (html) => frames.add(html),
});
const views = new Views(() => readTracker.update());
const nowStrip = new NowStrip({
  showNow: () => views.show('now'),
  highlight(id) {
    const isHere = document.getElementById(`m-${id}`) !== null;
    if (isHere) timeline.highlight(id);
    return isHere;
  },
});
const stage = new Stage({
  decorate: (article) => polls.decorate(article),
  fetch: () => requests.currentPolls(),
  onRunning: (poll) => nowStrip.show(poll),
});
const reactionBar = new ReactionBar(send);
const navigation = new HistoryNavigation(timeline);
timeline.onReturn = () => void navigation.jumpToLatest();
const frames = new FrameBuffer((html) => receive(parseFragments(html)));
const outbox = new Outbox({
  room,
  isLive: () => connection.isLive,
  uid: () => guest.uid,
  send: (text) => connection.send(text),
  post: postMessage,
  onUnanswered: () => connection.check(),
  onChange: (entries) => pending.show(entries),
  onReleased(entries) {
    for (const { command, files = [] } of entries) {
      composer.restore(command.message);
      // Another user uploaded them.
      attachments.restoreSent(files, t('file-expired'));
    }
    notices.show('result', t(guest.isDuplicateTab ? 'duplicate-tab' : 'identity-changed'));
  },
});
const attachments = new Attachments({
  upload: (file, onProgress, signal) => upload({ room, guest, file, onProgress, signal }),
  draft: new FileDraft(room, guest),
  notice: (text) => notices.show('result', text),
});
const composer = new Composer(
  new Draft(room),
  (message) => messageSender.send(message),
  () => !attachments.isEmpty,
);
const commands = new Commands({
  send: (text) => connection.send(text),
  post: (command) => requests.command(command),
});
const commandSender = new CommandSender({
  commands,
  isLive: () => connection.isLive,
  confirm: (command) => requests.confirm(command),
  onRejected: (why) => notices.show('result', why),
  onFailed: () => notices.show('connection', t('offline-not-sent')),
});
const edits = new EditQueue({
  send: (command) => commands.send(command),
  isLive: () => connection.isLive,
  onPending: () => notices.show('connection', t('edit-pending')),
  onRejected(text, why) {
    composer.restore(text);
    notices.show('result', why);
  },
});
const composeMode = new ComposeMode({
  room,
  find: (id) => timeline.find(id),
  isGone: (id) => timeline.isGone(id),
  source,
  save: (id, text) => edits.save(id, text),
});
const messageSender = new MessageSender({
  ...{ outbox, composer, composeMode, attachments, notices },
  onPosted() {
    presence.onPosted();
    readTracker.onPosted();
    if (!connection.isLive) byId('spoken').textContent = t('offline-notice');
  },
});
const rejections = new Rejections({
  ...{ room, outbox, commands, notices, passwordNotice, pollFormNotice },
  restore: (entry, areFilesLost) => messageSender.restore(entry, areFilesLost),
  closeConnection: () => connection.close(),
  leaveForPassword() {
    if (!attachments.isEmpty || composeMode.isEditing) return false;
    leaveGuard.allow();
    showPasswordForm();
    return true;
  },
});
new Autocomplete(() => peopleList.names);
const account = new AccountBadge(() => {
  signIn();
  connection.reconnect();
});
const pending = new Pending({
  isLive: () => connection.isLive,
  who: () => ({ uid: guest.uid, name: account.signedIn.name }),
  cancel(cid) {
    const entry = outbox.acknowledge(cid);
    if (entry) messageSender.restore(entry);
  },
  retry: () => (connection.isLive ? outbox.resume() : connection.open()),
  onResize: () => timeline.follow(),
});
const readTracker = new ReadTracker(timeline, {
  openAfter: (id) => navigation.openAfter(id),
  isLive: () => connection.isLive,
  uid: () => account.signedIn.uid,
  report: (id) => storeReadPosition(id),
  token: () => guest.token,
});
const notifications = new Notifications(timeline, account);
const joinLink = new JoinLink(roomPath(room));
const signals = new SignalHandler({
  ...{ guest, accountBadge: account, timeline, peopleList, polls, pins, joinLink },
  ...{ stage, reactionBar },
  onRead: (id) => readTracker.onStored(id),
  acknowledged: (cid) => commands.acknowledge(cid) || outbox.acknowledge(cid),
  rejected: (cid, why, code) => rejections.handle(cid, why, code),
});
const connection = new Connection({
  room,
  lang: language,
  cursor() {
    frames.flush();
    return timeline.cursor;
  },
  token: () => guest.token,
  onFrame: (html) => frames.add(html),
  onState: showState,
  onDenied: (why) => rejections.handleConnection(why),
});
const connectionPanel = new ConnectionPanel(connection);
let state: ConnectionState = 'connecting';
const presence = new Presence(report, () => connection.isLive && state !== 'websocket');
initPageParts(timeline, joinLink);
initPollSheet({
  room,
  fetchPage: (address) => requests.page(address),
  send: (command) => commandSender.attempt(command),
  sendConfirmed: (command) => commandSender.sendConfirmed(command),
  async upload(file, onProgress) {
    const { signal } = new AbortController();
    const { id } = await upload({ room, guest, file, onProgress, signal });
    return id;
  },
  onTyped: (text) => composer.discard(text),
});
showStorageNote();
// Data in this tab alone would be lost: the user confirms closing it.
const leaveGuard = new LeaveGuard(() => {
  const isUnsent = outbox.entries.length > 0 && !connection.isLive;
  return isUnsent || attachments.isUnsaved || composeMode.isChanged || isWritingPoll();
});

navigation.loadIfNear();
composeMode.update();
for (const article of byId('messages').children) acknowledge(article);
showState('connecting');
await guest.restore();
signIn();
if (guest.isDuplicateTab) outbox.release(outbox.entries);
attachments.restore(guest.isDuplicateTab);
readTracker.start();
connection.open();

/** The user that the browser is signed in as takes precedence over this tab's guest. */
function signIn(): void {
  const { uid, formerGuests } = account.signedIn;
  if (uid) {
    guest.signIn(uid, formerGuests);
    void mergeGuestPositions();
  }
}

function showState(now: ConnectionState): void {
  state = now;
  connectionPanel.show(now);
  pending.show(outbox.entries);
  if (connection.isLive) onLive();
  else commands.connectionLost();
  readTracker.update();
}

/** The connection is live: what the last one did not confirm is sent again. */
function onLive(): void {
  frames.flush();
  notices.onLive();
  navigation.loadIfNear();
  outbox.resume();
  commands.resume();
  void edits.resume();
  presence.report();
  polls.onLive();
}

/** Applies what the server sent. */
function receive(fragments: readonly HTMLElement[]): void {
  applyInOrder(
    fragments,
    (articles) => {
      for (const article of articles) acknowledge(article);
      stage.apply(articles);
      timeline.apply(articles);
      notifications.notifyOf(articles);
    },
    (signal) => signals.handle(signal),
  );
  notifications.update();
  composeMode.update();
  nowStrip.observe();
  // Pending messages are below the last of them.
  pending.show();
  readTracker.update();
}

/** Confirms a message from here that came back. */
function acknowledge(article: Element): void {
  if (article instanceof HTMLElement) outbox.acknowledge(article.dataset.cid);
}

/** Stores what a signed-in user has read; `false` if that failed, and is tried again. */
async function storeReadPosition(id: number): Promise<boolean> {
  try {
    return (await commands.send({ type: 'mark-read', id }, true)) === undefined;
  } catch {
    return false;
  }
}

/** Sends a command, and shows why it was rejected or not sent. */
function send(command: object): void {
  void commandSender.send(command);
}

/** The same for a command that destroys something, once the user confirms it. */
function sendConfirmed(command: object, done?: string): void {
  void commandSender.sendConfirmed(command, done);
}

/** Posts a message by a request. */
async function postMessage(entry: Entry, signal: AbortSignal): Promise<Posted> {
  try {
    const error = await requests.message(entry, signal);
    if (!error) return 'accepted';
    rejections.handle(entry.cid, error.message, error.code);
    return 'rejected';
  } catch {
    return 'unreachable';
  }
}

/** Reports presence: if that fails, it is reported again before long. */
function report(presence: PresenceCommand): void {
  if (connection.isLive && !connection.send(JSON.stringify(presence)))
    requests.command(presence).catch(() => {});
}

/** The source text of a message; nothing, and a notice why, if it cannot be loaded. */
async function source(id: number): Promise<string | undefined> {
  try {
    const { body, error } = await requests.source(id);
    if (error) notices.show('result', error.message);
    return body;
  } catch {
    notices.show('connection', t('server-unreachable'));
    return undefined;
  }
}
