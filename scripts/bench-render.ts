import { parseArgs } from 'node:util';
import { bodyHtml } from '../server/render/body.ts';
import { HOSTILE, MAX_LENGTH, pairs } from './bench/hostile-texts.ts';
import { searchTexts } from './bench/search-texts.ts';

/* How long the server takes to render what is made to take its time, in its own processor time. */

/** No message may take longer. */
const MAX_MS = 20;
const SHOWN = 8;
const WARM_UP = 'hello **you**, `x` https://a.com\n- a\n> b\n```js\nlet a = 1\n```\n'.repeat(20);

const { values } = parseArgs({ options: { search: { type: 'string' } } });

for (let n = 0; n < 200; n += 1) bodyHtml(WARM_UP);
const known = [...HOSTILE].map(([name, text]) => ({ name, text: cut(text(MAX_LENGTH)) }));
const others = [...pairs(MAX_LENGTH)].map((text) => ({
  name: JSON.stringify(text.slice(0, 30)),
  text: cut(text),
}));
report([...known, ...others]);
if (values.search) report(searchTexts(Number(values.search), best));

/** As much of a text as a message may have. */
function cut(text: string): string {
  return [...text].slice(0, MAX_LENGTH).join('');
}

function report(texts: readonly { readonly name: string; readonly text: string }[]): void {
  const times = texts.map(({ name, text }) => ({ name, ms: best(text) }));
  times.sort((a, b) => b.ms - a.ms);
  console.log(`${times.length} texts of ${MAX_LENGTH} characters, the slowest:`);
  for (const { name, ms } of times.slice(0, SHOWN)) console.log(`${ms.toFixed(1)} ms  ${name}`);
  if ((times[0]?.ms ?? 0) > MAX_MS) process.exitCode = 1;
}

/** The best of three: what else the machine does is not the text's fault. */
function best(text: string): number {
  return Math.min(...[1, 2, 3].map(() => time(text)));
}

function time(text: string): number {
  const before = process.cpuUsage();
  bodyHtml(text);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}
