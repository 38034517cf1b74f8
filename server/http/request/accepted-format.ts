import type { IncomingMessage } from 'node:http';
import accepts from 'accepts';

/**
 * The form of a response that a client prefers, of those there are anywhere: `html` for a page,
 * `json` for a program, and `text` where it does not say, as curl does not. Each kind of response
 * has one for all three: a page or fragments are HTML unless JSON is asked for, an error is a
 * sentence, and the answer to a form is a redirect for a page alone.
 */
export function acceptedFormat(request: IncomingMessage): 'text' | 'html' | 'json' {
  const format = accepts(request).type(['text', 'html', 'json']);
  return format === 'html' || format === 'json' ? format : 'text';
}

/** Whether the client is a program that prefers JSON to HTML. */
export function wantsJson(request: IncomingMessage): boolean {
  return acceptedFormat(request) === 'json';
}

/** The same for a response that is never a page: what accepts HTML and JSON gets JSON. */
export function wantsJsonRatherThanText(request: IncomingMessage): boolean {
  return accepts(request).type(['text', 'json']) === 'json';
}
