import { ifAllowed } from '../../lib/allowed.ts';
import type { OpenTransport, Transport, TransportHandlers } from './transport.ts';

/**
 * How many requests all tabs of this browser together may hold open. Over HTTP/1.1 a browser has
 * six connections per server: each held request uses one, and the rest has to suffice.
 */
const SLOTS = 3;
/** How long a slot is leased; a hidden tab's timers run once a minute. */
const LEASE_MS = 90_000;
const RENEW_MS = 20_000;

const ownId = Math.random().toString(36).slice(2);

/** Opens a transport that holds a request, if a slot is free; otherwise it is lost at once. */
export function acquireSlot(listener: TransportHandlers, open: Transport): OpenTransport {
  const slot = Array.from({ length: SLOTS }, (_, n) => `typhoon.slot.${n}`).find(isFree);
  if (slot === undefined) {
    queueMicrotask(() => listener.onLost());
    return { close() {} };
  }
  const renewLease = () => store(slot, `${ownId} ${Date.now() + LEASE_MS}`);
  const renewal = setInterval(renewLease, RENEW_MS);
  const release = () => {
    clearInterval(renewal);
    removeEventListener('pagehide', release);
    store(slot, undefined);
  };
  renewLease();
  addEventListener('pagehide', release);
  const transport = open({
    ...listener,
    onLost(why) {
      release();
      listener.onLost(why);
    },
  });
  return {
    close() {
      transport.close();
      release();
    },
  };
}

function isFree(slot: string): boolean {
  const [owner, until] = (read(slot) ?? '').split(' ');
  return owner === ownId || !(Number(until) > Date.now());
}

/** If the browser stores nothing, its tabs do not know of each other. */
function read(slot: string): string | null | undefined {
  return ifAllowed(() => localStorage.getItem(slot));
}

function store(slot: string, value: string | undefined): void {
  ifAllowed(() => {
    if (value === undefined) localStorage.removeItem(slot);
    else localStorage.setItem(slot, value);
  });
}
