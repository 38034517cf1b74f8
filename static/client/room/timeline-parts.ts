import { messageId } from '../lib/dom.ts';
import { pauseAnimations } from '../lib/still-images.ts';
import { decorateCode } from './code-blocks.ts';
import { HistoryNavigation } from './history-navigation.ts';
import { MessageBar } from './message-bar.ts';
import { MessageDecorator } from './message-decorator.ts';
import { MessageFocus } from './message-focus.ts';
import { MessageMenu } from './message-menu.ts';
import type { Mutes } from './mutes.ts';
import { Pins } from './pins.ts';
import { Polls } from './polls/polls.ts';
import { Timeline } from './timeline.ts';

interface Options {
  readonly mutes: Mutes;
  readonly send: (command: object) => void;
  readonly sendConfirmed: (command: object, done?: string) => void;
  /** Sets the user's votes in a poll, or adds them. */
  readonly vote: (id: number, options: readonly number[]) => void;
  readonly fetchOwnVotes: () => void;
  readonly reply: (article: HTMLElement) => void;
  readonly edit: (article: HTMLElement) => void;
}

/** The messages on the page, and what is done with each of them. */
export function createTimelineParts(options: Options) {
  const { mutes, send, sendConfirmed, vote, fetchOwnVotes, reply, edit } = options;
  const polls = new Polls({ vote, send, sendConfirmed, fetchOwnVotes });
  const pins = new Pins({ send, onChange: () => timeline.redecorate() });
  const messageMenu = new MessageMenu({
    ...{ send, sendConfirmed, reply, edit },
    pin: (article) => pins.toggle(article),
    show: (article) => timeline.highlight(messageId(article)),
  });
  const open = (article: HTMLElement) => messageMenu.open(article);
  const messageFocus = new MessageFocus(open);
  new MessageBar({ reply, open, react: (article, emoji) => messageMenu.react(article, emoji) });
  const decorator = new MessageDecorator(mutes, (article) => {
    polls.decorate(article);
    pins.decorate(article);
    messageMenu.decorate(article);
    decorateCode(article);
    messageFocus.decorate(article);
    pauseAnimations(article);
  });
  const timeline = new Timeline(decorator);
  const navigation = new HistoryNavigation(timeline);
  timeline.onReturn = () => void navigation.jumpToLatest();
  return { timeline, navigation, polls, pins, messageMenu };
}
