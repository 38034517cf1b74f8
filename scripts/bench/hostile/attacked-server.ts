import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { GuestTokens } from '../../../server/auth/guest-tokens.ts';
import { loadKeyring } from '../../../server/auth/load-keyring.ts';
import { signIn, type TestUser } from '../../../test/support/test-user.ts';
import { shipped } from '../contenders.ts';
import { MeasuredServer, type Seed } from '../server.ts';
import { Connection } from './connection.ts';
import { createFixture, type Fixture } from './fixture.ts';
import type { Firsts } from './history.ts';
import { copyHistory } from './history-copy.ts';
import { userName } from './people.ts';
import type { Heap, Turns } from './probe.ts';
import { type Header, requestBytes } from './request.ts';

const PROBE = new URL('./probe.ts', import.meta.url).href;
/** Memory exhaustion stops the server, not the machine. */
const HEAP = '--max-old-space-size=1024';
const MODERATOR_KEY = 'the key of the moderators';

/** The server is busy as long as it does more than this between two checks. */
const QUIET = { ms: 1, checks: 2, everyMs: 10 } as const;
/** The maximum wait for it. */
const BUSY_MS = 60_000;
/** Uses of one user, room or connection: rate limits apply to each of them. */
const USES = 10;
/** Slightly more than the idle rooms that the server keeps in memory. */
const ROOMS_AT_HAND = 120;
/** Requests pipelined on one connection: no more may wait there. */
const IN_A_ROW = 60;

/** The sender's headers, with an address of its own, so that no limit hides the cost. */
export type Sender = readonly Header[];

interface Start {
  readonly first: number;
  readonly cursor: string;
}

/** Something that is used a few times. */
interface Used<T> {
  readonly it: T;
  left: number;
}

export interface ServerOptions {
  /** Whether the server starts with an expensive history. */
  readonly hasHistory: boolean;
  /** Whether rate limits are on. */
  readonly isLimited: boolean;
}

/** A server in its own process, with what hostile clients need: identities, addresses and rooms. */
export class AttackedServer {
  /** How often a user, a room or a connection may be used, so that no limit hides the cost. */
  readonly uses: number;
  readonly #process: MeasuredServer;
  readonly #guests: GuestTokens;
  readonly #firsts: Firsts;
  #addresses = 0;
  #rooms = 0;
  #users = 0;
  #moderator: Used<TestUser> | undefined;
  #fixture: Used<Fixture> | undefined;
  #sharedFixture: Promise<Fixture> | undefined;
  #epoch: Promise<string> | undefined;

  private constructor(
    server: MeasuredServer,
    guests: GuestTokens,
    firsts: Firsts,
    { isLimited }: ServerOptions,
  ) {
    this.#process = server;
    this.#guests = guests;
    this.#firsts = firsts;
    this.uses = isLimited ? USES : Number.POSITIVE_INFINITY;
  }

  static async open(options: ServerOptions): Promise<AttackedServer> {
    let firsts: Firsts = new Map();
    const fill: Seed = (data) => {
      if (options.hasHistory) firsts = copyHistory(data);
    };
    const contender = {
      ...shipped,
      node: [...shipped.node, HEAP, '--import', PROBE],
      args: (folder: string) => [
        ...['--port', '0', '--host', '127.0.0.1', '--data', folder],
        ...['--trust-proxy', '1', '--moderator-key', MODERATOR_KEY],
        ...['--limits', options.isLimited ? 'on' : 'off'],
      ],
    };
    const server = await MeasuredServer.start(contender, fill);
    const folder = dirname(server.file);
    const keys = loadKeyring({ path: (file) => join(folder, file) });
    return new AttackedServer(server, new GuestTokens(keys), firsts, options);
  }

  get port(): number {
    return this.#process.port;
  }

  get host(): string {
    return `127.0.0.1:${this.port}`;
  }

  address(): string {
    this.#addresses += 1;
    const n = this.#addresses;
    return `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`;
  }

  /** A room that was never used. */
  newRoom(): string {
    this.#rooms += 1;
    return `room-${this.#rooms}`;
  }

  /** A new guest. */
  guest(): Sender {
    return this.#sender(`visitor=${this.#guests.issue().token}`);
  }

