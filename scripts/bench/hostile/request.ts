/** A request with a list of headers: names may repeat. */
export interface Request {
  readonly method: string;
  readonly target: string;
  readonly headers: readonly Header[];
  readonly body?: Buffer | undefined;
}

export type Header = readonly [name: string, value: string];

/** The bytes of a request with `Connection: close`, unless its headers override that. */
export function requestBytes({ method, target, headers, body }: Request): Buffer {
  const own: Header[] = [
    ['Connection', 'close'],
    ...(body ? [['Content-Length', `${body.length}`] as const] : []),
  ];
  const given = new Set(headers.map(([name]) => name.toLowerCase()));
  const all = [...headers, ...own.filter(([name]) => !given.has(name.toLowerCase()))];
  const lines = all.map(([name, value]) => `${name}: ${value}\r\n`);
  const head = Buffer.from(`${method} ${target} HTTP/1.1\r\n${lines.join('')}\r\n`, 'latin1');
  return Buffer.concat([head, body ?? Buffer.alloc(0)]);
}
