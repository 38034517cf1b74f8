import { pathOf } from '../../server/room-path.ts';
import { askHere } from './ask.ts';
import { Completion } from './completion.ts';
import { Composer } from './composer.ts';
import { Composing } from './composing.ts';
import { byId, idOf } from './dom.ts';
import { Edits } from './edits.ts';
import { helps } from './help.ts';
import { Inbox } from './inbox.ts';
import { LADDER } from './ladder.ts';
import { Line, type LineState } from './line.ts';
import { Me } from './me.ts';
import { MessageMenu } from './message-menu.ts';
import { Mutes } from './mutes.ts';
import { Outbox, type Said } from './outbox.ts';
import { Past } from './past.ts';
import { PersonMenu } from './person-menu.ts';
import { Pins } from './pins.ts';
import { Polls } from './polls.ts';
import { post, type Refused } from './post.ts';
import { Presence } from './presence.ts';
import { Roster } from './roster.ts';
import { Side } from './side.ts';
import { Signals } from './signals.ts';
import { Timeline } from './timeline.ts';
import { see } from './unread.ts';
import { bearer, Visitor } from './visitor.ts';
import { say } from './words.ts';

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
const timeline = new Timeline(mutes, (article) => {
  polls.dress(article);
  pins.dress(article);
  messageMenu.dress(article);
});
const { room } = timeline;
const menu = new PersonMenu({ mutes, onMute: () => timeline.redress(), act: doInRoom });
const roster = new Roster((uid, name) => menu.open(uid, name));
const visitor = new Visitor((uid) => {
  messageMenu.own(uid);
  timeline.own(uid);
  roster.own(uid);
});
const past = new Past(timeline);
timeline.onReturn = () => void past.return();
const inbox = new Inbox(receive);
const outbox = new Outbox({ send: (text) => line.send(text), post: postOne });
const composer = new Composer(send);
const edits = new Edits({
  post: (command) => post(room, 'acts', visitor, command),
  isLive: () => line.isLive,
  waits: () => composer.notice(say('kept-edit')),
  refused(text, why) {
    composer.giveBack(text);
    composer.notice(why);
  },
});
const composing = new Composing({ source, save: (id, text) => edits.save(id, text) });
new Completion(() => roster.names);
const me = new Me(() => line.renew());
const signals = new Signals({ visitor, me, timeline, roster, polls, pins, refused: takeBack });
const line = new Line({
  room,
  cursor() {
    inbox.flush();
    return timeline.cursor;
  },
  token: () => visitor.token,
  hear: (html) => inbox.add(html),
  onState: showState,
  onRefused: (why) => composer.notice(why),
});
const presence = new Presence(doInRoom, () => line.isLive && state !== 'socket');
new Side(room);
askHere(doInRoom);

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
document.addEventListener('visibilitychange', noteSeen);

past.look();
noteSeen();
showState('connecting');
await visitor.remember();
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
  if (isLive) goOn();
}

/** The line is alive: what was not confirmed on the last one is said once more. */
function goOn(): void {
  inbox.flush();
  composer.notice();
  past.look();
  outbox.resume();
  void edits.resume();
  presence.tell();
  polls.begin();
}

/** Takes what the server sent, in its order. */
function receive(fragments: readonly HTMLElement[]): void {
  let messages: HTMLElement[] = [];
  const takeMessages = () => {
    timeline.take(messages);
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
  noteSeen();
}

function noteSeen(): void {
  if (!document.hidden && timeline.lastId !== undefined) see(room, timeline.lastId);
}

/** A message of this page's own that comes back is confirmed. */
function settle({ dataset }: HTMLElement): void {
  if (dataset.uid === visitor.uid) outbox.settle(dataset.cid);
}

/** A message that was refused goes back to where it was written. */
function takeBack(cid: string | undefined, why: string | HTMLElement): void {
  const text = outbox.settle(cid);
  if (text !== undefined) composer.giveBack(text);
  composer.notice(why);
}

function send(text: string): boolean {
  if (helps(text)) return true;
  if (line.isLive) {
    outbox.say({ message: text, reply: composing.takeReply() });
    presence.said();
  }
  composer.notice(line.isLive ? undefined : say('kept-text'));
  return line.isLive;
}

async function postOne(cid: string, said: Said): Promise<'settled' | 'unreached'> {
  if (!line.isLive) return 'unreached';
  try {
    const refused = await post(room, 'messages', visitor, { cid, ...said });
    if (refused) takeBack(cid, refused.message);
    else outbox.settle(cid);
    return 'settled';
  } catch {
    return 'unreached';
  }
}

/** Does something in the room that is no message: over the line, or by a request of its own. */
function doInRoom(command: object): void {
  if (!line.isLive || line.send(JSON.stringify(command))) return;
  void doByRequest(command);
}

async function doByRequest(command: object): Promise<void> {
  try {
    const refused = await post(room, 'acts', visitor, command);
    if (refused) composer.notice(refused.message);
    // Polls bring the messages alone.
    if (state !== 'poll' && state !== 'long-poll') return;
    await readBeside('people');
    await readBeside('votes');
  } catch {
    // It is told again before long; the line itself says that the server is out of reach.
  }
}

/** What the author of a message wrote; nothing, and a word of why, where that cannot be had. */
async function source(id: number): Promise<string | undefined> {
  try {
    const response = await fetch(`${pathOf(room)}/messages/${id}`, {
      headers: { Accept: 'application/json', ...bearer(visitor.token) },
    });
    const { body, error } = (await response.json()) as { body?: string; error?: Refused };
    if (error) composer.notice(error.message);
    return body;
  } catch {
    composer.notice(say('kept-text'));
    return undefined;
  }
}

/** Reads what is beside the messages and concerns whoever is at this page. */
async function readBeside(end: 'people' | 'votes'): Promise<void> {
  const response = await fetch(`${pathOf(room)}/${end}`, {
    headers: { Accept: 'text/html', ...bearer(visitor.token) },
  });
  if (response.ok) inbox.add(await response.text());
}
