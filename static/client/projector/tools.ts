import { byId } from '../lib/dom.ts';

/** The mouse is idle when it has not moved for this long. */
const REST_MS = 3_000;

const KEYS = {
  ArrowLeft: 'earlier',
  PageUp: 'earlier',
  ArrowRight: 'later',
  PageDown: 'later',
  l: 'list',
  r: 'reveal',
  b: 'blank',
  '.': 'blank',
  f: 'whole',
  h: 'keys',
  '?': 'keys',
} as const;
/** Modifiers are pressed before another key. */
const MODIFIERS = ['Shift', 'Control', 'Alt', 'Meta', 'AltGraph', 'CapsLock'];

type Tool = (typeof KEYS)[keyof typeof KEYS];

/** The buttons below the stage, and the keys that press them. */
export class Tools {
  readonly #tools = byId('tools');
  readonly #blank = byId<HTMLDialogElement>('blank-dialog');
  #resting: ReturnType<typeof setTimeout> | undefined;

  constructor(use: Readonly<Record<Exclude<Tool, 'blank' | 'whole' | 'keys'>, () => void>>) {
    const all: Readonly<Record<Tool, () => void>> = {
      ...use,
      blank: () => this.#blank.showModal(),
      whole: () => void toggleFullscreen(),
      keys: () => byId<HTMLDialogElement>('keys-dialog').showModal(),
    };
    for (const [tool, work] of Object.entries(all)) button(tool).addEventListener('click', work);
    button('whole').hidden = !document.fullscreenEnabled;
    this.#tools.hidden = false;
    this.#blank.addEventListener('click', () => this.#blank.close());
    document.addEventListener('keydown', (event) => this.#press(event));
    for (const sign of ['pointermove', 'pointerdown'] as const) {
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

  #press(event: KeyboardEvent): void {
    const { key, ctrlKey, metaKey, altKey, repeat } = event;
    if (repeat || ctrlKey || metaKey || altKey || MODIFIERS.includes(key)) return;
    if (this.#blank.open) {
      event.preventDefault();
      this.#blank.close();
      return;
    }
    const tool = toolOf(key);
    if (!tool) return;
    const dialog = document.querySelector<HTMLDialogElement>('dialog[open]');
    if (dialog && dialog.id !== `${tool}-dialog`) return;
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

function toolOf(key: string): Tool | undefined {
  const name = key.length === 1 ? key.toLowerCase() : key;
  return Object.hasOwn(KEYS, name) ? KEYS[name as keyof typeof KEYS] : undefined;
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
