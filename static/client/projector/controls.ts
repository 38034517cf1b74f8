import { parseStage, type Stage as StageProgram, type View } from '../../../server/shared/stage.ts';
import { byId, messageId } from '../lib/dom.ts';
import type { QuestionTool } from './keys.ts';
import { listPolls } from './list.ts';
import { Program } from './program.ts';
import { Screen } from './screen.ts';
import { isOpen, type Stage } from './stage.ts';
import { Switch } from './switch.ts';
import { Tools } from './tools.ts';

/** How much later a poll closes by a key. */
const MORE_SECONDS = 30;

interface ControlsOptions {
  readonly stage: Stage;
  /** What the projectors of the room show, as the page was rendered. */
  readonly staged: string | undefined;
  /** Sends a command to the room. */
  readonly send: (command: object) => Promise<void>;
  /** Whether what is done here is done on every projector of the room. */
  readonly canControl: () => boolean;
}

/** What is on the screen, and the keys and buttons that change it. */
export class Controls {
  readonly #options: ControlsOptions;
  readonly #stage: Stage;
  readonly #screen = new Screen(() => this.#resume());
  readonly #program: Program;
  readonly #numbers: Switch;
  readonly #chat: Switch;
  readonly #tools: Tools;

  constructor(options: ControlsOptions) {
    const { stage, staged, send, canControl } = options;
    this.#options = options;
    this.#stage = stage;
    this.#program = new Program(parseStage(staged), {
      show: (program) => this.#show(program),
      send: (command) => (canControl() ? send(command) : undefined),
    });
    this.#numbers = new Switch('numbers', (isOn) => {
      document.body.classList.toggle('other-numbers', isOn);
      stage.fit();
    });
    this.#chat = new Switch('chat', (isOn) => {
      byId('chat').hidden = !isOn;
    });
    this.#tools = new Tools({
      use: {
        earlier: () => this.#choose(stage.neighbour(-1)),
        later: () => this.#choose(stage.neighbour(1)),
        list: () => listPolls(stage, (poll) => this.#choose(poll)),
        open: () => this.#change(this.#isShownOpen ? 'close-poll' : 'reopen-poll'),
        reveal: () => this.#change(stage.isHidden ? 'reveal-poll' : 'hide-poll'),
        extend: () => this.#change('extend-poll', { seconds: MORE_SECONDS }),
        questions: () => this.#choose(stage.latestQuestions),
        numbers: () => this.#tools.press('numbers', this.#numbers.toggle()),
        chat: () => this.#tools.press('chat', this.#chat.toggle()),
        join: () => this.#showView(this.#program.stage.view === 'join' ? 'poll' : 'join'),
        blank: () => this.#showView('blank'),
      },
      useQuestion: (tool) => this.#useQuestion(tool),
      resume: () => this.#resume(),
    });
    this.#tools.press('numbers', this.#numbers.isOn);
    this.#tools.press('chat', this.#chat.isOn);
  }

  /** Shows what the program says, with the polls that there are now. */
  show(): void {
    this.#show(this.#program.stage);
  }

  /** The room says what its projectors show. */
  follow(staged: string | undefined): void {
    this.#program.follow(parseStage(staged));
  }

  /** Another poll is on the stage, or the same has changed. */
  update(): void {
    const { polls, shown, position } = this.#stage;
    const index = shown ? polls.indexOf(shown) : -1;
    const tools = this.#tools;
    tools.enable('earlier', index > 0);
    tools.enable('later', index < polls.length - 1);
    tools.enable('list', polls.length > 0);
    tools.enable('open', shown !== undefined);
    tools.enable('reveal', this.#stage.isHidden || this.#stage.canHide);
    tools.enable('extend', this.#isShownOpen);
    tools.enable('questions', this.#stage.latestQuestions !== undefined);
    byId('position').textContent = shown ? `${index + 1} / ${polls.length}` : '';
    byId('position').title = position;
  }

  get #isShownOpen(): boolean {
    const { shown } = this.#stage;
    return shown !== undefined && isOpen(shown);
  }

  #show({ view, poll, question }: StageProgram): void {
    const stage = this.#stage;
    this.#screen.show(view);
    this.#tools.press('join', view === 'join');
    stage.choose(poll);
    if (question && stage.shown && messageId(stage.shown) === question.poll)
      stage.stageQuestion(question.option);
  }

  #resume(): void {
    this.#showView('poll');
  }

  #showView(view: View): void {
    this.#program.set({ view }, { type: 'set-stage', view });
  }

  /** Puts a poll on the stage. */
  #choose(poll: HTMLElement | undefined): void {
    if (!poll) return;
    const id = this.#stage.isNewest(poll) ? null : messageId(poll);
    this.#program.set({ view: 'poll', poll: id }, { type: 'set-stage', poll: id ?? 0 });
  }

  /** Uses a key for the questions on the stage. False where there are none. */
  #useQuestion(tool: QuestionTool): boolean {
    const { questions, shown } = this.#stage;
    if (!questions.isShown || !shown) return false;
    const { selected: option = questions.staged } = questions;
    if (tool === 'select-previous') questions.move(-1);
    else if (tool === 'select-next') questions.move(1);
    else if (option === undefined) return true;
    else if (tool === 'stage') {
      const poll = messageId(shown);
      const command = { type: 'stage-question', id: poll, option, enabled: true };
      this.#program.set({ question: { poll, option } }, command);
    } else this.#change('moderate-option', { option, state: 'answered' });
    this.#stage.fit();
    return true;
  }

  /** Changes the poll on the stage. */
  #change(type: string, fields: object = {}): void {
    const { shown } = this.#stage;
    if (shown) void this.#options.send({ type, id: messageId(shown), ...fields });
  }
}
