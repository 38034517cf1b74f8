import { roomPath } from '../../../server/shared/routes.ts';
import { byId } from '../lib/dom.ts';
import { JoinLink } from '../lib/join-link.ts';
import { t } from '../lib/messages.ts';
import { createComposerParts } from './composer-parts.ts';
import { createConnectionParts } from './connection-parts.ts';
import { createNotices } from './notice-list.ts';
import { initPageParts } from './page-parts.ts';
import { createPeopleParts } from './people-parts.ts';
import { createReadingParts } from './reading-parts.ts';
import { Receiver } from './receiver.ts';
import { ReturnPosition } from './return-position.ts';
import { createSendingParts } from './sending-parts.ts';
import { SignalHandler } from './signal-handler.ts';
import { createStageParts } from './stage/stage-parts.ts';
import { createTimelineParts } from './timeline-parts.ts';
import { createUnsentParts } from './unsent-parts.ts';
import { createWriteAccess } from './write-denial.ts';

/* The parts of the page: each is created with those before it, and calls those after it later. */

const notices = createNotices();
const { mutes, peopleList, guest, account, mentionable, signIn } = createPeopleParts({
  ...{ send, sendConfirmed },
  onMute: () => timeline.redecorate(),
  onOwn(own) {
    messageMenu.setOwnIds(own);
    timeline.own(own);
    stage.own(own);
    pending.show();
  },
  onOtherUser() {
    if (account.signedIn.uid) void notifications.onOtherUser();
    connection.reconnect();
  },
  fetchWriters: () => requests.writers(),
});
const { timeline, navigation, polls, pins, messageMenu } = createTimelineParts({
  ...{ mutes, send, sendConfirmed },
  vote: (id, options) => void commandSender.send({ type: 'set-votes', id, options }),
  fetchOwnVotes: () => void requests.fetchState('votes'),
  reply: (article) => composeMode.reply(article),
  edit: (article) => composeMode.edit(article),
});
const { room } = timeline;
const { requests, outbox, commands, commandSender } = createSendingParts({
  ...{ room, guest, notices },
  connection: () => connection,
  isPolling: () => isPolling(),
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
const composerParts = createComposerParts({
  ...{ room, guest, timeline, outbox, commands, commandSender, requests, notices },
  isLive: () => connection.isLive,
  people: () => mentionable.all(),
  onPosted() {
    presence.onPosted();
    readTracker.onPosted();
    if (!connection.isLive) byId('spoken').textContent = t('offline-notice');
  },
});
const { attachments, edits, composeMode, restoreReleased } = composerParts;
const { pending, rejections } = createUnsentParts({
  ...{ room, outbox, commands, notices, composerParts },
  connection: () => connection,
  who: () => ({ uid: guest.uid, name: account.signedIn.name }),
  onResize: () => timeline.follow(),
});
const { readTracker, notifications, onMembership } = createReadingParts({
  ...{ timeline, navigation, guest, account, commands, commandSender },
  isLive: () => connection.isLive,
});
const writeAccess = createWriteAccess(() => {
  timeline.redecorate();
  polls.redecorate();
});
const joinLink = new JoinLink(roomPath(room));
const signals = new SignalHandler({
  ...{ guest, accountBadge: account, timeline, peopleList, polls, pins, joinLink },
  ...{ stage, reactionBar, onMembership, writeAccess },
  acknowledged: (cid) => commands.acknowledge(cid) || outbox.acknowledge(cid),
  rejected: (cid, why, code) => rejections.handle(cid, why, code),
});
const receiver = new Receiver({
  ...{ outbox, stage, timeline, notifications, requests, signals, composeMode, nowStrip },
  ...{ pending, readTracker },
});
const { connection, frames, presence, isPolling, showState } = createConnectionParts({
  ...{ room, guest, requests },
  cursor: () => timeline.cursor,
  receive: (fragments) => receiver.receive(fragments),
  onDenied: (why) => rejections.handleConnection(why),
  onLive() {
    notices.onLive();
    navigation.loadIfNear();
    outbox.resume();
    commands.resume();
    void edits.resume();
    polls.onLive();
  },
  onLost: () => commands.connectionLost(),
  onState(state) {
    peopleList.isClosed = state === 'closed';
    pending.show(outbox.entries);
    readTracker.update();
  },
});
const returnPosition = new ReturnPosition(timeline, navigation);
initPageParts({ timeline, navigation, requests, joinLink });

receiver.start();
navigation.loadIfNear();
composeMode.update();
showState();
await guest.restore();
signIn();
if (guest.isDuplicateTab) outbox.release(outbox.entries);
attachments.restore(guest.isDuplicateTab);
readTracker.start(await returnPosition.restore());
notifications.start();
connection.open();

/** Sends a command, and shows why it was rejected or not sent. */
function send(command: object): void {
  void commandSender.send(command);
}

/** The same for a command that destroys something, once the user confirms it. */
function sendConfirmed(command: object, done?: string): void {
  void commandSender.sendConfirmed(command, done);
}
