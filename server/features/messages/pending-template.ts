import { render } from './fragment.ts';

/** The template of a pending message; the page fills in its author and text. */
export const PENDING_MESSAGE_TEMPLATE = render(
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
  'html',
);
