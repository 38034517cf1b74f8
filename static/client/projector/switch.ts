import { readLocal, writeLocal } from '../lib/storage.ts';

/** Something on the projector that is switched on and off; this browser remembers it. */
export class Switch {
  readonly #key: string;
  readonly #onChange: (isOn: boolean) => void;
  #isOn: boolean;

  constructor(name: string, onChange: (isOn: boolean) => void) {
    this.#key = `projector.${name}`;
    this.#onChange = onChange;
    this.#isOn = readLocal<unknown>(this.#key, false) === true;
    onChange(this.#isOn);
  }

  get isOn(): boolean {
    return this.#isOn;
  }

  /** Returns whether it is on now. */
  toggle(): boolean {
    this.#isOn = !this.#isOn;
    writeLocal(this.#key, this.#isOn);
    this.#onChange(this.#isOn);
    return this.#isOn;
  }
}
