import type { DatabaseSync } from 'node:sqlite';
import { parsePoll } from '../polls/poll.ts';
import { voteHistory } from '../polls/vote-history.ts';

/**
 * Keeps of anonymous votes only what counting them requires: no name, no time and no order. Each
 * ballot was stored with its voter and its millisecond; for all polls the history of the counts
 * replaces that.
 */
export function forgetBallots(db: DatabaseSync): void {
  db.exec(`CREATE TABLE vote_history (
     poll INTEGER NOT NULL,
     n INTEGER NOT NULL,
     at INTEGER NOT NULL,
     total INTEGER NOT NULL,
     counts TEXT NOT NULL,
     PRIMARY KEY (poll, n)
   ) STRICT, WITHOUT ROWID;`);
  const polls = db.prepare("SELECT id, at, body FROM messages WHERE kind = 'poll'");
  for (const { id, at, body } of polls.all()) summarize(db, Number(id), Number(at), String(body));
  const anonymous = "SELECT id FROM messages WHERE kind = 'poll' AND body ->> 'isAnonymous'";
  db.exec(`UPDATE events SET uid = '', at = at - at % 1000
     WHERE seq IN (SELECT seq FROM ballots WHERE poll IN (${anonymous}));
   UPDATE votes SET name = NULL WHERE name IS NOT NULL AND poll IN (${anonymous});
   UPDATE suggestions SET uid = '', name = NULL WHERE poll IN (${anonymous});
   DROP TABLE ballots;`);
}

/** Replays the ballots of a poll from the first to the last. */
function summarize(db: DatabaseSync, id: number, at: number, body: string): void {
  const poll = parsePoll(body);
  const history = voteHistory(db);
  const counts = poll.options.map(() => 0);
  const chosen = new Map<string, readonly number[]>();
  history.add(id, { ...poll, voters: 0, counts }, at);
  const ballots = db.prepare('SELECT uid, options, at FROM ballots WHERE poll = ? ORDER BY seq');
  for (const ballot of ballots.iterate(id)) {
    const uid = String(ballot.uid);
    const before = poll.kind === 'applause' ? [] : (chosen.get(uid) ?? []);
    const now: readonly number[] = JSON.parse(String(ballot.options));
    for (const option of before) counts[option] = (counts[option] ?? 0) - 1;
    for (const option of now) counts[option] = (counts[option] ?? 0) + 1;
    if (now.length > 0) chosen.set(uid, now);
    else chosen.delete(uid);
    history.add(id, { ...poll, voters: chosen.size, counts }, Number(ballot.at));
  }
}
