import { roomPath } from '../../../server/shared/routes.ts';
import { Line, type LineState } from '../connection/connection.ts';
import { fetchWithTimeout } from '../connection/fetch-with-timeout.ts';
import { Inbox } from '../connection/frame-buffer.ts';
import { bearer, Visitor } from '../connection/guest-identity.ts';
import { type Entry, Outbox, type Posted } from '../connection/outbox.ts';
import { post, type Refused } from '../connection/post.ts';
import { LADDER } from '../connection/transports.ts';
import { isStorageAllowed } from '../lib/allowed.ts';
import { byId, idOf } from '../lib/dom.ts';
import { say } from '../lib/messages.ts';
import { needsPassword, passwordNotice, showPasswordForm } from '../lib/password.ts';
import { holdPicturesStill } from '../lib/still-images.ts';
import { Me } from './account-badge.ts';
import { Attachments } from './attachments.ts';
import { Completion } from './autocomplete.ts';
import { Composing } from './compose-mode.ts';
import { Composer } from './composer.ts';
import { Draft } from './drafts.ts';
import { Edits } from './edit-queue.ts';
import { FileDraft } from './file-draft.ts';
import { helps } from './help.ts';
import { Past } from './history-navigation.ts';
import { Reader } from './message-decorator.ts';
import { MessageMenu } from './message-menu.ts';
import { Mutes } from './mutes.ts';
import { Notifications } from './notifications.ts';
import { Pending } from './pending.ts';
import { Roster } from './people-list.ts';
import { PersonMenu } from './person-menu.ts';
import { Pins } from './pins.ts';
import { askHere, isAsking } from './poll-dialog.ts';
import { Polls } from './polls/polls.ts';
import { Presence, type Trace } from './presence.ts';
import { Place } from './read-tracker.ts';
import { Side } from './sidebar.ts';
import { Signals } from './signal-handler.ts';
import { Timeline } from './timeline.ts';
import { upload } from './upload.ts';

/** Refusals that pass by themselves: the outbox tries again. */
const PASSING = new Set(['slow-down', 'busy', 'closing', 'needs-word', 'needs-passcode']);
/** Refusals of files that no message will carry any more: they are to be brought again. */
const FILES_LOST = new Set(['no-such-file', 'file-taken']);

