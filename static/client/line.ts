export type LineState = 'connecting' | 'live' | 'closed';

export interface LineOptions {
  /** Where to connect now, and the subprotocols to offer. */
  target(): { readonly url: string; readonly protocols: readonly string[] };
  onFrame(text: string): void;
  onState(state: LineState): void;
}

/** The wait before the first and the longest before any later attempt. */
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;
/** An attempt that has not come to life by then has failed. */
const ATTEMPT_MS = 10_000;
/** The server is heard of every 20 s. A line that is silent for longer than two of them is dead. */
const SILENCE_MS = 45_000;

/** The wait after so many failures: longer each time, and by chance, so that not all come at once. */
export function waitMs(failures: number, chance: number): number {
  const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** failures);
  return longest * (0.5 + chance / 2);
}

/** The line to the server: a WebSocket, and another when that one is lost, until it is closed. */
export class Line {
  readonly #options: LineOptions;
  #socket: WebSocket | undefined;
  #state: LineState = 'closed';
  #failures = 0;
  #heardAt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: LineOptions) {
    this.#options = options;
    addEventListener('online', () => this.#hurry());
    document.addEventListener('visibilitychange', () => this.#hurry());
    setInterval(() => this.#listen(), SILENCE_MS / 9);
  }

  get state(): LineState {
    return this.#state;
  }

  /** Connects, and comes back whenever the line is lost. */
  open(): void {
    this.#failures = 0;
    this.#connect();
  }

  /** Closes the line and lets it be. */
  close(): void {
    this.#drop(1000);
    this.#become('closed');
  }

  /** What has come through is all there: the line is alive. */
  isAlive(): void {
    this.#failures = 0;
    clearTimeout(this.#timer);
    this.#become('live');
  }

  send(text: string): void {
    this.#socket?.send(text);
  }

  #connect(): void {
    this.#drop();
    this.#become('connecting');
    const { url, protocols } = this.#options.target();
    const socket = new WebSocket(url, [...protocols]);
    this.#socket = socket;
    this.#heardAt = Date.now();
    this.#timer = setTimeout(() => this.#lost(), ATTEMPT_MS);
    socket.onmessage = ({ data }) => {
      this.#heardAt = Date.now();
      this.#options.onFrame(String(data));
    };
    socket.onclose = () => this.#lost();
  }

  #lost(): void {
    this.#drop();
    this.#become('connecting');
    this.#timer = setTimeout(() => this.#connect(), waitMs(this.#failures, Math.random()));
    this.#failures += 1;
  }

  /** Leaves the socket there is, if there is one, and hears no more of it. */
  #drop(code?: number): void {
    clearTimeout(this.#timer);
    const socket = this.#socket;
    this.#socket = undefined;
    if (!socket) return;
    socket.onmessage = null;
    socket.onclose = null;
    socket.close(code);
  }

  /** The network is back, or somebody looks: no more waiting. */
  #hurry(): void {
    if (document.hidden) return;
    this.#listen();
    if (this.#state === 'connecting' && !this.#socket) this.#connect();
  }

  #listen(): void {
    if (this.#state === 'live' && Date.now() - this.#heardAt > SILENCE_MS) this.#lost();
  }

  #become(state: LineState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#options.onState(state);
  }
}
