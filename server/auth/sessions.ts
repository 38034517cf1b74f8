import { createHash, randomBytes } from 'node:crypto';
import { v4 as uuid } from 'uuid';
import type { Change } from '../core/change.ts';
import { Refusal } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import { isOver, type Session } from '../features/accounts/session.ts';
import type { Store } from '../storage/store.ts';
import type { Keys } from './keyring.ts';
import { nameSkeleton } from './name-skeleton.ts';
import type { Attempt } from './password-attempts.ts';
import type { Passphrases } from './password-hasher.ts';
import { isReserved } from './reserved-names.ts';

/** Sessions at hand, of the others the store is asked; and those that ended, to be remembered. */
const MAX_KNOWN = 10_000;
/** A use is noted once in so long. */
const NOTED_MS = 60 * 60 * 1000;

interface Parts {
  readonly log: Log;
  readonly store: Store;
  readonly keys: Keys;
  readonly passphrases: Passphrases;
}

/** A session that began, and what the browser brings to be known by it. */
export interface Begun {
  readonly session: Session;
  /** The value of the cookie: the session's id, signed. */
  readonly cookie: string;
  /** What the account of the name is known by in the store. */
  readonly account: string;
}

/** Those who are signed in. */
export class Sessions {
  readonly #parts: Parts;
  readonly #known = new Map<string, Session>();
  readonly #ended = new Set<string>();

  constructor(parts: Parts) {
    this.#parts = parts;
    parts.log.tail((batch) => {
      for (const change of batch) this.#receive(change);
    });
  }

  /** The session of a cookie, if it is one of ours and not over. */
  async find(cookie: string): Promise<Session | undefined> {
    const [id = '', signature = ''] = cookie.split('.');
    if (!this.#parts.keys.verify(`session ${id}`, signature)) return undefined;
    const hash = hashOf(id);
    const session = this.#known.get(hash) ?? (await this.#parts.store.session(hash));
    // What the store said may be older than what the log has told meanwhile.
    if (!session || this.hasEnded(hash) || isOver(session, Date.now())) return undefined;
    this.#know(session);
    await this.#note(session);
    return this.hasEnded(hash) ? undefined : session;
  }

  /** Whether a session has ended not long ago. */
  hasEnded(id: string): boolean {
    return this.#ended.has(id);
  }

  /** A session is in use: something is held open by it. */
  use(id: string): void {
    const session = this.#known.get(id);
    if (session) this.#note(session);
  }

  /**
   * Takes a name, and keeps it with the passphrase where there is one.
   * @param begin begins a try of the passphrase of an account, or says why it may not be made
   * @throws Refusal where it is another's, or reserved: who kept it before that may go on with it
   */
  async signIn(
    name: string,
    passphrase: string | null,
    begin: (account: string) => Attempt,
  ): Promise<Begun> {
    const { store, passphrases } = this.#parts;
    const skeleton = nameSkeleton(name);
    const { key, passphrase: kept } = await store.account(skeleton, name);
    if (!kept && isReserved(name)) throw new Refusal('reserved-name');
    if (kept && !passphrase) throw new Refusal('wrong-passphrase');
    if (kept && passphrase) await this.#verify(passphrase, kept, begin(key));
    const keep = !kept && passphrase ? await passphrases.hash(passphrase) : null;
    return this.#begin((session) => ({
      kind: 'signed-in',
      uid: uuid(),
      name,
      key,
      session,
      keep,
      proof: kept,
      at: Date.now(),
    }));
  }

  /** @throws Refusal where the passphrase is another, or too many wait */
  async #verify(passphrase: string, hash: string, attempt: Attempt): Promise<void> {
    const isRight = await this.#parts.passphrases.verify(passphrase, hash).catch((error) => {
      attempt.cancel();
      throw error;
    });
    if (!isRight) throw new Refusal('wrong-passphrase');
    attempt.succeed();
  }

  async signOut(session: string): Promise<void> {
    await this.#parts.log.append({ kind: 'signed-out', session, at: Date.now() });
  }

  /**
   * Keeps the name with a new passphrase. All other sessions of the name end.
   * @throws Refusal where it is reserved, and was taken before that
   */
  async rekey(session: string, passphrase: string): Promise<Begun> {
    const known = this.#known.get(session);
    if (known && !known.isKept && isReserved(known.name)) throw new Refusal('reserved-name');
    const keep = await this.#parts.passphrases.hash(passphrase);
    return this.#begin((next) => ({ kind: 'rekeyed', session, next, keep, at: Date.now() }));
  }

  /** Makes a moderator of whoever has the session. */
  async moderate(session: string): Promise<void> {
    await this.#parts.log.append({ kind: 'moderates', session, at: Date.now() });
  }

  async #begin(event: (hash: string) => Parameters<Log['append']>[0]): Promise<Begun> {
    const id = randomBytes(16).toString('base64url');
    const { change } = await this.#parts.log.append(event(hashOf(id)));
    if (!change.session) throw new Refusal('signed-out');
    const { session } = change;
    const cookie = `${id}.${this.#parts.keys.sign(`session ${id}`)}`;
    const { key } = await this.#parts.store.account(nameSkeleton(session.name), session.name);
    return { session, cookie, account: key };
  }

  /** Notes a use. Whether it could be is nothing to the one who uses the session. */
  async #note(session: Session): Promise<void> {
    const now = Date.now();
    if (now - session.seen <= NOTED_MS) return;
    this.#know({ ...session, seen: now });
    const used = { kind: 'session-used' as const, session: session.id, at: now };
    await this.#parts.log.append(used).catch(() => this.#known.delete(session.id));
  }

  #receive({ session, ended = [] }: Change): void {
    for (const id of ended) this.#end(id);
    if (session && this.#known.has(session.id)) this.#know(session);
  }

  #end(id: string): void {
    this.#known.delete(id);
    this.#ended.add(id);
    const [oldest] = this.#ended;
    if (this.#ended.size > MAX_KNOWN && oldest !== undefined) this.#ended.delete(oldest);
  }

  /** The one that was not used for longest is forgotten. */
  #know(session: Session): void {
    this.#known.delete(session.id);
    this.#known.set(session.id, session);
    const [oldest] = this.#known.keys();
    if (this.#known.size > MAX_KNOWN && oldest !== undefined) this.#known.delete(oldest);
  }
}

/** The store knows a session by this: whoever reads it there has no cookie by it. */
function hashOf(id: string): string {
  return createHash('sha256').update(id).digest('base64url');
}