  /** A moderator, who may do everything in every room. */
  async moderator(): Promise<Sender> {
    if (!this.#moderator?.left) {
      this.#moderator = { it: await this.newModerator(), left: this.uses };
    }
    this.#moderator.left -= 1;
    return this.#sender(this.#moderator.it.headers.Cookie ?? '');
  }

  /** A moderator that nothing else uses. */
  async newModerator(): Promise<TestUser> {
    const guest = await this.#signIn();
    const answer = await guest.post('/session/moderator', { key: MODERATOR_KEY });
    if (!answer.ok) throw new Error(`No moderator can be made: ${answer.status}`);
    return guest;
  }

  /** A user who has just signed in. */
  async signedIn(): Promise<Sender> {
    const guest = await this.#signIn();
    return this.#sender(guest.headers.Cookie ?? '');
  }

  /** A room with one of everything in it, for read-only requests. */
  get sharedFixture(): Promise<Fixture> {
    this.#sharedFixture ??= createFixture(this);
    return this.#sharedFixture;
  }

  /**
   * A room with one of everything that a command can be about.
   * @param isSpent whether it cannot be used after that
   */
  async fixture(isSpent: boolean): Promise<Fixture> {
    if (isSpent) return createFixture(this);
    if (!this.#fixture?.left) this.#fixture = { it: await createFixture(this), left: this.uses };
    this.#fixture.left -= 1;
    return this.#fixture.it;
  }

  /** The first message of a room, and the cursor of a stream that starts with it. */
  async startOf(room: string): Promise<Start> {
    this.#epoch ??= this.#readEpoch();
    const first = this.#firsts.get(room) ?? 1;
    return { first, cursor: `${await this.#epoch}.${first - 1}` };
  }

  /** Has the server open so many rooms that it evicts all that were open before. */
  async forgetRooms(): Promise<void> {
    for (let left = ROOMS_AT_HAND; left > 0; left -= IN_A_ROW) await this.#openRooms(IN_A_ROW);
  }

  /** What the event loop has done since the last call. */
  turns(): Promise<Turns> {
    return this.#process.query('turns');
  }

  /** Waits until the event loop is idle. @returns what it did until then */
  async settled(): Promise<Turns> {
    const until = performance.now() + BUSY_MS;
    let all = await this.turns();
    let quiet = 0;
    while (quiet < QUIET.checks && performance.now() < until) {
      await pause(QUIET.everyMs);
      const turns = await this.turns();
      quiet = turns.totalMs < QUIET.ms ? quiet + 1 : 0;
      all = together(all, turns);
    }
    return all;
  }

  async heapBytes(): Promise<number> {
    return (await this.#process.query<Heap>('heap')).bytes;
  }

  isAlive(): Promise<boolean> {
    return this.turns().then(
      () => true,
      () => false,
    );
  }

  close(): Promise<void> {
    return this.#process.stop();
  }

  async #openRooms(count: number): Promise<void> {
    const connection = await Connection.open(this.port);
    for (let left = count; left > 0; left -= 1) {
      const end: Header = ['Connection', left === 1 ? 'close' : 'keep-alive'];
      const target = `/rooms/${this.newRoom()}/unread`;
      connection.write(requestBytes({ method: 'GET', target, headers: [...this.guest(), end] }));
    }
    await connection.ended();
  }

  async #readEpoch(): Promise<string> {
    const headers = { Accept: 'application/json', 'X-Forwarded-For': this.address() };
    const answer = await fetch(`http://${this.host}/rooms/${this.newRoom()}/messages`, { headers });
    const { cursor } = (await answer.json()) as { cursor: string };
    return cursor.split('.')[0] ?? '';
  }

  #sender(cookie: string): Sender {
    return [
      ['Host', this.host],
      ['X-Forwarded-For', this.address()],
      ['Cookie', cookie],
    ];
  }

  #signIn(): Promise<TestUser> {
    this.#users += 1;
    return signIn(this.port, userName(this.#users), { address: this.address() });
  }
}

function together(first: Turns, second: Turns): Turns {
  return {
    longestMs: Math.max(first.longestMs, second.longestMs),
    totalMs: first.totalMs + second.totalMs,
    othersMs: first.othersMs + second.othersMs,
  };
}
