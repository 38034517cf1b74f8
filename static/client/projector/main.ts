import { roomPath } from '../../../server/shared/routes.ts';
import { parseStage, type Stage as StageProgram, type View } from '../../../server/shared/stage.ts';
import { Commands } from '../connection/commands.ts';
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
import { showTitle } from '../lib/room-title.ts';
import type { QuestionTool } from './keys.ts';
import { listPolls } from './list.ts';
import { Program } from './program.ts';
import { showReactions } from './reactions.ts';
import { Screen } from './screen.ts';
import { Sidebar } from './sidebar.ts';
import { isOpen, Stage } from './stage.ts';
import { Switch } from './switch.ts';
import { Tools } from './tools.ts';
import { keepScreenOn } from './wake-lock.ts';

/** How often the state of the room is fetched on a transport that only delivers messages. */
const FETCH_MS = 2_000;

/** How much later a poll closes by a key. */
const MORE_SECONDS = 30;

const guest = new GuestIdentity(() => {});
const stage = new Stage(showTools);
const sidebar = new Sidebar();
const { room } = stage;
const path = roomPath(room);
const screen = new Screen(resume);
const { stage: staged, controls } = byId('messages').dataset;
const program = new Program(parseStage(staged), {
  show,
  send: (command) => (canControl() ? send(command) : undefined),
});
let owner: string | undefined;
const numbers = new Switch('numbers', (isOn) => {
  document.body.classList.toggle('other-numbers', isOn);
  stage.fit();
});
const chat = new Switch('chat', (isOn) => {
  byId('chat').hidden = !isOn;
});
const tools = new Tools({
  use: {
    earlier: () => choose(stage.neighbour(-1)),
    later: () => choose(stage.neighbour(1)),
    list: () => listPolls(stage, choose),
    open: () => change(isShownOpen() ? 'close-poll' : 'reopen-poll'),
    reveal: () => change(stage.isHidden ? 'reveal-poll' : 'hide-poll'),
    extend: () => change('extend-poll', { seconds: MORE_SECONDS }),
    questions: () => choose(stage.latestQuestions),
    numbers: () => tools.press('numbers', numbers.toggle()),
    chat: () => tools.press('chat', chat.toggle()),
    join: () => showView(program.stage.view === 'join' ? 'poll' : 'join'),
    blank: () => showView('blank'),
  },
  useQuestion,
  resume,
});
const commands = new Commands({
  send: (text) => connection.send(text),
  post: (command) => post(room, 'commands', guest, command),
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
tools.press('numbers', numbers.isOn);
tools.press('chat', chat.isOn);
tools.press('join', false);
stage.show();
show(program.stage);
showState('connecting');
setInterval(() => void fetchState(), FETCH_MS);
await guest.restore();
connection.open();

function showState(now: ConnectionState): void {
  state = now;
  const isLive = now !== 'connecting' && now !== 'closed';
  const badge = byId('state');
  badge.hidden = isLive;
  badge.dataset.state = isLive ? 'live' : now;
  badge.textContent = t(now);
  if (isLive) commands.resume();
  else commands.connectionLost();
  if (isLive) void fetchState();
}

function resume(): void {
  showView('poll');
}

function showView(view: View): void {
  program.set({ view }, { type: 'set-stage', view });
}

/** Puts a poll on the stage. */
function choose(poll: HTMLElement | undefined): void {
  if (!poll) return;
  const id = stage.isNewest(poll) ? null : messageId(poll);
  program.set({ view: 'poll', poll: id }, { type: 'set-stage', poll: id ?? 0 });
}

/** Shows what the program says. */
function show({ view, poll, question }: StageProgram): void {
  screen.show(view);
  tools.press('join', view === 'join');
  stage.choose(poll);
  if (question && stage.shown && messageId(stage.shown) === question.poll)
    stage.stageQuestion(question.option);
}

/** Whether what is done here is done on every projector of the room. */
function canControl(): boolean {
  return controls !== undefined || (owner !== undefined && owner === guest.uid);
}

/** Uses a key for the questions on the stage. False where there are none. */
function useQuestion(tool: QuestionTool): boolean {
  const { questions, shown } = stage;
  if (!questions.isShown || !shown) return false;
  const { selected = questions.staged } = questions;
  if (tool === 'select-previous') questions.move(-1);
  else if (tool === 'select-next') questions.move(1);
  else if (tool === 'stage') {
    if (selected !== undefined) stageQuestion(messageId(shown), selected);
  } else if (selected !== undefined)
    change('moderate-option', { option: selected, state: 'answered' });
  stage.fit();
  return true;
}

function stageQuestion(poll: number, option: number): void {
  program.set(
    { question: { poll, option } },
    { type: 'stage-question', id: poll, option, enabled: true },
  );
}

/** Changes the poll on the stage. */
function change(type: string, fields: object = {}): void {
  if (stage.shown) void send({ type, id: messageId(stage.shown), ...fields });
}

function isShownOpen(): boolean {
  return stage.shown !== undefined && isOpen(stage.shown);
}

function showTools(): void {
  const { polls, shown, position } = stage;
  const index = shown ? polls.indexOf(shown) : -1;
  tools.enable('earlier', index > 0);
  tools.enable('later', index < polls.length - 1);
  tools.enable('list', polls.length > 0);
  tools.enable('open', shown !== undefined);
  tools.enable('reveal', stage.isHidden || stage.canHide);
  tools.enable('extend', isShownOpen());
  tools.enable('questions', stage.latestQuestions !== undefined);
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
      owner = dataset.owner;
      program.follow(parseStage(dataset.stage));
      if (!sidebar.pin(parseIds(dataset.pinned))) void fetchAll();
      break;
    case 'live-reactions':
      showReactions(JSON.parse(dataset.counts ?? '{}'));
      break;
    case 'presence-count':
      byId('people-count').textContent = dataset.count ?? '';
      stage.present = Number(dataset.count);
      break;
    case 'ack':
      commands.acknowledge(dataset.cid);
      break;
    case 'error':
      if (commands.reject(dataset.cid, { code: dataset.code ?? '', message: textContent })) break;
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
  // After the history was cleared there may be none.
  show(program.stage);
}

/** The state of the room and of its stage, for a transport that does not deliver it. */
async function fetchState(): Promise<void> {
  if (state === 'polling' || state === 'long-polling') frameBuffer.add(await read('stage'));
}

/** Fetches something of the room; nothing on failure, which the connection state shows. */
async function read(resource: 'present' | 'stage'): Promise<string> {
  const headers = { Accept: 'text/html', ...bearer(guest.token) };
  const response = await fetchWithTimeout(`${path}/${resource}`, { headers }).catch(
    () => undefined,
  );
  return response?.ok ? response.text() : '';
}

/** Sends a command to the room, and shows why it was rejected. */
async function send(command: object): Promise<void> {
  notice();
  if (!connection.isLive) return;
  const error = await commands.send(command).catch(() => undefined);
  notice(error?.message);
}

function notice(why: string | null = ''): void {
  const text = document.createElement('p');
  text.className = 'notice';
  text.textContent = why;
  byId('notices').replaceChildren(...(why ? [text] : []));
}
