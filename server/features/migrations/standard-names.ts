import type { DatabaseSync } from 'node:sqlite';

type Json = Readonly<Record<string, unknown>>;
type Names = Readonly<Record<string, string>>;

const EVENTS: Names = {
  posted: 'message-posted',
  edited: 'message-edited',
  deleted: 'message-deleted',
  reacted: 'reaction-toggled',
  acted: 'room-action',
  asked: 'poll-created',
  voted: 'votes-set',
  chose: 'vote-toggled',
  suggested: 'option-suggested',
  'option-marked': 'option-moderated',
  'poll-acted': 'poll-changed',
  tallied: 'poll-tallied',
  'session-used': 'session-touched',
  moderates: 'moderator-granted',
  rekeyed: 'password-changed',
  uploaded: 'file-uploaded',
  dropped: 'uploads-expired',
};

const ACTIONS: Names = {
  made: 'room-created',
  topic: 'topic-changed',
  listed: 'listing-changed',
  worded: 'password-changed',
  locked: 'lock-changed',
  slowed: 'slow-mode-changed',
  cleared: 'history-cleared',
  pinned: 'message-pinned',
  silenced: 'user-muted',
  removed: 'user-banned',
  pardoned: 'restrictions-lifted',
  handed: 'ownership-transferred',
};

const POLL_KINDS: Names = { words: 'word-cloud', questions: 'q-and-a' };
const VISIBILITY: Names = { voted: 'after-vote', closed: 'after-close' };
const SANCTIONS: Names = { silenced: 'mute', removed: 'ban' };

/** Gives what is stored the names of docs/glossary.md. */
export function useStandardNames(db: DatabaseSync): void {
  db.function('new_event', { deterministic: true }, (kind) => renamed(EVENTS, kind));
  const json = (name: string, change: (body: Json) => Json) =>
    db.function(name, { deterministic: true }, (text) =>
      JSON.stringify(change(JSON.parse(String(text)) as Json)),
    );
  json('new_action', systemMessage);
  json('new_poll', poll);
  json('new_settings', settings);
  db.exec(`
    UPDATE events SET kind = new_event(kind);
    UPDATE messages SET kind = 'message' WHERE kind = 'said';
    UPDATE messages SET kind = 'system', body = new_action(body) WHERE kind = 'act';
    UPDATE messages SET body = new_poll(body) WHERE kind = 'poll';
    UPDATE rooms SET settings = new_settings(settings);
    UPDATE suggestions SET state = 'removed' WHERE state = 'dropped';
    ALTER TABLE spoken RENAME TO last_posts;
    ALTER TABLE names RENAME COLUMN key TO skeleton;
    ALTER TABLE names RENAME COLUMN passphrase TO password_hash;`);
}

function renamed(names: Names, old: unknown): string {
  const text = String(old);
  return Object.hasOwn(names, text) ? (names[text] as string) : text;
}

function systemMessage({ act, on, ...rest }: Json): Json {
  if (act === 'pinned') {
    return { action: on === false ? 'message-unpinned' : 'message-pinned', ...rest };
  }
  return { action: renamed(ACTIONS, act), ...(on !== undefined && { enabled: on }), ...rest };
}

function poll({ kind, most, mayChange, shows, states, ...rest }: Json): Json {
  return {
    kind: renamed(POLL_KINDS, kind),
    maxChoices: most,
    canChangeVote: mayChange,
    ...(shows !== undefined && { resultsVisibility: renamed(VISIBILITY, shows) }),
    states: (states as string[]).map((state) => (state === 'dropped' ? 'removed' : state)),
    ...rest,
  };
}

/** Settings are stored where they differ from those of a new room. */
function settings({ word, slowS, sanctions, ...rest }: Json): Json {
  return {
    ...rest,
    ...(word !== undefined && { passwordHash: word }),
    ...(slowS !== undefined && { slowModeSeconds: slowS }),
    ...(sanctions !== undefined && {
      sanctions: (sanctions as Json[]).map((sanction) => ({
        ...sanction,
        kind: renamed(SANCTIONS, sanction.kind),
      })),
    }),
  };
}
