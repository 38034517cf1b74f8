import { byId } from '../lib/dom.ts';
import type { Timeline } from './timeline.ts';

/** Shows a button that leads to the latest message, while they are more than a screen away. */
export function initScrollToEnd(timeline: Timeline): void {
  const scroller = byId('timeline');
  const button = byId('to-end');
  const look = () => {
    const { scrollHeight, scrollTop, clientHeight } = scroller;
    button.hidden = scrollHeight - scrollTop - clientHeight <= clientHeight;
  };
  button.addEventListener('click', () => {
    timeline.jumpToLatest();
    byId('message').focus();
  });
  scroller.addEventListener('scroll', look, { passive: true });
  new ResizeObserver(look).observe(byId('messages'));
}
