import { render } from './fragment.ts';

/** A message as it is shown until it comes back: whose it is, and what it says, the page fills in. */
export const PENDING_MESSAGE_TEMPLATE = render(
  {
    id: 0,
    seq: 0,
    room: '',
    kind: 'said',
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
