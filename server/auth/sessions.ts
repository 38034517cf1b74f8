import { createHash, randomBytes } from 'node:crypto';
import { v4 as uuid } from 'uuid';
import { ChatError } from '../core/errors.ts';
import type { Log, Undated } from '../core/log.ts';
import { LruMap } from '../shared/lru-map.ts';
import type { Keyring } from './keyring.ts';
import { nameSkeleton } from './name-skeleton.ts';
import type { Attempt } from './password-attempts.ts';
import type { PasswordHasher } from './password-hasher.ts';
import { isReserved } from './reserved-names.ts';
import { isExpired, type Session, type SessionChange } from './session.ts';
import type { SessionEvent } from './session-events.ts';

/** Sessions that are cached, others are read from the store; and ended ones that are remembered. */
const MAX_KNOWN = 10_000;
/** A use is recorded at most once in this time. */
const TOUCH_INTERVAL_MS = 60 * 60 * 1000;

/** A name to sign in with. */
export interface Account {
  /** The key of the name in the database. */
  readonly key: string;
  /** The hash of its password; `null` if it has none. */
  readonly passwordHash: string | null;
}

/** Finds sessions and names in the store. */
interface SessionQueries {
  /** A session, by the hash of its id. */
  session(id: string): Promise<Session | undefined>;
  /** The account of a name, or of one that looks like it. */
  account(skeleton: string, name: string): Promise<Account>;
}

interface Parts {
  readonly log: Log<Undated<SessionEvent>, SessionChange>;
  readonly queries: SessionQueries;
  readonly keys: Keyring;
  readonly passwords: PasswordHasher;
}

/** A session that started, and what the browser sends to be recognized by it. */
export interface NewSession {
  readonly session: Session;
  /** The value of the cookie: the session's id, signed. */
  readonly cookie: string;
  /** The key of the name's account in the store. */
  readonly account: string;
}

