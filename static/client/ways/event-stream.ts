import { takeSlot } from './slot.ts';
import { addressOf, type Way } from './way.ts';

/** Server-sent events: one answer that does not end. */
export const eventStream: Way = (listener) =>
  takeSlot(listener, (held) => {
    const source = new EventSource(addressOf(held, 'events'));
    source.onmessage = ({ data }) => held.hear(String(data));
    // It would come back by itself; when, and by which way, is for the ladder to say.
    source.onerror = () => {
      source.close();
      held.lose();
    };
    return { close: () => source.close() };
  });
