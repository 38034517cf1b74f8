import { roomPath } from '../../../server/shared/routes.ts';
import { fetchWithTimeout } from '../connection/fetch-with-timeout.ts';
import { bearer, type GuestIdentity } from '../connection/guest-identity.ts';
import type { Entry } from '../connection/outbox.ts';
import { post, type ServerError } from '../connection/post.ts';
import { askFirst, type Entered } from '../lib/confirm.ts';

interface RoomRequestsOptions {
  readonly room: string;
  readonly guest: GuestIdentity;
  /** Whether the connection delivers only messages. */
  readonly isPolling: () => boolean;
  /** Receives ephemeral state, as fragments. */
  readonly onState: (html: string) => void;
}

/** Requests about a room, outside its connection. */
export class RoomRequests {
  readonly #options: RoomRequestsOptions;

  constructor(options: RoomRequestsOptions) {
    this.#options = options;
  }

  /** Posts a message. @throws if the server was not reached */
  message({ cid, command }: Entry, signal: AbortSignal): Promise<ServerError | undefined> {
    const { room, guest } = this.#options;
    return post(room, 'messages', guest, { cid, ...command }, signal);
  }

  /** Executes a command. @throws if the server was not reached */
  async command(command: object): Promise<ServerError | undefined> {
    const { room, guest, isPolling } = this.#options;
    const error = await post(room, 'commands', guest, command);
    if (isPolling()) {
      await this.fetchState('presence');
      await this.fetchState('votes');
    }
    return error;
  }

  /** The source text of a message, or why it is denied. @throws if the server was not reached */
  async source(id: number): Promise<{ body?: string; error?: ServerError }> {
    const response = await this.#get(`messages/${id}`, 'application/json');
    return response.json();
  }

  /** The names of users who wrote in the room. @throws if the server was not reached */
  async writers(): Promise<readonly string[]> {
    const response = await this.#get('writers', 'application/json');
    return response.ok ? (await response.json()).names : [];
  }

  /** Asks before a command that destroys something. @throws if the server was not reached */
  async confirm(command: object): Promise<Entered | false> {
    const { room, guest } = this.#options;
    const fields = Object.entries(command).map(
      ([name, value]) => [name, value === true ? 'on' : `${value || ''}`] as const,
    );
    return (await askFirst(roomPath(room), fields, bearer(guest.token))) ?? {};
  }

  /** A page, as the tab's user sees it; `undefined` if it cannot be loaded. */
  async page(address: string): Promise<string | undefined> {
    const response = await this.#page(address).catch(() => undefined);
    return response?.ok ? response.text() : undefined;
  }

  /** The same, or the page that says why it is denied. @throws if the server was not reached */
  async html(address: string): Promise<string> {
    return (await this.#page(address)).text();
  }

  /** The polls that are current, as fragments. @throws if the server was not reached */
  async currentPolls(): Promise<string | undefined> {
    const response = await this.#get('now', 'text/html');
    return response.ok ? response.text() : undefined;
  }

  /** A system message arrived: what it changed does not come with it over polling. */
  onSystemMessage(): void {
    if (this.#options.isPolling()) void this.fetchState('presence');
  }

  /** Fetches the user's ephemeral state; after a failure, the next fetch has it. */
  async fetchState(resource: 'presence' | 'votes'): Promise<void> {
    try {
      const response = await this.#get(resource, 'text/html');
      if (response.ok) this.#options.onState(await response.text());
    } catch {
      // The connection state shows that the server is out of reach.
    }
  }

  #page(address: string): Promise<Response> {
    const headers = { Accept: 'text/html', ...bearer(this.#options.guest.token) };
    return fetchWithTimeout(address, { headers });
  }

  #get(resource: string, type: string): Promise<Response> {
    const { room, guest } = this.#options;
    return fetchWithTimeout(`${roomPath(room)}/${resource}`, {
      headers: { Accept: type, ...bearer(guest.token) },
    });
  }
}
