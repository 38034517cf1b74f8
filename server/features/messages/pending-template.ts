import type { Language } from '../../shared/i18n.ts';
import { oncePer } from '../../shared/once-per.ts';
import { render } from './fragment.ts';

/** The template of a pending message; the page fills in its author and text. */
export const pendingTemplate = oncePer((language: Language) =>
  render(
    {
      id: 0,
      seq: 0,
      room: '',
      kind: 'message',
      uid: '0'.repeat(8),
      name: null,
      cid: null,
      body: '…',
      files: null,
      at: 0,
      edited: null,
      reply: null,
      quote: null,
      reactions: null,
    },
    language,
  ),
);
