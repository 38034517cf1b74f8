import { isEphemeral } from './client.ts';

interface Member {
  readonly uid: string;
  readonly name: string | null;
  readonly state: string;
  readonly isTyping: boolean;
}

/** A member in presence updates, as a fragment or as JSON. */
export function parseMember(text: string): Member | undefined {
  if (text.startsWith('{')) {
    const { type, ...member } = JSON.parse(text);
    return type === 'presence' ? member : undefined;
  }
  const [, uid, state] = /^<li [^>]* data-uid="([^"]+)" data-state="(\w+)"/.exec(text) ?? [];
  if (uid === undefined || state === undefined) return undefined;
  const [, name = null] = /<bdi>(.*)<\/bdi>/.exec(text) ?? [];
  return { uid, name, state, isTyping: / data-typing[ >]/.test(text) };
}

function parseCount(text: string): number | undefined {
  const [, count] =
    /^(?:<div id="presence-count"|\{"type":"presence-count").*?count"?[=:]"?(\d+)/.exec(text) ?? [];
  return count === undefined ? undefined : Number(count);
}

/** A client that watches who is in a room, and adds up the updates. */
export class Watcher {
  readonly texts: string[] = [];
  readonly people = new Map<string, Member>();
  count = 0;
  #more = Promise.withResolvers<void>();

  take(text: string): void {
    if (!isEphemeral(text)) return;
    this.texts.push(text);
    const member = parseMember(text);
    if (member?.state === 'gone') this.people.delete(member.uid);
    else if (member) this.people.set(member.uid, member);
    this.count = parseCount(text) ?? this.count;
    this.#more.resolve();
    this.#more = Promise.withResolvers();
  }

  async sees(isSo: (watcher: this) => boolean): Promise<void> {
    while (!isSo(this)) await this.#more.promise;
  }
}
