import type { NotificationLevel } from '../../../../server/shared/notification-levels.ts';
import { byId } from '../../lib/dom.ts';
import { t } from '../../lib/messages.ts';
import type { RoomLevel } from './room-level.ts';

const STEPS: Readonly<Record<string, number>> = {
  ArrowDown: 1,
  ArrowRight: 1,
  ArrowUp: -1,
  ArrowLeft: -1,
};

/**
 * The choice in the menu of the room: radio buttons with one Tab stop. The arrow keys only move the focus,
 * since a choice may make the browser ask for its permission.
 */
export class LevelMenu {
  readonly #level: RoomLevel;
  readonly #group = byId('notification-levels');
  readonly #note = byId('notify-note');
  readonly #buttons = [...this.#group.querySelectorAll('button')];

  constructor(level: RoomLevel) {
    this.#level = level;
    level.onChange = () => this.#show();
    this.#group.addEventListener('click', ({ target }) => {
      const button = target instanceof Element ? target.closest('button') : null;
      if (button) void level.choose(button.value as NotificationLevel);
    });
    this.#group.addEventListener('keydown', (event) => this.#onKey(event));
    // Other tabs may have changed it, and the user the browser's permission.
    byId('room-menu').addEventListener('toggle', () => this.#show());
    this.#show();
  }

  #onKey(event: KeyboardEvent): void {
    const step = STEPS[event.key];
    const index = this.#buttons.indexOf(event.target as HTMLButtonElement);
    if (step === undefined || index < 0) return;
    event.preventDefault();
    const count = this.#buttons.length;
    this.#buttons[(index + step + count) % count]?.focus();
  }

  #show(): void {
    const { shown, note } = this.#level;
    for (const button of this.#buttons) {
      button.ariaChecked = `${button.value === shown}`;
      button.tabIndex = button.value === shown ? 0 : -1;
    }
    const text = note ? t(note) : '';
    // What is there already is not announced again.
    if (this.#note.textContent !== text) this.#note.textContent = text;
  }
}
