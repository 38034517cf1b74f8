import type { IncomingMessage } from 'node:http';
import accepts from 'accepts';
import { Refusal } from '../errors.ts';

/**
 * A whole number from an address, or `undefined` where it is not there.
 * @throws Refusal where it is another thing
 */
export function readNumber(
  name: string,
  text: string | string[] | null | undefined,
  { min, max }: { readonly min: number; readonly max: number },
): number | undefined {
  if (text === undefined || text === null) return undefined;
  const number = Number(text);
  if (typeof text === 'string' && /^\d{1,16}$/.test(text) && number >= min && number <= max) {
    return number;
  }
  throw new Refusal('bad-number', { name, min, max });
}

/** Whether a program asks, that would have JSON rather than HTML. */
export function wantsJson(request: IncomingMessage): boolean {
  return accepts(request).type(['html', 'json']) === 'json';
}
