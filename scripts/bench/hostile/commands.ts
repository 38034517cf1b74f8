import type { Command } from '../../../server/features/command.ts';
import type { Fixture } from './fixture.ts';

export type Kind = Command['do'];
type Fields<K extends Kind, C = Command> = C extends { readonly do: infer D }
  ? K extends D
    ? Exclude<keyof C, 'do'>
    : never
  : never;

/** What a command can be about. */
export type Subjects = Pick<Fixture, 'message' | 'poll' | 'questions'>;

interface CommandPlan<F extends string = string> {
  /** The fields of the command, all of them valid. */
  fields(subjects: Subjects): Readonly<Record<F, unknown>>;
  /** Whether a room is unusable after it. */
  readonly isSpent?: boolean;
}

const ABSENT = '2a1f5c9e-7d0b-4c3a-9e8f-1b2c3d4e5f60';
const onMessage = { fields: ({ message }: Subjects) => ({ id: message }) };
const onPoll = { fields: ({ poll }: Subjects) => ({ id: poll }) };
const sanction = { fields: () => ({ uid: ABSENT, minutes: 5, address: true }) };

/** Every command, with every field it may have. */
export const COMMANDS: { readonly [K in Kind]: CommandPlan<Fields<K>> } = {
  say: {
    fields: ({ message }) => ({ message: 'hello', cid: null, reply: message, files: [] }),
  },
  here: { fields: () => ({ away: true }) },
  typing: { fields: () => ({}) },
  edit: { fields: ({ message }) => ({ id: message, message: 'hello again' }) },
  delete: { ...onMessage, isSpent: true },
  react: { fields: ({ message }) => ({ id: message, emoji: '👍', on: null }) },
  ask: {
    fields: () => ({
      ...{ kind: 'choice', question: 'Which?', options: ['one', 'two'], most: 1 },
      ...{ shows: 'always', fixed: false, named: true, minutes: 5, files: [] },
    }),
  },
  vote: { fields: ({ poll }) => ({ id: poll, option: [1] }) },
  choose: { fields: ({ poll }) => ({ id: poll, option: 1, on: true }) },
  suggest: { fields: ({ questions }) => ({ id: questions, suggestion: 'Why?', on: true }) },
  mark: { fields: ({ questions }) => ({ id: questions, option: 0, as: 'answered' }) },
  'close-poll': { ...onPoll, isSpent: true },
  'open-poll': onPoll,
  'reset-poll': onPoll,
  'reveal-poll': onPoll,
  topic: { fields: () => ({ text: 'a topic' }) },
  listed: { fields: () => ({ on: true }) },
  worded: { fields: () => ({ word: 'a password' }), isSpent: true },
  locked: { fields: () => ({ on: false }) },
  slowed: { fields: () => ({ seconds: 0 }) },
  cleared: { fields: () => ({}), isSpent: true },
  pinned: { fields: ({ message }) => ({ id: message, on: true }) },
  silenced: sanction,
  removed: sanction,
  pardoned: { fields: () => ({ uid: ABSENT }) },
  handed: { fields: () => ({ uid: ABSENT }), isSpent: true },
};

/** A command in which the JSON of one field is hostile. */
export function commandJson(kind: Kind, subjects: Subjects, field: string, json: string): string {
  const mark = 'the hostile field';
  const fields = { ...COMMANDS[kind].fields(subjects), [field]: mark };
  const command = kind === 'say' ? fields : { do: kind, ...fields };
  return JSON.stringify(command).replace(JSON.stringify(mark), () => json);
}

/** Every field of every command. */
export function* fieldsOfCommands(): Generator<{ readonly kind: Kind; readonly field: string }> {
  for (const kind of Object.keys(COMMANDS) as Kind[]) {
    const fields = COMMANDS[kind].fields({ message: 1, poll: 1, questions: 1 });
    for (const field of Object.keys(fields)) yield { kind, field };
  }
}
