import type { Command } from '../../../server/features/command.ts';
import type { Fixture } from './fixture.ts';

type Kind = Command['type'];
type Fields<K extends Kind, C = Command> = C extends { readonly type: infer D }
  ? K extends D
    ? Exclude<keyof C, 'type' | 'cid'>
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
  'post-message': {
    fields: ({ message }) => ({ message: 'hello', cid: null, reply: message, files: [] }),
  },
  presence: { fields: () => ({ isAway: true }) },
  typing: { fields: () => ({}) },
  'mark-read': onMessage,
  'set-notifications': { fields: () => ({ level: 'mentions' }) },
  edit: { fields: ({ message }) => ({ id: message, message: 'hello again' }) },
  delete: { ...onMessage, isSpent: true },
  react: { fields: ({ message }) => ({ id: message, emoji: '👍', enabled: null }) },
  'send-reactions': { fields: () => ({ emoji: '👏', count: 3 }) },
  'create-poll': {
    fields: () => ({
      ...{ kind: 'choice', question: 'Which?', options: ['one', 'two'], maxChoices: 1 },
      ...{
        resultsVisibility: 'always',
        finalVotes: false,
        showVoters: true,
        needsApproval: false,
        minutes: 5,
        files: [],
        prepared: null,
      },
    }),
  },
  'prepare-poll': {
    fields: () => ({
      ...{ kind: 'choice', question: 'Which?', options: ['one', 'two'], maxChoices: 1 },
      ...{ resultsVisibility: 'always', finalVotes: false, showVoters: true, minutes: 5 },
      ...{ needsApproval: false, files: [], prepared: null },
    }),
  },
  'start-prepared-poll': { fields: () => ({ id: 1 }) },
  'remove-prepared-poll': { fields: () => ({ id: 1 }) },
  'move-prepared-poll': { fields: () => ({ id: 1, direction: 'up' }) },
  'set-votes': { fields: ({ poll }) => ({ id: poll, options: [1] }) },
  'toggle-vote': { fields: ({ poll }) => ({ id: poll, option: 1, enabled: true }) },
  'suggest-option': {
    fields: ({ questions }) => ({ id: questions, suggestion: 'Why?', enabled: true }),
  },
  'moderate-option': {
    fields: ({ questions }) => ({ id: questions, option: 0, state: 'answered' }),
  },
  'close-poll': { ...onPoll, isSpent: true },
  'reopen-poll': onPoll,
  'reset-poll': onPoll,
  'reveal-poll': onPoll,
  'hide-poll': onPoll,
  'extend-poll': { fields: ({ poll }) => ({ id: poll, seconds: 30 }) },
  'set-title': { fields: () => ({ title: 'a title' }) },
  'set-topic': { fields: () => ({ text: 'a topic' }) },
  'set-kind': { fields: () => ({ kind: 'class' }) },
  'set-listed': { fields: () => ({ enabled: true }) },
  'set-password': { fields: () => ({ password: 'a password' }), isSpent: true },
  'set-name-required': { fields: () => ({ enabled: false }) },
  'set-locked': { fields: () => ({ enabled: false }) },
  'set-slow-mode': { fields: () => ({ seconds: 0 }) },
  'set-keep-days': { fields: () => ({ days: 0 }) },
  'set-poll-creators': { fields: () => ({ creators: 'everyone' }) },
  'set-stage': { fields: ({ poll }) => ({ view: 'poll', poll }) },
  'stage-question': { fields: ({ questions }) => ({ id: questions, option: 0, enabled: true }) },
  'clear-history': { fields: () => ({}), isSpent: true },
  'delete-room': { fields: () => ({}), isSpent: true },
  pin: onMessage,
  unpin: onMessage,
  mute: sanction,
  ban: sanction,
  'lift-restrictions': { fields: () => ({ uid: ABSENT }) },
  report: { fields: ({ message }) => ({ id: message, reason: 'spam' }) },
  'dismiss-reports': onMessage,
  'transfer-ownership': { fields: () => ({ uid: ABSENT }), isSpent: true },
};

/** A command in which the JSON of one field is hostile. */
export function commandJson(kind: Kind, subjects: Subjects, field: string, json: string): string {
  const mark = 'the hostile field';
  const fields = { ...COMMANDS[kind].fields(subjects), [field]: mark };
  const command = kind === 'post-message' ? fields : { type: kind, ...fields };
  return JSON.stringify(command).replace(JSON.stringify(mark), () => json);
}

/** Every field of every command. */
export function* fieldsOfCommands(): Generator<{ readonly kind: Kind; readonly field: string }> {
  for (const kind of Object.keys(COMMANDS) as Kind[]) {
    const fields = COMMANDS[kind].fields({ message: 1, poll: 1, questions: 1 });
    for (const field of Object.keys(fields)) yield { kind, field };
  }
}
