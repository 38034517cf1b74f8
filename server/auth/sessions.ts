import { createHash, randomBytes } from 'node:crypto';
import { v4 as uuid } from 'uuid';
import type { Change } from '../core/change.ts';
import { ChatError } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import { isExpired, type Session } from '../features/accounts/session.ts';
import type { Store } from '../storage/store.ts';
import type { Keyring } from './keyring.ts';
import { nameSkeleton } from './name-skeleton.ts';
import type { Attempt } from './password-attempts.ts';
import type { PasswordHasher } from './password-hasher.ts';
import { isReserved } from './reserved-names.ts';

/** Sessions at hand, of the others the store is asked; and those that ended, to be remembered. */
const MAX_KNOWN = 10_000;
/** A use is noted once in so long. */
const TOUCH_INTERVAL_MS = 60 * 60 * 1000;

interface Parts {
  readonly log: Log;
  readonly store: Store;
  readonly keys: Keyring;
  readonly passphrases: PasswordHasher;
}

/** A session that began, and what the browser brings to be known by it. */
export interface NewSession {
  readonly session: Session;
  /** The value of the cookie: the session's id, signed. */
  readonly cookie: string;
  /** What the account of the name is known by in the store. */
  readonly account: string;
}

/** Those who are signed in. */
export class Sessions {
  readonly #parts: Parts;
  readonly #cache = new Map<string, Session>();
  readonly #ended = new Set<string>();

  constructor(parts: Parts) {
    this.#parts = parts;
    parts.log.onCommit((batch) => {
      for (const change of batch) this.#receive(change);
    });
  }

  /** The session of a cookie, if it is one of ours and not over. */
  async find(cookie: string): Promise<Session | undefined> {
    const [id = '', signature = ''] = cookie.split('.');
    if (!this.#parts.keys.verify(`session ${id}`, signature)) return undefined;
    const hash = hashOf(id);
    const session = this.#cache.get(hash) ?? (await this.#parts.store.session(hash));
    // What the store said may be older than what the log has told meanwhile.
    if (!session || this.hasEnded(hash) || isExpired(session, Date.now())) return undefined;
    this.#remember(session);
    await this.#touch(session);
    return this.hasEnded(hash) ? undefined : session;
  }

  /** Whether a session has ended not long ago. */
  hasEnded(id: string): boolean {
    return this.#ended.has(id);
  }

  /** A session is in use: something is held open by it. */
  touch(id: string): void {
    const session = this.#cache.get(id);
    if (session) this.#touch(session);
  }

  /**
   * Takes a name, and keeps it with the passphrase where there is one.
   * @param begin begins a try of the passphrase of an account, or says why it may not be made
   * @throws ChatError where it is another's, or reserved: who kept it before that may go on with it
   */
  async signIn(
    name: string,
    passphrase: string | null,
    begin: (account: string) => Attempt,
  ): Promise<NewSession> {
    const { store, passphrases } = this.#parts;
    const skeleton = nameSkeleton(name);
    const { key, passphrase: kept } = await store.account(skeleton, name);
    if (!kept && isReserved(name)) throw new ChatError('reserved-name');
    if (kept && !passphrase) throw new ChatError('wrong-passphrase');
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

  /** @throws ChatError where the passphrase is another, or too many wait */
  async #verify(passphrase: string, hash: string, attempt: Attempt): Promise<void> {
    const isRight = await this.#parts.passphrases.verify(passphrase, hash).catch((error) => {
      attempt.cancel();
      throw error;
    });
    if (!isRight) throw new ChatError('wrong-passphrase');
    attempt.succeed();
  }

  async signOut(session: string): Promise<void> {
    await this.#parts.log.append({ kind: 'signed-out', session, at: Date.now() });
  }

  /**
   * Keeps the name with a new passphrase. All other sessions of the name end.
   * @throws ChatError where it is reserved, and was taken before that
   */
  async changePassword(session: string, passphrase: string): Promise<NewSession> {
    const known = this.#cache.get(session);
    if (known && !known.isKept && isReserved(known.name)) throw new ChatError('reserved-name');
    const keep = await this.#parts.passphrases.hash(passphrase);
    return this.#begin((next) => ({ kind: 'rekeyed', session, next, keep, at: Date.now() }));
  }

  /** Makes a moderator of whoever has the session. */
  async grantModerator(session: string): Promise<void> {
    await this.#parts.log.append({ kind: 'moderates', session, at: Date.now() });
  }

  async #begin(event: (hash: string) => Parameters<Log['append']>[0]): Promise<NewSession> {
    const id = randomBytes(16).toString('base64url');
    const { change } = await this.#parts.log.append(event(hashOf(id)));
    if (!change.session) throw new ChatError('signed-out');
    const { session } = change;
    const cookie = `${id}.${this.#parts.keys.sign(`session ${id}`)}`;
    const { key } = await this.#parts.store.account(nameSkeleton(session.name), session.name);
    return { session, cookie, account: key };
  }

  /** Notes a use. Whether it could be is nothing to the one who uses the session. */
  async #touch(session: Session): Promise<void> {
    const now = Date.now();
    if (now - session.seen <= TOUCH_INTERVAL_MS) return;
    this.#remember({ ...session, seen: now });
    const used = { kind: 'session-used' as const, session: session.id, at: now };
    await this.#parts.log.append(used).catch(() => this.#cache.delete(session.id));
  }

  #receive({ session, ended = [] }: Change): void {
    for (const id of ended) this.#end(id);
    if (session && this.#cache.has(session.id)) this.#remember(session);
  }

  #end(id: string): void {
    this.#cache.delete(id);
    this.#ended.add(id);
    const [oldest] = this.#ended;
    if (this.#ended.size > MAX_KNOWN && oldest !== undefined) this.#ended.delete(oldest);
  }

  /** The one that was not used for longest is forgotten. */
  #remember(session: Session): void {
    this.#cache.delete(session.id);
    this.#cache.set(session.id, session);
    const [oldest] = this.#cache.keys();
    if (this.#cache.size > MAX_KNOWN && oldest !== undefined) this.#cache.delete(oldest);
  }
}

/** The store knows a session by this: whoever reads it there has no cookie by it. */
function hashOf(id: string): string {
  return createHash('sha256').update(id).digest('base64url');
}
