/*
 * Features that a browser may lack, or be set to refuse: then the constructor throws, or merely
 * reading a property does. Such features are only used here, and pages work without them.
 */

/** The result of using a browser feature; `undefined` if it is missing or refused. */
export function ifAllowed<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}

/** Whether the browser stores anything for this page: if not, a reload starts from scratch. */
export function isStorageAllowed(): boolean {
  return navigator.cookieEnabled && Boolean(ifAllowed(() => localStorage && sessionStorage));
}

/**
 * Joins the tabs of this browser on the channel of that name.
 * @param onMessage receives what other tabs post
 * @returns posts to the other tabs; does nothing if there is no channel
 */
export function joinChannel<T>(
  name: string,
  onMessage: (message: T) => void,
): (message: T) => void {
  const channel = ifAllowed(() => new BroadcastChannel(name));
  channel?.addEventListener('message', ({ data }: MessageEvent<T>) => onMessage(data));
  return (message) => channel?.postMessage(message);
}

/** Whether the page may notify: the user's answer (`default` before it), or why no page may. */
export type Permission = NotificationPermission | 'insecure' | 'unsupported';

export function notificationPermission(): Permission {
  if (!isSecureContext) return 'insecure';
  return ifAllowed(() => Notification.permission) ?? 'unsupported';
}

/** Requests permission to notify: browsers require a click for that. */
export async function requestNotificationPermission(): Promise<Permission> {
  await ifAllowed(() => Notification.requestPermission());
  // The answer may be `default` where the browser denied it without asking.
  return notificationPermission();
}

/**
 * Runs something while this tab, and no other of this browser, holds a lock: until it is done.
 * @returns whether it ran; it does so without a lock if the browser has none
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
    const request = ifAllowed(() => navigator.locks.request(name, { signal }, hold));
    if (!request) void hold();
    else request.catch(() => (signal.aborted ? resolve(false) : hold()));
  });
}
