import type { Message } from '../../core/message.ts';
import { isolate } from '../../shared/display-name.ts';
import { type Language, type Translate, translator } from '../../shared/i18n.ts';
import { roomPath } from '../../shared/routes.ts';
import { shortUid } from '../../shared/short-uid.ts';
import { template } from '../../templates.ts';
import { readReactions } from './reaction.ts';

/** Users named per emoji; the count includes the others. */
const MAX_NAMES = 10;

const render = template<{
  readonly id: number;
  readonly path: string;
  readonly reactions: readonly {
    readonly emoji: string;
    readonly count: number;
    readonly names: string;
    /** Shortened uids of the users, so that a page knows whether its own user is among them. */
    readonly uids: string;
  }[];
  readonly t: Translate;
}>('reactions');

/** The reactions to a message. The page adds the controls, which are always the same. */
export function reactionsHtml(message: Message, language: Language): string {
  const all = readReactions(message);
  if (all.length === 0) return '';
  const reactions = all.map(({ emoji, count, people }) => {
    const named = people.slice(0, MAX_NAMES).map(({ uid, name }) => isolate(name ?? shortUid(uid)));
    const more = count > named.length ? [`+${count - named.length}`] : [];
    return {
      emoji,
      count,
      names: [...named, ...more].join(', '),
      uids: people.map(({ uid }) => uid.slice(0, 8)).join(' '),
    };
  });
  const path = roomPath(message.room);
  return render({ id: message.id, path, reactions, t: translator(language) });
}
