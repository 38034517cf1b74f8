import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NEWEST_FORMAT } from '../server/core/format.ts';
import { entries } from '../test/support/any-events.ts';
import { root } from './chat.ts';
import { chooseLogs } from './formats/choose-logs.ts';
import { describeFormat } from './formats/description.ts';

/*
 * npm run formats: records the newest format, what its log has and what is decided. One that was released is not
 * recorded again: see docs/new-feature.md.
 */

const [description, log] = ['json', 'log.jsonl'].map((ending) =>
  join(root, `test/formats/format-${NEWEST_FORMAT}.${ending}`),
);
writeFileSync(`${description}`, JSON.stringify(describeFormat()));
execFileSync('npx', ['biome', 'format', '--write', `${description}`], { cwd: root });
const lines = chooseLogs(entries, NEWEST_FORMAT).map((entry) => JSON.stringify(entry));
writeFileSync(`${log}`, `${lines.join('\n')}\n`);
