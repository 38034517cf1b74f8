import type { Fragment } from '../../core/fragment.ts';
import type { Reader } from '../../core/renderer.ts';
import type { remoteView } from './remote-view.ts';

/** The questions below the one on the stage. */
const MAX_NEXT = 3;

/**
 * The polls of a projector, with marks on the one on the stage and on its questions: those that the
 * script of the page sets from then on. Without a script, the page is loaded again and again.
 */
export function stagedPolls(
  polls: readonly Fragment[],
  { type }: Reader,
  shown: ReturnType<typeof remoteView>['shown'],
): string {
  return polls
    .map((poll) => {
      const html = poll.text(type);
      return poll.id === shown?.id ? staged(html, shown) : html;
    })
    .join('');
}

function staged(
  html: string,
  { id, questions }: NonNullable<ReturnType<typeof remoteView>['shown']>,
): string {
  const onStage = questions.filter(({ isStaged }) => isStaged);
  const next = questions.filter(({ isStaged }) => !isStaged).slice(0, MAX_NEXT);
  const items = [
    ...onStage.map(({ index }) => [index, 'on-stage'] as const),
    ...next.map(({ index }) => [index, 'next'] as const),
  ];
  // As poll.html and q-and-a.html begin. In a text, every quotation mark is escaped.
  const poll = html.replace(`class="message poll" id="m-${id}"`, (tag) =>
    tag.replace('poll"', 'poll shown"'),
  );
  return items.reduce(
    (marked, [index, mark]) =>
      marked.replace(`id="w-${id}-${index}" class="`, (tag) => `${tag}${mark} `),
    poll,
  );
}
