import { join } from 'node:path';
import { API } from 'typescript/unstable/sync';
import { root } from '../chat.ts';
import { type Description, TypeDescriber } from './described-type.ts';

const FEATURES = join(root, 'server/features');

/** What a log has in a format: the events by their kind, the room actions by their type, and what an event changes. */
export interface FormatDescription {
  readonly events: Readonly<Record<string, Description>>;
  readonly actions: Readonly<Record<string, Description>>;
  readonly change: Description;
}

/** What the log has by the types of this checkout. */
export function describeFormat(): FormatDescription {
  const api = new API({ cwd: root });
  try {
    const snapshot = api.updateSnapshot({ openProjects: [join(root, 'tsconfig.json')] });
    const [project] = snapshot.getProjects();
    if (!project) throw new Error('tsconfig.json is no project.');
    const types = new TypeDescriber(project);
    return {
      events: byName(types, 'events.ts', 'Event', 'kind'),
      actions: byName(types, 'room-actions.ts', 'RoomAction', 'type'),
      change: types.describe(types.declared(join(FEATURES, 'change.ts'), 'ChatChange')),
    };
  } finally {
    api.close();
  }
}

/** The variants of a type by the property that tells them apart; a variant may stand for several names. */
function byName(types: TypeDescriber, file: string, name: string, tag: string) {
  const named = types.variants(types.declared(join(FEATURES, file), name)).flatMap((variant) => {
    const tags = types.property(variant, tag);
    if (!tags) throw new Error(`${types.text(variant)} has no ${tag}.`);
    const description = types.describe(variant);
    return types.variants(tags).map((one) => {
      const value = types.text(one);
      return [JSON.parse(value), { ...Object(description), [tag]: value }] as const;
    });
  });
  return Object.fromEntries(named.sort(([a], [b]) => (a < b ? -1 : 1)));
}
