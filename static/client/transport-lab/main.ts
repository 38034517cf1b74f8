import { byId } from '../lib/dom.ts';
import { language, say } from '../lib/messages.ts';
import { Charts } from './charts.ts';
import { Run } from './comparison-run.ts';

const button = byId<HTMLButtonElement>('start');
const progress = byId('progress');
let run: Run | undefined;
let charts: Charts | undefined;

button.disabled = false;
button.addEventListener('click', () => void (run ? run.end() : start()));

async function start(): Promise<void> {
  button.disabled = true;
  try {
    run = await Run.start({
      onStep: show,
      onEnd: end,
      onFail: () => tell(say('run-failed')),
    });
    charts?.destroy();
    charts = new Charts();
    button.textContent = say('stop');
    tell('');
  } catch {
    tell(say('run-failed'));
  }
  button.disabled = false;
}

function show(now: Run): void {
  tell(say('seconds-left', { count: now.secondsLeft }));
  charts?.show(now);
  for (const lane of now.lanes) {
    const server = now.costs.at(-1)?.[lane.name];
    const delays = lane.delays.filter(Number.isFinite).sort((a, b) => a - b);
    fill(lane.name, [
      delays.length,
      milliseconds(delays[Math.floor(delays.length / 2)]),
      milliseconds(delays.at(-1)),
      lane.requests,
      server?.requests,
      lane.received,
      server?.sent,
      lane.sent,
      server?.received,
    ]);
  }
}

function end(now: Run): void {
  run = undefined;
  show(now);
  button.textContent = say('start');
  tell(say('run-over'));
}

function milliseconds(delay: number | undefined): string | undefined {
  return delay === undefined ? undefined : say('milliseconds', { count: Math.round(delay) });
}

function fill(way: string, values: readonly (string | number | undefined)[]): void {
  for (const [index, cell] of byId(`costs-${way}`).querySelectorAll('td').entries()) {
    const value = values[index] ?? '–';
    cell.textContent = typeof value === 'number' ? value.toLocaleString(language) : value;
  }
}

/** What is on the way changes every second: only the end of it is read out. */
function tell(text: string): void {
  progress.ariaLive = run ? 'off' : 'polite';
  progress.textContent = text;
}
