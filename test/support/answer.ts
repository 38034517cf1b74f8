import { connect } from 'node:net';

/** An answer over HTTP as it came, with what of its body was there at the end. */
export interface RawAnswer {
  readonly status: number;
  /** By their names in small letters. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

/** No answer takes so long; one that does fails the test that waits for it. */
const PATIENCE_MS = 10_000;

/**
 * Sends bytes, and reads the answer until the connection ends or, where it is a stream of events,
 * has begun.
 */
export async function ask(port: number, bytes: Buffer): Promise<RawAnswer> {
  const socket = connect(port, '127.0.0.1');
  socket.setTimeout(PATIENCE_MS, () => socket.destroy(new Error('No answer came.')));
  socket.write(bytes);
  let text = '';
  try {
    for await (const chunk of socket) {
      text += (chunk as Buffer).toString('latin1');
      if (/^content-type: text\/event-stream/im.test(text) && text.includes('\r\n\r\n')) break;
    }
  } catch (error) {
    // What is refused before all of it was read may be reset after its answer.
    if (text === '') throw error;
  }
  return readAnswer(text);
}

function readAnswer(text: string): RawAnswer {
  const end = text.indexOf('\r\n\r\n');
  const [first = '', ...lines] = text.slice(0, end).split('\r\n');
  const [, status] = /^HTTP\/1\.1 (\d{3}) /.exec(first) ?? [];
  if (end < 0 || status === undefined) throw new Error(`This is no answer: ${text.slice(0, 200)}`);
  const headers = lines.map((line): [string, string] => {
    const [name = '', ...value] = line.split(': ');
    return [name.toLowerCase(), value.join(': ')];
  });
  const rest = text.slice(end + 4);
  const all = new Map(headers);
  const body = all.get('transfer-encoding') === 'chunked' ? joinChunks(rest) : rest;
  return { status: Number(status), headers: all, body: Buffer.from(body, 'latin1').toString() };
}

/** The chunks of a body that came in such (RFC 9112, section 7.1), as far as they came. */
function joinChunks(text: string): string {
  let body = '';
  for (let rest = text; rest !== ''; ) {
    const start = rest.indexOf('\r\n') + 2;
    const end = start + (Number.parseInt(rest, 16) || 0);
    body += rest.slice(start, end);
    rest = rest.slice(end + 2);
  }
  return body;
}
