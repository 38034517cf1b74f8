const INTERVAL_MS = 2_000;

/**
 * Calls back every two seconds, even while the page is hidden. Browsers throttle the timers of
 * hidden pages to one a minute, but not those of a worker; without workers it is once a minute.
 */
export function onPulse(call: () => void): void {
  let worker: Worker | undefined;
  const update = () => {
    if (!document.hidden) worker?.terminate();
    worker = document.hidden ? (worker ?? startWorker(call)) : undefined;
  };
  setInterval(call, INTERVAL_MS);
  document.addEventListener('visibilitychange', update);
  update();
}

function startWorker(call: () => void): Worker | undefined {
  const { pulse } = document.querySelector<HTMLElement>('[data-pulse]')?.dataset ?? {};
  if (pulse === undefined) return undefined;
  try {
    const worker = new Worker(pulse);
    worker.addEventListener('message', call);
    return worker;
  } catch {
    return undefined;
  }
}
