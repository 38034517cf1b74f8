import { parseArgs } from 'node:util';
import { bodyHtml } from '../server/features/messages/body.ts';
import { HOSTILE_MESSAGES, HOSTILE_PICTURES } from './bench/hostile-messages.ts';
import { HOSTILE, MAX_LENGTH, pairs } from './bench/hostile-texts.ts';
import { searchTexts } from './bench/search-texts.ts';

/* The CPU time that rendering takes for texts that are made to be slow. */

/** The maximum. */
const MAX_MS = 20;
const SHOWN = 8;
const WARM_UP = 'hello **you**, `x` https://a.com\n- a\n> b\n```js\nlet a = 1\n```\n'.repeat(20);

interface Work {
  readonly name: string;
  render(): unknown;
}

const { values } = parseArgs({ options: { search: { type: 'string' } } });

for (let n = 0; n < 200; n += 1) bodyHtml(WARM_UP);
const known = [...HOSTILE].map(([name, text]) => ofText(name, text(MAX_LENGTH)));
const others = [...pairs(MAX_LENGTH)].map((text) =>
  ofText(JSON.stringify(text.slice(0, 30)), text),
);
report(`texts of ${MAX_LENGTH} characters`, [...known, ...others]);
const messages = Object.entries({ ...HOSTILE_MESSAGES, ...HOSTILE_PICTURES });
report(
  'messages and pictures of polls',
  messages.map(([name, render]) => ({ name, render })),
);
if (values.search) {
  const found = searchTexts(Number(values.search), (text) =>
    best({ name: text, render: () => bodyHtml(text) }),
  );
  report(
    'texts that were looked for',
    found.map(({ name, text }) => ofText(name, text)),
  );
}

/** Cuts a text to the maximum length of a message. */
function ofText(name: string, text: string): Work {
  const cut = [...text].slice(0, MAX_LENGTH).join('');
  return { name, render: () => bodyHtml(cut) };
}

function report(of: string, all: readonly Work[]): void {
  const measured = all.map((work) => ({ name: work.name, ms: best(work) }));
  measured.sort((a, b) => b.ms - a.ms);
  console.log(`${all.length} ${of}, the slowest:`);
  for (const { name, ms } of measured.slice(0, SHOWN)) console.log(`${ms.toFixed(1)} ms  ${name}`);
  if ((measured[0]?.ms ?? 0) > MAX_MS) process.exitCode = 1;
}

/** The best of three, in ms: other load on the machine does not count. */
function best(work: Work): number {
  return Math.min(...[1, 2, 3].map(() => time(work)));
}

function time({ render }: Work): number {
  const before = process.cpuUsage();
  render();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}
