import { bodyHtml } from '../../../server/features/messages/body.ts';
import { MARKDOWN } from './texts.ts';

const WARM_UP = '**a** `b` https://a.com\n- a\n> b\n```js\nlet a = 1\n```\n'.repeat(20);

/** Of the texts that are expensive to render: the slowest, and those with the largest output. */
export function costliest(characters: number): readonly string[] {
  for (let n = 0; n < 100; n += 1) bodyHtml(WARM_UP);
  const all = MARKDOWN.map(({ make }) => {
    const text = make(characters);
    return {
      text,
      ms: Math.min(...[1, 2, 3].map(() => renderMs(text))),
      size: bodyHtml(text).length,
    };
  });
  const slowest = all.toSorted((a, b) => b.ms - a.ms).slice(0, 3);
  const largest = all.toSorted((a, b) => b.size - a.size).slice(0, 2);
  return [...slowest, ...largest].map(({ text }) => text);
}

function renderMs(text: string): number {
  const before = process.threadCpuUsage();
  bodyHtml(text);
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1_000;
}
