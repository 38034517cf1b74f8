import { byId } from '../lib/dom.ts';
import { type QuestionTool, questionToolOf, type Tool, toolOf } from './keys.ts';

/** The mouse is idle when it has not moved for this long. */
const REST_MS = 3_000;
/** Modifiers are pressed before another key. */
const MODIFIERS = ['Shift', 'Control', 'Alt', 'Meta', 'AltGraph', 'CapsLock'];

interface ToolsOptions {
  readonly use: Readonly<Record<Exclude<Tool, 'whole' | 'keys'>, () => void>>;
  /** Uses a key for questions. False where no questions are on the stage. */
  readonly useQuestion: (tool: QuestionTool) => boolean;
  /** Any key while the screen is blank. */
  readonly resume: () => void;
}

/** The buttons over the stage, which appear as the pointer moves, and the keys that press them. */
export class Tools {
  readonly #options: ToolsOptions;
  readonly #tools = byId('tools');
  readonly #blank = byId<HTMLDialogElement>('blank-dialog');
  #resting: ReturnType<typeof setTimeout> | undefined;

  constructor(options: ToolsOptions) {
    this.#options = options;
    const all: Readonly<Record<Tool, () => void>> = {
      ...options.use,
      whole: () => void toggleFullscreen(),
      keys: () => byId<HTMLDialogElement>('keys-dialog').showModal(),
    };
    for (const [tool, work] of Object.entries(all)) button(tool).addEventListener('click', work);
    button('whole').hidden = !document.fullscreenEnabled;
    this.#tools.hidden = false;
    this.#blank.addEventListener('click', () => options.resume());
    document.addEventListener('keydown', (event) => this.#press(event));
    for (const sign of ['pointermove', 'pointerdown', 'focusin'] as const) {
      document.addEventListener(sign, () => this.#wake(), { passive: true });
    }
    this.#wake();
  }

  /** Sets whether a tool can be used. */
  enable(tool: Tool, isEnabled: boolean): void {
    const { activeElement } = document;
    button(tool).disabled = !isEnabled;
    // A disabled button would lose the focus: it moves on.
    if (!isEnabled && activeElement === button(tool)) button('keys').focus();
  }

  /** Sets whether what a tool switches on is on. */
  press(tool: Tool, isOn: boolean): void {
    button(tool).ariaPressed = `${isOn}`;
  }

  #press(event: KeyboardEvent): void {
    const { key, ctrlKey, metaKey, altKey, repeat } = event;
    if (repeat || ctrlKey || metaKey || altKey || MODIFIERS.includes(key)) return;
    if (this.#blank.open) {
      event.preventDefault();
      this.#options.resume();
      return;
    }
    const dialog = document.querySelector<HTMLDialogElement>('dialog[open]');
    // A control that was reached by the keyboard is used by it, and keys in a field are input.
    if (isForControl(key)) return;
    const tool = toolOf(key);
    if (!dialog && !tool) {
      const question = questionToolOf(key);
      if (question && this.#options.useQuestion(question)) event.preventDefault();
    }
    if (!tool || (dialog && dialog.id !== `${tool}-dialog`)) return;
    event.preventDefault();
    if (dialog) dialog.close();
    else button(tool).click();
  }

  #wake(): void {
    document.body.classList.remove('tools-hidden');
    clearTimeout(this.#resting);
    this.#resting = setTimeout(() => document.body.classList.add('tools-hidden'), REST_MS);
  }
}

function isForControl(key: string): boolean {
  const focused = document.activeElement;
  if (!focused?.matches(':is(a, button, input, select, textarea):focus-visible')) return false;
  if (focused.matches('input, select, textarea')) return true;
  return key === ' ' || key === 'Enter';
}

function button(tool: string): HTMLButtonElement {
  return byId<HTMLButtonElement>(`tool-${tool}`);
}

async function toggleFullscreen(): Promise<void> {
  // A browser may refuse: then nothing changes.
  const root = document.documentElement;
  await (document.fullscreenElement ? document.exitFullscreen() : root.requestFullscreen()).catch(
    () => undefined,
  );
}
