import { byId } from '../lib/dom.ts';
import { language, t } from '../lib/messages.ts';
import { Charts } from './charts.ts';
import { ComparisonRun } from './comparison-run.ts';

const button = byId<HTMLButtonElement>('start');
const progress = byId('progress');
let run: ComparisonRun | undefined;
let charts: Charts | undefined;

button.disabled = false;
button.addEventListener('click', () => void (run ? run.end() : start()));

async function start(): Promise<void> {
  button.disabled = true;
  try {
    run = await ComparisonRun.start({
      onStep: show,
      onEnd: end,
      onFail: () => showStatus(t('run-failed')),
    });
    charts?.destroy();
    charts = new Charts();
    button.textContent = t('stop');
    showStatus('');
  } catch {
    showStatus(t('run-failed'));
  }
  button.disabled = false;
}

function show(now: ComparisonRun): void {
  showStatus(t('seconds-left', { count: now.secondsLeft }));
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

function end(now: ComparisonRun): void {
  run = undefined;
  show(now);
  button.textContent = t('start');
  showStatus(t('run-finished'));
}

function milliseconds(delay: number | undefined): string | undefined {
  return delay === undefined ? undefined : t('milliseconds', { count: Math.round(delay) });
}

function fill(name: string, values: readonly (string | number | undefined)[]): void {
  for (const [index, cell] of byId(`costs-${name}`).querySelectorAll('td').entries()) {
    const value = values[index] ?? '–';
    cell.textContent = typeof value === 'number' ? value.toLocaleString(language) : value;
  }
}

/** The progress changes every second: only the end of it is read out. */
function showStatus(text: string): void {
  progress.ariaLive = run ? 'off' : 'polite';
  progress.textContent = text;
}
