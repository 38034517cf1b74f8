import { type DestinationStream, type Logger, pino } from 'pino';

export const LOG_FORMATS = ['json', 'text'] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

/** Fields that a line of text does not repeat. */
const OWN: ReadonlySet<string> = new Set(['level', 'time', 'msg', 'code', 'pid', 'hostname']);

/** The server's log, which is written to the standard error output: each line at once. */
export function createLogger(
  format: LogFormat,
  output: DestinationStream = pino.destination({ fd: 2, sync: true }),
): Logger {
  if (format === 'json') return pino({ level: 'info' }, output);
  return pino({ level: 'info' }, { write: (line) => output.write(asText(line)) });
}

/** `2026-01-31T12:00:00.000Z ERROR disk-full: The disk is full. reason="…"`, for a line of JSON. */
function asText(line: string): string {
  const fields: Readonly<Record<string, unknown>> = JSON.parse(line);
  const { level, time, msg, code } = fields;
  const name = pino.levels.labels[Number(level)]?.toUpperCase() ?? '';
  const details = Object.entries(fields)
    .filter(([key]) => !OWN.has(key))
    .map(([key, value]) => ` ${key}=${JSON.stringify(value)}`);
  const what = code === undefined ? '' : `${code}: `;
  return `${new Date(Number(time)).toISOString()} ${name} ${what}${msg}${details.join('')}\n`;
}
