/*
 * What a browser may lack, or be set to refuse: then the constructor throws, or the mere look at a
 * property. It is asked for here alone, and a page does without it.
 */

/** What comes of asking the browser for something; nothing where it lacks that or refuses it. */
export function ifAllowed<T>(ask: () => T): T | undefined {
  try {
    return ask();
  } catch {
    return undefined;
  }
}

/** Whether the browser keeps anything for this page: if not, a page that is loaded again begins anew. */
export function isStorageAllowed(): boolean {
  return navigator.cookieEnabled && Boolean(ifAllowed(() => localStorage && sessionStorage));
}

/**
 * Joins the tabs of this browser that have a channel of the same name.
 * @param onMessage what another tab says
 * @returns what says something to the others: nobody, where there is no channel
 */
export function joinChannel<T>(name: string, onMessage: (said: T) => void): (said: T) => void {
  const channel = ifAllowed(() => new BroadcastChannel(name));
  channel?.addEventListener('message', ({ data }: MessageEvent<T>) => onMessage(data));
  return (said) => channel?.postMessage(said);
}

/** Whether the page may notify; nothing where no page may. */
export function notificationPermission(): NotificationPermission | undefined {
  return ifAllowed(() => Notification.permission);
}

/** Asks whether the page may notify; nothing where no page may. */
export async function askToNotify(): Promise<NotificationPermission | undefined> {
  return ifAllowed(() => Notification.requestPermission());
}

/**
 * Runs something while this tab, and no other of this browser, holds a lock: until that is over.
 * @returns whether it ran; it does so without a lock where the browser has none to give
 */
export function withLock(
  name: string,
  signal: AbortSignal,
  run: () => Promise<void>,
): Promise<boolean> {
  return new Promise((resolve) => {
    const hold = () => {
      resolve(true);
      return run();
    };
    const asked = ifAllowed(() => navigator.locks.request(name, { signal }, hold));
    if (!asked) void hold();
    else asked.catch(() => (signal.aborted ? resolve(false) : hold()));
  });
}