/** The sessions of signed-in users. */
export class Sessions {
  readonly #parts: Parts;
  readonly #cache = new LruMap<string, Session>(MAX_KNOWN);
  readonly #ended = new LruMap<string, true>(MAX_KNOWN);

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Applies what a commit changed: sessions that started, changed or ended. */
  apply(batch: readonly SessionChange[]): void {
    for (const { session, ended = [], carriedGuest, owner } of batch) {
      for (const id of ended) this.#end(id);
      if (session && this.#cache.has(session.id)) this.#cache.set(session.id, session);
      if (session && carriedGuest !== undefined) this.#refreshOthers(session);
      if (owner !== undefined) this.#refreshOwner(owner);
    }
  }

  /** The session of a cookie, if it is one of ours and not over. */
  async find(cookie: string): Promise<Session | undefined> {
    const [id = '', signature = ''] = cookie.split('.');
    if (!this.#parts.keys.verify(`session ${id}`, signature)) return undefined;
    const hash = hashOf(id);
    const session = this.#cache.get(hash) ?? (await this.#parts.queries.session(hash));
    // The store's answer may be older than what the log has published in the meantime.
    if (!session || this.hasEnded(hash) || isExpired(session, Date.now())) return undefined;
    this.#cache.set(session.id, session);
    await this.#touch(session);
    return this.hasEnded(hash) ? undefined : session;
  }

  /** Whether a session has ended recently. */
  hasEnded(id: string): boolean {
    return this.#ended.has(id);
  }

  /** A session is in use: it has an open connection. */
  touch(id: string): void {
    const session = this.#cache.get(id);
    if (session) this.#touch(session);
  }

  /**
   * Signs in under a name, and protects the name with the password, if there is one.
   * @param begin starts an attempt at the password of an account, or throws if it may not be made
   * @param guest the uid of the guest who signs in, proved by their token: what they had becomes the
   *     user's
   * @throws ChatError where it is another user's, or reserved and was not protected before
   */
  async signIn(
    name: string,
    password: string | null,
    begin: (account: string) => Attempt,
    guest: string | null = null,
  ): Promise<NewSession> {
    const { queries, passwords } = this.#parts;
    const skeleton = nameSkeleton(name);
    const { key, passwordHash: kept } = await queries.account(skeleton, name);
    if (!kept && isReserved(name)) throw new ChatError('reserved-name');
    if (kept && !password) throw new ChatError('wrong-user-password');
    if (kept && password) await this.#verify(password, kept, begin(key));
    const passwordHash = !kept && password ? await passwords.hash(password) : null;
    return this.#begin((session) => ({
      kind: 'signed-in',
      uid: uuid(),
      name,
      nameSkeleton: key,
      guest,
      session,
      passwordHash,
      verifiedHash: kept,
    }));
  }

  /** @throws ChatError where the password is wrong, or too many wait */
  async #verify(password: string, hash: string, attempt: Attempt): Promise<void> {
    const isRight = await this.#parts.passwords.verify(password, hash).catch((error) => {
      attempt.cancel();
      throw error;
    });
    if (!isRight) throw new ChatError('wrong-user-password');
    attempt.succeed();
  }

  /**
   * Checks the password of a session's name again, if it has one.
   * @param begin as in `signIn`
   * @throws ChatError where it is wrong
   */
  async confirm(
    session: string,
    password: string,
    begin: (account: string) => Attempt,
  ): Promise<void> {
    const { queries } = this.#parts;
    const known = this.#cache.get(session) ?? (await queries.session(session));
    if (!known) throw new ChatError('session-expired');
    const { name } = known;
    const { key, passwordHash } = await queries.account(nameSkeleton(name), name);
    if (passwordHash) await this.#verify(password, passwordHash, begin(key));
  }

  async signOut(session: string): Promise<void> {
    await this.#parts.log.append({ kind: 'signed-out', session });
  }

  /**
   * Protects the name with a new password. All other sessions of the name end.
   * @throws ChatError where it is reserved, and was chosen before that
   */
  async changePassword(session: string, password: string): Promise<NewSession> {
    const known = this.#cache.get(session);
    if (known && !known.isKept && isReserved(known.name)) throw new ChatError('reserved-name');
    const passwordHash = await this.#parts.passwords.hash(password);
    return this.#begin((nextSession) => ({
      kind: 'password-changed',
      session,
      nextSession,
      passwordHash,
    }));
  }

  /** Whether the name of a session has a password; `false` without one. */
  async isKept(session: string | null | undefined): Promise<boolean> {
    if (!session) return false;
    const known = this.#cache.get(session) ?? (await this.#parts.queries.session(session));
    return known?.isKept ?? false;
  }

  /** Makes the user of a session a moderator. */
  async grantModerator(session: string): Promise<void> {
    await this.#parts.log.append({ kind: 'moderator-granted', session });
  }

  async #begin(event: (hash: string) => Undated<SessionEvent>): Promise<NewSession> {
    const id = randomBytes(16).toString('base64url');
    const { change } = await this.#parts.log.append(event(hashOf(id)));
    if (!change.session) throw new ChatError('session-expired');
    const { session } = change;
    const cookie = `${id}.${this.#parts.keys.sign(`session ${id}`)}`;
    const { key } = await this.#parts.queries.account(nameSkeleton(session.name), session.name);
    return { session, cookie, account: key };
  }

  /** Records a use. Whether that worked does not matter to the user. */
  async #touch(session: Session): Promise<void> {
    const now = Date.now();
    if (now - session.seen <= TOUCH_INTERVAL_MS) return;
    this.#cache.set(session.id, { ...session, seen: now });
    const used = { kind: 'session-touched' as const, session: session.id };
    await this.#parts.log.append(used).catch(() => this.#cache.delete(session.id));
  }

  /** A guest has become the user: the user's sessions in other browsers know it, too. */
  #refreshOthers({ uid, formerGuests }: Session): void {
    for (const [id, known] of [...this.#cache]) {
      if (known.uid === uid) this.#cache.set(id, { ...known, formerGuests });
    }
  }

  #refreshOwner(owner: string): void {
    for (const [id, known] of [...this.#cache]) {
      const isOwner = known.uid === owner;
      if (known.isOwner !== isOwner) this.#cache.set(id, { ...known, isOwner });
    }
  }

  #end(id: string): void {
    this.#cache.delete(id);
    this.#ended.set(id, true);
  }
}

/** The store has this instead of the id: reading it there yields no cookie. */
function hashOf(id: string): string {
  return createHash('sha256').update(id).digest('base64url');
}
