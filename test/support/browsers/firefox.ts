import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { FIREFOX } from '../../../scripts/browsers.ts';
import { Bidi } from './bidi.ts';
import { end, launch } from './launch.ts';
import { type Browser, KEYS, type Keys, Page, TIME_ZONE } from './page.ts';

/** It logs lost connections, which are not errors of a page. */
const NETWORK_ERROR = /^(Firefox can’t establish a|The) connection to /;

/** Headless Firefox, driven by WebDriver BiDi, which it supports natively. */
export class Firefox implements Browser {
  readonly #process: ChildProcess;
  readonly #profile: string;
  readonly #errors: string[] = [];
  #bidi: Bidi | undefined;
  /** User contexts isolate what is stored. */
  #userContext: string | undefined;

  private constructor(process: ChildProcess, profile: string) {
    this.#process = process;
    this.#profile = profile;
  }

  /** @param preferences of about:config, if they differ from the usual ones */
  static async start(preferences: Readonly<Record<string, unknown>> = {}): Promise<Firefox> {
    const profile = await mkdtemp(join(tmpdir(), 'typhoon-firefox-'));
    const lines = Object.entries({ 'intl.accept_languages': 'en-US, en', ...preferences }).map(
      ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`,
    );
    await writeFile(join(profile, 'user.js'), lines.join(''));
    const args = ['--headless', '--no-remote', '--profile', profile, '--remote-debugging-port=0'];
    const env = { ...process.env, HOME: profile, TZ: TIME_ZONE };
    const child = launch(FIREFOX, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
    const firefox = new Firefox(child, profile);
    const address = await addressIn(child);
    firefox.#bidi = await Bidi.connect(`${address}/session`, (_, { level, text }) => {
      if (level === 'error' && !NETWORK_ERROR.test(String(text)))
        firefox.#errors.push(String(text));
    });
    await firefox.#bidi.send('session.new', { capabilities: {} });
    await firefox.#bidi.send('session.subscribe', { events: ['log.entryAdded'] });
    return firefox;
  }

  async open(url: string): Promise<Page> {
    const bidi = this.#bidi;
    if (!bidi) throw new Error('Firefox has ended.');
    this.#userContext ??= (
      await bidi.send<{ userContext: string }>('browser.createUserContext')
    ).userContext;
    const { context } = await bidi.send<{ context: string }>('browsingContext.create', {
      type: 'window',
      userContext: this.#userContext,
    });
    const page = new FirefoxPage(bidi, context);
    await page.goto(url);
    return page;
  }

  async reset(): Promise<readonly string[]> {
    const userContext = this.#userContext;
    this.#userContext = undefined;
    if (userContext) await this.#bidi?.send('browser.removeUserContext', { userContext });
    return this.#errors.splice(0);
  }

  async close(): Promise<void> {
    this.#bidi?.close();
    await end(this.#process);
    await rm(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Waits until it prints its address. */
async function addressIn(child: ChildProcess): Promise<string> {
  if (!child.stderr) throw new Error('The output of Firefox cannot be read.');
  let printed = '';
  for await (const line of createInterface(child.stderr)) {
    const [, address] = /^WebDriver BiDi listening on (\S+)/.exec(line) ?? [];
    if (address !== undefined) {
      child.stderr.resume();
      return address;
    }
    printed += `${line}\n`;
  }
  throw new Error(`Firefox has not started: ${printed}`);
}

class FirefoxPage extends Page {
  readonly #bidi: Bidi;
  readonly #context: string;

  constructor(bidi: Bidi, context: string) {
    super();
    this.#bidi = bidi;
    this.#context = context;
  }

  async goto(url: string): Promise<void> {
    await this.#send('browsingContext.navigate', { url, wait: 'complete' });
  }

  async reload(): Promise<void> {
    await this.#send('browsingContext.reload', { wait: 'complete' });
  }

  async click(selector: string): Promise<void> {
    const origin = { type: 'element', element: await this.#element(selector) };
    const actions = [
      { type: 'pointerMove', x: 0, y: 0, origin },
      { type: 'pointerDown', button: 0 },
      { type: 'pointerUp', button: 0 },
    ];
    await this.#perform({ type: 'pointer', id: 'mouse', actions });
  }

  async type(text: string): Promise<void> {
    await this.#press([...text].map((key) => [key]));
  }

  async press(keys: Keys): Promise<void> {
    await this.#press([keys.split('+').map((key) => KEYS[key as keyof typeof KEYS])]);
  }

  async attach(selector: string, ...files: string[]): Promise<void> {
    await this.#send('input.setFiles', { element: await this.#element(selector), files });
  }

  async screenshot(): Promise<Buffer> {
    const { data } = await this.#send<{ data: string }>('browsingContext.captureScreenshot');
    return Buffer.from(data, 'base64');
  }

  async resize(width: number, height: number): Promise<void> {
    await this.#send('browsingContext.setViewport', { viewport: { width, height } });
  }

  async close(): Promise<void> {
    await this.#send('browsingContext.close');
  }

  protected async run(script: string): Promise<string> {
    return (await this.#evaluate<{ value: string }>(`(async () => { ${script} })()`)).value;
  }

  /** The first element that matches, scrolled into view. */
  #element(selector: string): Promise<{ readonly sharedId: string }> {
    return this.#evaluate(`(() => {
      const element = document.querySelector(${JSON.stringify(selector)});
      element?.scrollIntoView({ block: 'nearest' });
      return element;
    })()`);
  }

  async #evaluate<T>(expression: string): Promise<T> {
    const { result, exceptionDetails } = await this.#send<{
      readonly result: T;
      readonly exceptionDetails?: { readonly text: string };
    }>('script.evaluate', { expression, target: { context: this.#context }, awaitPromise: true });
    if (exceptionDetails) throw new Error(exceptionDetails.text);
    return result;
  }

  /** Presses each of these, holding the keys of one down together. */
  async #press(strokes: readonly (readonly string[])[]): Promise<void> {
    const actions = strokes.flatMap((keys) => [
      ...keys.map((value) => ({ type: 'keyDown', value })),
      ...keys.toReversed().map((value) => ({ type: 'keyUp', value })),
    ]);
    await this.#perform({ type: 'key', id: 'keyboard', actions });
  }

  async #perform(source: object): Promise<void> {
    await this.#send('input.performActions', { actions: [source] });
  }

  #send<T>(method: string, params: object = {}): Promise<T> {
    return this.#bidi.send<T>(method, { context: this.#context, ...params });
  }
}