const mutes = new Mutes();
const polls = new Polls({
  vote: (id, option) => doInRoom({ do: 'vote', id, option }),
  act: (command) => doInRoom(command),
  remember: () => void readBeside('votes'),
});
const pins = new Pins({ act: doInRoom, onChange: () => timeline.redress() });
const messageMenu = new MessageMenu({
  act: doInRoom,
  reply: (article) => composing.reply(article),
  edit: (article) => composing.edit(article),
  pin: (article) => pins.toggle(article),
  show: (article) => timeline.mark(idOf(article)),
});
const reader = new Reader(mutes, (article) => {
  polls.dress(article);
  pins.dress(article);
  messageMenu.dress(article);
  holdPicturesStill(article);
});
const timeline = new Timeline(reader);
const { room } = timeline;
const menu = new PersonMenu({ mutes, onMute: () => timeline.redress(), act: doInRoom });
const roster = new Roster((uid, name) => menu.open(uid, name));
const visitor = new Visitor((uid) => {
  messageMenu.own(uid);
  timeline.own(uid);
  roster.own(uid);
  pending.show();
});
const past = new Past(timeline);
timeline.onReturn = () => void past.return();
const inbox = new Inbox(receive);
const outbox = new Outbox({
  room,
  isLive: () => line.isLive,
  uid: () => visitor.uid,
  send: (text) => line.send(text),
  post: postOne,
  onUnanswered: () => line.doubt(),
  onChange: (entries) => pending.show(entries),
  onStranded(entries) {
    for (const { command, files = [] } of entries) {
      composer.giveBack(command.message);
      // Whoever brought them is somebody else.
      attachments.giveBack(files, say('file-lost'));
    }
    composer.notice(say(visitor.isCopy ? 'another-tab' : 'stranded'));
  },
});
const attachments = new Attachments({
  bring: (file, onProgress, signal) => upload({ room, visitor, file, onProgress, signal }),
  draft: new FileDraft(room, () => visitor.uid),
  notice: (text) => composer.notice(text),
});
const composer = new Composer(new Draft(room), send, () => !attachments.isEmpty);
const edits = new Edits({
  post: (command) => post(room, 'acts', visitor, command),
  isLive: () => line.isLive,
  waits: () => composer.notice(say('kept-edit')),
  refused(text, why) {
    composer.giveBack(text);
    composer.notice(why);
  },
});
const composing = new Composing({
  room,
  find: (id) => timeline.find(id),
  isGone: (id) => timeline.isGone(id),
  source,
  save: (id, text) => edits.save(id, text),
});
new Completion(() => roster.names);
const me = new Me(() => line.renew());
const pending = new Pending({
  isLive: () => line.isLive,
  who: () => ({ uid: visitor.uid, name: me.signedIn.name }),
  withdraw: (cid) => giveBack(cid),
  retry: () => (line.isLive ? outbox.resume() : line.open()),
  onResize: () => timeline.follow(),
});
const place = new Place(timeline);
const notifications = new Notifications(timeline, me);
const signals = new Signals({
  ...{ visitor, me, timeline, roster, polls, pins },
  acknowledged: (cid) => outbox.settle(cid),
  refused: takeBack,
});
const line = new Line({
  room,
  cursor() {
    inbox.flush();
    return timeline.cursor;
  },
  token: () => visitor.token,
  hear: (html) => inbox.add(html),
  onState: showState,
  onRefused: ({ code, message }) =>
    needsPassword(code) ? askForPassword(message) : composer.notice(message),
});
const presence = new Presence(tell, () => line.isLive && state !== 'socket');
new Side(room);
askHere({
  act: doInRoom,
  async bring(file) {
    const { signal } = new AbortController();
    const { id } = await upload({ room, visitor, file, onProgress: () => {}, signal });
    return id;
  },
});

const closing = byId('close');
const connecting = byId('connect');
const way = byId<HTMLSelectElement>('way');
let state: LineState = 'connecting';
closing.addEventListener('click', () => {
  line.close();
  connecting.focus();
});
connecting.addEventListener('click', () => {
  line.open();
  closing.focus();
});
way.addEventListener('change', () => {
  line.choose(LADDER.find(({ name }) => name === way.value)?.name);
});
const noStorage = byId('no-storage');
noStorage.hidden = isStorageAllowed();
noStorage.querySelector('button')?.addEventListener('click', () => noStorage.remove());
// What is in this tab alone would be lost: one who is about to close it is asked.
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
await visitor.remember();
if (me.signedIn.uid) visitor.signIn(me.signedIn.uid);
if (visitor.isCopy) outbox.strand(outbox.entries);
attachments.restore(visitor.isCopy);
place.begin();
line.open();

function showState(now: LineState): void {
  state = now;
  const isLive = now !== 'connecting' && now !== 'closed';
  const badge = byId('state');
  badge.hidden = false;
  badge.dataset.state = isLive ? 'live' : now;
  badge.dataset.way = isLive ? now : '';
  badge.textContent = say(now);
  closing.hidden = now === 'closed';
  connecting.hidden = isLive;
  pending.show(outbox.entries);
  if (isLive) goOn();
}

/** The line is alive: what was not confirmed on the last one is said once more. */
function goOn(): void {
  inbox.flush();
  composer.notice();
  past.look();
  outbox.resume();
  void edits.resume();
  place.look();
  presence.tell();
  polls.begin();
}

/** Takes what the server sent, in its order. */
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
  // What waits stands below the last of them.
  pending.show();
  place.look();
}

