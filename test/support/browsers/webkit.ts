import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { DISPLAY_SERVER, WEBKIT_DRIVER } from '../../../scripts/browsers.ts';
import { freePort } from '../../../scripts/free-ports.ts';
import { end, launch } from './launch.ts';
import { type Browser, KEYS, type Keys, Page, TIME_ZONE } from './page.ts';

/** The key of an element reference in JSON (WebDriver, section 11). */
const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';
const START_MS = 100_000;

/** Sends a command to a window: its path within the session, and its body. */
type Send = <T>(method: string, path: string, body?: object) => Promise<T>;

/**
 * WebKitGTK, driven by WebDriver. It draws on its own display, and has one session, in which commands
 * go to one window at a time.
 */
export class WebKit implements Browser {
  readonly #display: ChildProcess;
  readonly #driver: ChildProcess;
  readonly #pages = new Set<WebKitPage>();
  #session = '';
  /** The window it started with, which stays open. */
  #first = '';
  /** The window that commands go to. */
  #window = '';
  /** The last of the commands, which are sent one after the other. */
  #last: Promise<unknown> = Promise.resolve();

  private constructor(display: ChildProcess, driver: ChildProcess) {
    this.#display = display;
    this.#driver = driver;
  }

  static async start(): Promise<WebKit> {
    const screen = '-displayfd 3 -screen 0 1280x1024x24 -nolisten tcp'.split(' ');
    const display = launch(DISPLAY_SERVER, screen, {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    });
    const number = await lineOf(display.stdio[3] as Readable);
    const port = await freePort();
    const driver = launch(WEBKIT_DRIVER, [`--port=${port}`], {
      env: {
        ...process.env,
        DISPLAY: `:${number}`,
        NO_AT_BRIDGE: '1',
        LANG: 'en_US.UTF-8',
        TZ: TIME_ZONE,
      },
      stdio: 'ignore',
    });
    const webkit = new WebKit(display, driver);
    await webkit.#startSession(`http://127.0.0.1:${port}`);
    return webkit;
  }

  async open(url: string): Promise<Page> {
    const { handle } = await this.#sendTo<{ handle: string }>(this.#first, 'POST', '/window/new', {
      type: 'window',
    });
    const page = new WebKitPage((...command) => this.#sendTo(handle, ...command));
    this.#pages.add(page);
    await page.goto(url);
    return page;
  }

  async reset(): Promise<readonly string[]> {
    const errors: string[] = [];
    for (const page of this.#pages) errors.push(...(await page.clear()));
    this.#pages.clear();
    return errors;
  }

  async close(): Promise<void> {
    await sendCommand('DELETE', this.#session);
    // The browser ends before its display.
    await end(this.#driver);
    await end(this.#display);
  }

  async #startSession(base: string): Promise<void> {
    const end = Date.now() + START_MS;
    while (!(await fetch(`${base}/status`).catch(() => undefined))) {
      if (Date.now() > end) throw new Error('The driver of WebKit has not started.');
      await wait(20);
    }
    const { sessionId } = await sendCommand<{ sessionId: string }>('POST', `${base}/session`, {
      capabilities: {},
    });
    this.#session = `${base}/session/${sessionId}`;
    this.#first = await sendCommand('GET', `${this.#session}/window`);
  }

  #sendTo<T>(handle: string, method: string, path: string, body?: object): Promise<T> {
    const result = this.#last.then(async () => {
      if (handle !== this.#window) await sendCommand('POST', `${this.#session}/window`, { handle });
      this.#window = handle;
      return sendCommand<T>(method, this.#session + path, body);
    });
    this.#last = result.catch(() => {});
    return result;
  }
}

/** @throws the browser's error, if it cannot do it */
async function sendCommand<T>(method: string, url: string, body?: object): Promise<T> {
  const response = await fetch(url, { method, ...(body && { body: JSON.stringify(body) }) });
  const { value } = (await response.json()) as { value: T & { readonly message?: string } };
  if (!response.ok) throw new Error(value.message);
  return value;
}

/** Waits for the first line of output. */
async function lineOf(stream: Readable): Promise<string> {
  for await (const line of createInterface(stream)) return line;
  throw new Error('The display has not started.');
}

class WebKitPage extends Page {
  readonly #send: Send;

  constructor(send: Send) {
    super();
    this.#send = send;
  }

  async goto(url: string): Promise<void> {
    await this.#send('POST', '/url', { url });
    await this.evaluate(watch);
  }

  async reload(): Promise<void> {
    await this.#send('POST', '/refresh', {});
    await this.evaluate(watch);
  }

  async click(selector: string): Promise<void> {
    await this.#send('POST', `/element/${await this.#element(selector)}/click`, {});
  }

  async type(text: string): Promise<void> {
    await this.#press([...text].map((key) => [key]));
  }

  async press(keys: Keys): Promise<void> {
    await this.#press([keys.split('+').map((key) => KEYS[key as keyof typeof KEYS])]);
  }

  async attach(selector: string, ...paths: string[]): Promise<void> {
    const text = paths.join('\n');
    await this.#send('POST', `/element/${await this.#element(selector)}/value`, { text });
  }

  async screenshot(): Promise<Buffer> {
    return Buffer.from(await this.#send<string>('GET', '/screenshot'), 'base64');
  }

  async resize(width: number, height: number): Promise<void> {
    await this.#send('POST', '/window/rect', { width, height });
  }

  async close(): Promise<void> {
    await this.#send('DELETE', '/window');
  }

  /** Closes the window, and clears the page's storage. Returns the errors that occurred in it. */
  async clear(): Promise<readonly string[]> {
    const errors = await this.evaluate(() => {
      try {
        localStorage.clear();
      } catch {}
      return (window as Watched).errors ?? [];
    });
    await this.#send('DELETE', '/cookie');
    await this.close();
    return errors;
  }

  protected run(script: string): Promise<string> {
    const body = { script: `return (async () => { ${script} })()`, args: [] };
    return this.#send('POST', '/execute/sync', body);
  }

  async #element(selector: string): Promise<string> {
    const how = { using: 'css selector', value: selector };
    return (
      (await this.#send<Readonly<Record<string, string>>>('POST', '/element', how))[ELEMENT] ?? ''
    );
  }

  /** Presses each of these, holding the keys of one down together. */
  async #press(strokes: readonly (readonly string[])[]): Promise<void> {
    const actions = strokes.flatMap((keys) => [
      ...keys.map((value) => ({ type: 'keyDown', value })),
      ...keys.toReversed().map((value) => ({ type: 'keyUp', value })),
    ]);
    const body = { actions: [{ type: 'key', id: 'keyboard', actions }] };
    await this.#send('POST', '/actions', body);
  }
}

interface Watched extends Window {
  errors?: string[];
}

/** WebKit's driver does not report a page's errors: the page records them itself, once loaded. */
function watch(): void {
  const errors: string[] = [];
  (window as Watched).errors = errors;
  addEventListener('error', ({ message }) => errors.push(message));
  addEventListener('unhandledrejection', ({ reason }) => errors.push(`${reason}`));
  addEventListener('securitypolicyviolation', ({ blockedURI }) => errors.push(blockedURI));
}
