import { connect } from 'node:net';

/** A raw HTTP response, with the part of its body that had arrived at the end. */
export interface RawResponse {
  readonly status: number;
  /** By their names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

/** No response takes this long: a test that waits longer fails. */
const TIMEOUT_MS = 60_000;

/** Sends bytes, and reads the response to its end, or only to the start of an event stream. */
export async function sendRequestBytes(port: number, bytes: Buffer): Promise<RawResponse> {
  const socket = connect(port, '127.0.0.1');
  socket.setTimeout(TIMEOUT_MS, () => socket.destroy(new Error('There was no response.')));
  socket.write(bytes);
  let text = '';
  try {
    for await (const chunk of socket) {
      text += (chunk as Buffer).toString('latin1');
      if (/^content-type: text\/event-stream/im.test(text) && text.includes('\r\n\r\n')) break;
    }
  } catch (error) {
    // When a request is refused before all of it was read, a reset may follow the response.
    if (text === '') throw error;
  }
  return parseResponse(text);
}

function parseResponse(text: string): RawResponse {
  const end = text.indexOf('\r\n\r\n');
  const [first = '', ...lines] = text.slice(0, end).split('\r\n');
  const [, status] = /^HTTP\/1\.1 (\d{3}) /.exec(first) ?? [];
  if (end < 0 || status === undefined)
    throw new Error(`Not an HTTP response: ${text.slice(0, 200)}`);
  const headers = lines.map((line): [string, string] => {
    const [name = '', ...value] = line.split(': ');
    return [name.toLowerCase(), value.join(': ')];
  });
  const rest = text.slice(end + 4);
  const all = new Map(headers);
  const body = all.get('transfer-encoding') === 'chunked' ? joinChunks(rest) : rest;
  return { status: Number(status), headers: all, body: Buffer.from(body, 'latin1').toString() };
}

/** Joins the received chunks of a chunked body (RFC 9112, section 7.1). */
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
