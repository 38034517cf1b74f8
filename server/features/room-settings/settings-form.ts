import type { Settings } from '../../auth/room-settings.ts';
import { ChatError, type ErrorCode } from '../../core/errors.ts';
import { stringField } from '../../http/respond.ts';
import type { MessageKey } from '../../shared/i18n.ts';
import { parseClientId } from '../client-id.ts';
import { type Command, parseCommand } from '../command.ts';

/** A field of the form: every value is a string, and a box that is not checked has none. */
interface SettingField {
  readonly label: MessageKey;
  /** What is wrong with a value that is no value of the command; that of the command, if missing. */
  readonly error?: ErrorCode;
  /** Its value in the form that is sent to the browser. */
  shown(settings: Settings): string;
  /** The command that sets it, before it is decoded. */
  command(value: string): object;
}

const checked = (isOn: boolean) => (isOn ? 'on' : '');

/** In the order in which they are set. */
const FIELDS = {
  title: {
    label: 'room-title',
    shown: ({ title }) => title,
    command: (title) => ({ type: 'set-title', title }),
  },
  topic: {
    label: 'topic',
    shown: ({ topic }) => topic,
    command: (text) => ({ type: 'set-topic', text }),
  },
  kind: {
    label: 'room-kind',
    shown: ({ kind }) => kind,
    command: (kind) => ({ type: 'set-kind', kind }),
  },
  listed: {
    label: 'listed-publicly',
    shown: ({ isListed }) => checked(isListed),
    command: (enabled) => ({ type: 'set-listed', enabled }),
  },
  password: {
    label: 'room-password',
    shown: () => '',
    command: (password) => ({ type: 'set-password', password }),
  },
  removePassword: {
    label: 'room-password',
    shown: () => '',
    command: () => ({ type: 'set-password', password: '' }),
  },
  creators: {
    label: 'poll-creators',
    shown: ({ pollCreators }) => pollCreators,
    command: (creators) => ({ type: 'set-poll-creators', creators }),
  },
  locked: {
    label: 'only-moderators-post',
    shown: ({ isLocked }) => checked(isLocked),
    command: (enabled) => ({ type: 'set-locked', enabled }),
  },
  named: {
    label: 'name-required-to-write',
    shown: ({ requiresName }) => checked(requiresName),
    command: (enabled) => ({ type: 'set-name-required', enabled }),
  },
  seconds: {
    label: 'slow-mode-seconds',
    error: 'invalid-slow-mode',
    shown: ({ slowModeSeconds }) => `${slowModeSeconds}`,
    command: (seconds) => ({ type: 'set-slow-mode', seconds }),
  },
} as const satisfies Readonly<Record<string, SettingField>>;

export type SettingName = keyof typeof FIELDS;
export type SettingValues = Readonly<Record<SettingName, string>>;
export type SettingErrors = ReadonlyMap<SettingName, ChatError>;

const NAMES = Object.keys(FIELDS) as readonly SettingName[];

/** A setting that its user changed. */
export interface SettingChange {
  readonly name: SettingName;
  readonly command: Command;
}

export function labelOf(name: SettingName): MessageKey {
  return FIELDS[name].label;
}

export function shownValues(settings: Settings): SettingValues {
  return valuesOf((name) => FIELDS[name].shown(settings));
}

export function typedValues(fields: unknown): SettingValues {
  return valuesOf((name) => stringField(fields, name));
}

/**
 * What a form changes: the fields with another value than the form had when it was sent to the browser,
 * which is in `was-NAME`. What somebody else has changed meanwhile stays.
 */
export function readChanges(fields: unknown): {
  readonly changes: readonly SettingChange[];
  readonly wrong: SettingErrors;
} {
  const typed = typedValues(fields);
  const cid = parseClientId(fields);
  const changes: SettingChange[] = [];
  const wrong = new Map<SettingName, ChatError>();
  for (const name of NAMES) {
    if (typed[name] === stringField(fields, `was-${name}`)) continue;
    // A new password replaces the old one.
    if (name === 'removePassword' && typed.password !== '') continue;
    const { command, error }: SettingField = FIELDS[name];
    try {
      const own = cid === null ? {} : { cid: `${cid}-${name}` };
      changes.push({ name, command: parseCommand({ ...command(typed[name]), ...own }) });
    } catch (caught) {
      if (!(caught instanceof ChatError)) throw caught;
      wrong.set(name, error ? new ChatError(error) : caught);
    }
  }
  return { changes, wrong };
}

function valuesOf(value: (name: SettingName) => string): SettingValues {
  return Object.fromEntries(NAMES.map((name) => [name, value(name)])) as SettingValues;
}
