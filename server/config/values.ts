import type { ListenAddress } from '../config.ts';
import { StartupError } from '../core/errors.ts';
import { readHostName } from '../http/request/hosts.ts';

/** What an option accepts, in words. */
export class InvalidValue extends Error {}

/** @throws InvalidValue */
export function wholeNumber(max: number, min = 0): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (/^\d{1,6}$/.test(text) && number >= min && number <= max) return number;
    throw new InvalidValue(`a whole number from ${min} to ${max}`);
  };
}

/** @throws InvalidValue */
export function oneOf<T extends string>(values: readonly T[]): (text: string) => T {
  return (text) => {
    const found = values.find((value) => value === text);
    if (found !== undefined) return found;
    throw new InvalidValue(values.join(' or '));
  };
}

/** Reads each of what commas separate. */
export function list<T>(read: (text: string) => T): (text: string) => readonly T[] {
  return (text) =>
    text
      .split(',')
      .filter(Boolean)
      .map((part) => read(part));
}

export function textOrNone(text: string): string | undefined {
  return text || undefined;
}

/**
 * A secret, whose errors do not contain it.
 * @param error where it has fewer or more characters
 * @throws StartupError
 */
export function secretText(
  { min = 0, max = Number.POSITIVE_INFINITY }: { readonly min?: number; readonly max?: number },
  error: string,
): (text: string) => string | undefined {
  return (text) => {
    if (text !== '' && (text.length < min || text.length > max)) throw new StartupError(error);
    return text || undefined;
  };
}

/**
 * A web origin as a browser sends it (RFC 6454, section 6.2).
 * @throws InvalidValue
 */
export function origin(
  text: string,
  expected = 'origins such as https://chat.example, separated by commas',
): string {
  const url = URL.parse(text.trim());
  if (!url || !/^https?:$/.test(url.protocol) || url.href !== `${url.origin}/`) {
    throw new InvalidValue(expected);
  }
  return url.origin;
}

/** @throws InvalidValue */
export function hostName(text: string): string {
  const name = readHostName(text);
  if (name !== undefined) return name;
  throw new InvalidValue('host names such as chat.example without a port, separated by commas');
}

/** @throws InvalidValue */
export function natsUrl(text: string): string {
  const url = URL.parse(text.trim());
  if (url && /^(?:nats|tls):$/.test(url.protocol) && url.host) return url.href;
  throw new InvalidValue('URLs such as nats://10.0.0.1:4222, separated by commas');
}

/** @throws InvalidValue */
export function listenAddress(text: string): ListenAddress | undefined {
  if (text === '') return undefined;
  const url = URL.parse(`http://${text}/`);
  const port = /:(\d{1,5})$/.exec(text)?.[1];
  if (!url || port === undefined || url.pathname !== '/' || url.username !== '')
    throw new InvalidValue('an address and a port, such as 127.0.0.1:9464');
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(port) };
}
