/**
 * Keeps the projector's screen on while the page is shown. A browser without wake locks, or one
 * that saves its battery, does without; hiding the page ends the lock, and it is requested again.
 */
export function keepScreenOn(): void {
  const request = () => {
    if (!document.hidden) navigator.wakeLock?.request('screen').catch(() => {});
  };
  document.addEventListener('visibilitychange', request);
  request();
}
