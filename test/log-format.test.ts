import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { createLogger, type LogFormat } from '../server/log-format.ts';
import { OperatorLog } from '../server/operator-log.ts';

function linesOf(format: LogFormat, report: (log: OperatorLog) => void): readonly string[] {
  const lines: string[] = [];
  report(new OperatorLog(createLogger(format, { write: (line) => void lines.push(line) })));
  return lines;
}

suite('The log', () => {
  test('is one line of JSON per event.', () => {
    const [line = ''] = linesOf('json', (log) => log.report('disk-full', { reason: 'a\nb' }));
    const { code, reason, level } = JSON.parse(line);
    assert.deepEqual(
      [code, reason, level, line.trim().includes('\n')],
      ['disk-full', 'a\nb', 50, false],
    );
  });

  test('is one line of text per event with --log text, whatever is in it.', () => {
    const lines = linesOf('text', (log) => {
      log.report('disk-full', { reason: 'a\nb "c"' });
      log.report('started', { port: 80 });
    });
    assert.match(
      lines[0] ?? '',
      /^\d{4}-\d\d-\d\dT[\d:.]+Z ERROR disk-full: The disk is full: .+ reason="a\\nb \\"c\\""\n$/,
    );
    assert.match(lines[1] ?? '', /Z INFO started: The server is running\. port=80\n$/);
  });

  test('has an error with its stack in one line of text.', () => {
    const [line = ''] = linesOf('text', (log) =>
      log.report('room-failed', { error: new Error('x') }),
    );
    assert.equal(line.trimEnd().split('\n').length, 1);
  });
});
