import type { RoomKind } from '../../auth/room-settings.ts';
import type { RulesOf } from '../room-action.ts';

/** A room was created, or its settings were changed. */
export type SettingsAction =
  | {
      readonly type: 'room-created';
      readonly title: string;
      readonly topic: string;
      /** Missing: a room to chat. */
      readonly kind?: RoomKind;
      readonly isListed: boolean;
      readonly passwordHash: string | null;
    }
  | { readonly type: 'title-changed'; readonly text: string }
  | { readonly type: 'topic-changed'; readonly text: string }
  | { readonly type: 'kind-changed'; readonly kind: RoomKind }
  | { readonly type: 'listing-changed'; readonly enabled: boolean }
  /** `passwordHash` is the salted hash of the password. */
  | { readonly type: 'password-changed'; readonly passwordHash: string | null };

export const settingsActions: RulesOf<SettingsAction> = {
  'room-created': {
    apply: (settings, { title, topic, kind = 'chat', isListed, passwordHash }, { uid }) => ({
      ...settings,
      owner: uid,
      title,
      topic,
      kind,
      isListed,
      passwordHash,
    }),
    // The title, the topic and the listing of a new room are seen where they are.
    details: () => ({}),
    text: () => 'room-created',
  },
  'title-changed': {
    apply: (settings, { text }) => ({ ...settings, title: text }),
    details: ({ text }) => ({ text }),
    text: () => 'title-changed',
  },
  'topic-changed': {
    apply: (settings, { text }) => ({ ...settings, topic: text }),
    details: ({ text }) => ({ text }),
    text: ({ text }) => (text === '' ? 'topic-removed' : 'topic-changed'),
  },
  'kind-changed': {
    apply: (settings, { kind }) => ({ ...settings, kind }),
    details: ({ kind }) => ({ kind }),
    text: ({ kind }) => (kind === 'class' ? 'kind-changed-class' : 'kind-changed-chat'),
  },
  'listing-changed': {
    apply: (settings, { enabled }) => ({ ...settings, isListed: enabled }),
    details: ({ enabled }) => ({ enabled }),
    text: ({ enabled }) => (enabled ? 'listing-changed' : 'listing-changed-off'),
  },
  'password-changed': {
    apply: (settings, { passwordHash }) => ({ ...settings, passwordHash }),
    details: ({ passwordHash }) => ({ enabled: passwordHash !== null }),
    text: ({ enabled }) => (enabled ? 'password-changed' : 'password-changed-off'),
  },
};