/** A message that was written here and is there is confirmed. */
function settle(article: Element): void {
  if (article instanceof HTMLElement) outbox.settle(article.dataset.cid);
}

/** What is not said goes back to where it was written; its files with it, and why they are of no use. */
function giveBack(cid: string | undefined, lost?: string): void {
  const entry = outbox.settle(cid);
  if (!entry) return;
  composer.giveBack(entry.command.message);
  attachments.giveBack(entry.files ?? [], lost);
  const answered = document.getElementById(`m-${entry.command.reply}`);
  if (answered && !composing.isEditing) composing.reply(answered);
}

/** Refused is what the server does not take; what it does not take just now, waits. */
function takeBack(cid: string | undefined, why: string | HTMLElement, code = ''): void {
  if (PASSING.has(code) && outbox.postpone(cid)) return;
  if (needsPassword(code)) {
    askForPassword(typeof why === 'string' ? why : why.textContent);
    return;
  }
  giveBack(cid, FILES_LOST.has(code) ? say('file-lost') : undefined);
  composer.notice(why);
}

/** One is let in again who gives the password. What waits, and what is being written, is kept until then. */
function askForPassword(why: string): void {
  line.close();
  if (attachments.isEmpty && !composing.isEditing) {
    isAsked = true;
    showPasswordForm();
  } else composer.notice(passwordNotice(why));
}

function send(message: string): boolean {
  if (helps(message)) return true;
  const files = attachments.take();
  if (!files) return false;
  const isTaken = outbox.say({ message, reply: composing.takeReply() }, files);
  composer.notice(isTaken ? undefined : say('too-many-wait'));
  if (!isTaken) {
    attachments.giveBack(files);
    return false;
  }
  presence.said();
  place.wrote();
  if (!line.isLive) byId('spoken').textContent = say('waits-spoken');
  return true;
}

async function postOne({ cid, command }: Entry, signal: AbortSignal): Promise<Posted> {
  try {
    const refused = await post(room, 'messages', visitor, { cid, ...command }, signal);
    if (!refused) return 'said';
    takeBack(cid, refused.message, refused.code);
    return 'refused';
  } catch {
    return 'unreached';
  }
}

/** Does something in the room that is no message: over the line, or by a request of its own. */
function doInRoom(command: object): void {
  const failed = () => composer.notice(say('not-done'));
  if (!line.isLive) failed();
  else if (!line.send(JSON.stringify(command))) doByRequest(command).catch(failed);
}

/** The same for what leaves no trace: where it does not get through, it is told again before long. */
function tell(trace: Trace): void {
  if (line.isLive && !line.send(JSON.stringify(trace))) doByRequest(trace).catch(() => {});
}

/** @throws where the server was not reached */
async function doByRequest(command: object): Promise<void> {
  const refused = await post(room, 'acts', visitor, command);
  if (refused) composer.notice(refused.message);
  // Polls bring the messages alone.
  if (state !== 'poll' && state !== 'long-poll') return;
  await readBeside('people');
  await readBeside('votes');
}

/** What the author of a message wrote; nothing, and a word of why, where that cannot be had. */
async function source(id: number): Promise<string | undefined> {
  try {
    const response = await fetchWithTimeout(`${roomPath(room)}/messages/${id}`, {
      headers: { Accept: 'application/json', ...bearer(visitor.token) },
    });
    const { body, error } = (await response.json()) as { body?: string; error?: Refused };
    if (error) composer.notice(error.message);
    return body;
  } catch {
    composer.notice(say('out-of-reach'));
    return undefined;
  }
}

/** Reads what is beside the messages and concerns whoever is at this page: it comes again, if not now. */
async function readBeside(end: 'people' | 'votes'): Promise<void> {
  try {
    const response = await fetchWithTimeout(`${roomPath(room)}/${end}`, {
      headers: { Accept: 'text/html', ...bearer(visitor.token) },
    });
    if (response.ok) inbox.add(await response.text());
  } catch {
    // The line itself says that the server is out of reach.
  }
}
