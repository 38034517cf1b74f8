import { roomPath } from '../../../server/shared/routes.ts';
import { Connection, type ConnectionState } from '../connection/connection.ts';
import { FrameBuffer } from '../connection/frame-buffer.ts';
import { GuestIdentity } from '../connection/guest-identity.ts';
import { applyInOrder } from '../lib/apply-in-order.ts';
import { byId, notice, parseFragments } from '../lib/dom.ts';
import { JoinLink } from '../lib/join-link.ts';
import { language, t } from '../lib/messages.ts';
import { passwordNotice, showPasswordForm } from '../lib/password.ts';
import { AccountBadge } from './account-badge.ts';
import { createComposerParts } from './composer-parts.ts';
import { ConnectionPanel } from './connection-panel.ts';
import { LeaveGuard } from './leave-guard.ts';
import { MentionableUsers } from './mentionable.ts';
import { Mutes } from './mutes.ts';
import { NameOffer } from './name-offer.ts';
import { pollFormNotice } from './new-poll/poll-form-notice.ts';
import { initPollSheet, isWritingPoll } from './new-poll/poll-sheet.ts';
import { Notices } from './notices.ts';
import { Notifications } from './notifications/notifications.ts';
import { initPageParts } from './page-parts.ts';
import { Pending } from './pending.ts';
import { PeopleList } from './people-list.ts';
import { PersonMenu } from './person-menu.ts';
import { Presence, type PresenceCommand } from './presence.ts';
import { Rejections } from './rejections.ts';
import { createSendingParts } from './sending-parts.ts';
import { SignalHandler } from './signal-handler.ts';
import { createStageParts } from './stage/stage-parts.ts';
import { showStorageNote } from './storage-note.ts';
import { createTimelineParts } from './timeline-parts.ts';
import { mergeGuestPositions } from './unread/memberships.ts';
import { ReadTracker } from './unread/read-tracker.ts';
import { upload } from './upload.ts';
import { createWriteAccess } from './write-denial.ts';

const mutes = new Mutes();
const notices = new Notices(
  (shown) =>
    byId('notices').replaceChildren(
      ...shown.map((item) => (typeof item === 'string' ? notice(item) : item)),
    ),
  // What the server rendered, in answer to a form sent before this script ran.
  byId('notices').querySelector<HTMLElement>('.notice') ?? undefined,
);
const { timeline, navigation, polls, pins, messageMenu } = createTimelineParts({
  ...{ mutes, send, sendConfirmed },
  vote: (id, options, adds) => void commandSender.send({ type: 'set-votes', id, options }, !adds),
  fetchOwnVotes: () => void requests.fetchState('votes'),
  reply: (article) => composeMode.reply(article),
  edit: (article) => composeMode.edit(article),
});
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
const { requests, outbox, commands, commandSender } = createSendingParts({
  ...{ room, guest, notices },
  connection: () => connection,
  isPolling: () => state === 'polling' || state === 'long-polling',
  onState: (html) => frames.add(html),
  onUnconfirmed: (entries) => pending.show(entries),
  onReleased: (entries) => restoreReleased(entries),
  onRejected: (cid, why, code) => rejections.handle(cid, why, code),
});
const { stage, nowStrip, reactionBar } = createStageParts({
  ...{ timeline, polls, send },
  fetch: () => requests.currentPolls(),
  onView: () => readTracker.update(),
});
const frames = new FrameBuffer((html) => receive(parseFragments(html)));
const { attachments, composer, edits, composeMode, messageSender, restoreReleased } =
  createComposerParts({
    ...{ room, guest, timeline, outbox, commands, requests, notices },
    isLive: () => connection.isLive,
    people: () => mentionable.all(),
    onPosted() {
      presence.onPosted();
      readTracker.onPosted();
      if (!connection.isLive) byId('spoken').textContent = t('offline-notice');
    },
  });
const mentionable = new MentionableUsers({
  online: () => peopleList.names,
  ownName: () => account.signedIn.name,
  fetch: () => requests.writers(),
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
const account = new AccountBadge(() => {
  signIn();
  if (account.signedIn.uid) void notifications.onOtherUser();
  connection.reconnect();
});
new NameOffer({
  isGuest: () => account.signedIn.uid === undefined,
  token: () => guest.token,
  onSignedIn: ({ uid, name }) => account.signIn({ uid, name, formerGuests: [guest.uid] }),
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
const notifications = new Notifications(timeline, account, (level) =>
  commandSender.send({ type: 'set-notifications', level }),
);
const writeAccess = createWriteAccess(() => {
  timeline.redecorate();
  polls.redecorate();
});
const joinLink = new JoinLink(roomPath(room));
const signals = new SignalHandler({
  ...{ guest, accountBadge: account, timeline, peopleList, polls, pins, joinLink },
  ...{ stage, reactionBar, writeAccess },
  onMembership(readId, level) {
    readTracker.onStored(readId);
    notifications.onStored(level);
  },
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
notifications.start();
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
      if (articles.some((article) => article.matches('.system-message'))) {
        requests.onSystemMessage();
      }
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

/** Reports presence: if that fails, it is reported again before long. */
function report(presence: PresenceCommand): void {
  if (connection.isLive && !connection.send(JSON.stringify(presence)))
    requests.command(presence).catch(() => {});
}
