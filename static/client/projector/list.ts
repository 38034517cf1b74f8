import { byId } from '../lib/dom.ts';
import { t } from '../lib/messages.ts';
import { isOpen, questionOf, type Stage } from './stage.ts';

/**
 * All polls by their questions, the newest first, to choose from.
 * @param choose a poll was chosen
 */
export function listPolls(stage: Stage, choose: (poll: HTMLElement) => void): void {
  const list = byId('all-polls');
  list.replaceChildren(
    ...stage.polls.toReversed().map((poll) => {
      const button = document.createElement('button');
      button.className = 'quiet';
      button.ariaCurrent = `${poll === stage.shown}`;
      const question = document.createElement('bdi');
      question.textContent = questionOf(poll);
      const state = document.createElement('span');
      state.className = 'small';
      const voters = poll.querySelector('.voters')?.textContent;
      state.textContent = `${voters} · ${t(isOpen(poll) ? 'is-open' : 'is-closed')}`;
      button.append(question, state);
      button.addEventListener('click', () => choose(poll));
      const item = document.createElement('li');
      item.append(button);
      return item;
    }),
  );
  byId<HTMLDialogElement>('list-dialog').showModal();
}
