import { bodyHtml } from '../server/render/body.ts';
import { hostileTexts } from './bench/hostile-texts.ts';

/* How long the server takes to render what is made to take its time, in its own processor time. */

const SHOWN = 5;
const WARM_UP = 'hello **you**, `x` https://a.com\n- a\n> b\n```js\nlet a = 1\n```\n'.repeat(20);

for (let n = 0; n < 200; n += 1) bodyHtml(WARM_UP);
const times = [...hostileTexts()].map((text) => ({ text, ms: best(text) }));
times.sort((a, b) => b.ms - a.ms);
console.log(`${times.length} texts of 4,000 characters, the slowest:`);
for (const { text, ms } of times.slice(0, SHOWN)) {
  console.log(`${ms.toFixed(1)} ms  ${JSON.stringify(text.slice(0, 40))}…`);
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
